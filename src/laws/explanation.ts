/** The orders in which the store may have run overlapping calls: a law is broken only where no order of them keeps it. */
import type { Command } from '../core/command.ts';
import type { SeatRow } from '../history/history.ts';
import type { Course, Item } from './course.ts';
import type { Unanswered } from './walk.ts';
import type { Ledger } from './ledger.ts';
import { agrees, presumed } from './presumption.ts';
import {
  isWithin,
  listed,
  originOf,
  sizeOf,
  stateOf,
  step,
  surprisesIn,
  type Judged,
  type Judging,
  type PlainMoment,
  type RuleSet,
  type World,
} from './world.ts';

/** What happened to one seat, in the order that explains it best. */
export interface Explanation {
  readonly moments: readonly (Judged | PlainMoment)[];
  /** The rules that are broken for certain, a bit each. */
  readonly broken: RuleSet;
  /** The rules that look broken, where the search met its bound before it had tried every order. */
  readonly doubtful: RuleSet;
}

/** How far orders are looked for; beyond it a breach is in doubt rather than reported. */
export interface SearchBound {
  /** Steps tried for one group of overlapping calls. */
  readonly steps: number;
  /** Different courses of events carried from one group to the next. */
  readonly worlds: number;
}

export const SEARCH_BOUND: SearchBound = { steps: 4_000, worlds: 24 };

export interface Explainer extends Judging {
  readonly bound: SearchBound;
}

/** The order that breaks least; the order that was played where no other does better. */
export function explain(course: Course, start: Ledger, explainer: Explainer): Explanation {
  return new Search(course, explainer).run(originOf(start));
}

/** Goes group by group through items that overlap, and keeps every world that their orders lead to. */
class Search {
  readonly #course: Course;
  readonly #explainer: Explainer;
  #worlds: readonly World[] = [];
  /** What every world that was given up had broken; all rules as long as there is none. */
  #givenUp: RuleSet = ~0;
  #steps = 0;
  #seen = new Map<string, RuleSet[]>();
  #endings = new Map<string, World[]>();

  constructor(course: Course, explainer: Explainer) {
    this.#course = course;
    this.#explainer = explainer;
  }

  run(origin: World): Explanation {
    this.#worlds = [origin];
    for (const overlapping of groupsOf(this.#course.items)) {
      if (this.#goesOnAlone(overlapping)) continue;
      const group = asPlayed(overlapping);
      this.#steps = 0;
      this.#seen = new Map();
      this.#endings = new Map();
      for (const world of this.#worlds) this.#explore(world, group);
      this.#keepBest([...this.#endings.values()].flat(), overlapping.at(-1)?.to ?? 0);
    }
    return this.#conclude(origin);
  }

  /** Where nothing overlaps and nothing is surprising, the one world there is goes on; whether it did. */
  #goesOnAlone(group: readonly Item[]): boolean {
    const [world, ...others] = this.#worlds;
    const [item, ...further] = group;
    if (world === undefined || item === undefined || others.length > 0 || further.length > 0) return false;
    if (item.type === 'row' && !agrees(world.ledger, item.row)) return false;
    const next = this.#step(world, item);
    if (next.breaches !== world.breaches) return false;
    this.#worlds = merged([next], item.to);
    return true;
  }

  /** Every order of the items that their spans allow, depth first, the order of the answers before all others. */
  #explore(world: World, items: readonly Item[]): void {
    if (items.length === 0) {
      enter(this.#endings, stateOf(world), world);
      return;
    }
    if (items.length > 1 && this.#wasHere(world, items)) return;
    for (const item of items) {
      // Out of steps, only the first order is finished, so that there is always one.
      if (this.#steps > this.#explainer.bound.steps && this.#endings.size > 0) {
        this.#givenUp &= world.broken;
        return;
      }
      if (items.some((other) => other.to < item.from)) continue;
      const rest = items.filter((other) => other !== item);
      // The first in the list is the one that was answered first.
      const from = item === items[0] ? world : { ...world, detours: world.detours + 1 };
      for (const next of this.#next(from, item)) this.#explore(next, rest);
    }
  }

  /** Whether the same items were left in the same state before, with no more broken than now. */
  #wasHere(world: World, items: readonly Item[]): boolean {
    const key = `${stateOf(world)} ${world.contradictions} ${items.map(({ to }) => to).join()}`;
    const before = this.#seen.get(key);
    if (before?.some((broken) => isWithin(broken, world.broken)) === true) return true;
    if (before === undefined) this.#seen.set(key, [world.broken]);
    else before.push(world.broken);
    return false;
  }

  /** The item as it is; and where that breaks laws, also after unanswered calls that account for some of them. */
  #next(world: World, item: Item): readonly World[] {
    const plain = this.#step(world, item);
    if (item.type === 'row' && !agrees(world.ledger, item.row)) {
      // The store shows what an unanswered call has done, even where the plain course of events breaks no law yet.
      const shown = this.#shownBy(item, item.row, [world]);
      if (shown.length > 0) return shown.map((supposed) => this.#step(supposed, item));
    }
    if (plain.breaches === world.breaches) return [plain];
    const surprises = surprisesIn(plain);
    const explained: World[] = [];
    for (const once of this.#supposed(world, item)) {
      const after = this.#step(once, item);
      const left = after.breaches === world.breaches ? 0 : surprisesIn(after);
      if (left !== surprises && isWithin(left, surprises)) explained.push(after);
      if (left === 0) continue;
      for (const twice of this.#supposed(once, item)) {
        const then = this.#step(twice, item);
        if (then.breaches === world.breaches) explained.push(then);
      }
    }
    return [plain, ...explained];
  }

  /** The worlds that agree with the row after as few unanswered calls as possible. */
  #shownBy(item: Item, row: SeatRow | null, worlds: readonly World[], depth = 0): readonly World[] {
    if (worlds.length === 0 || depth >= CHAIN) return [];
    const further = worlds.flatMap((world) => this.#supposed(world, item));
    const shown = further.filter(({ ledger }) => agrees(ledger, row));
    return shown.length > 0 ? shown : this.#shownBy(item, row, further, depth + 1);
  }

  #supposed(world: World, item: Item): readonly World[] {
    return [...suppositions(world, item, this.#course, this.#explainer)];
  }

  #step(world: World, item: Item): World {
    this.#steps += 1;
    return step(world, item, this.#course, this.#explainer);
  }

  #keepBest(worlds: readonly World[], reached: number): void {
    // An answer may be wrong because the policy is; what the store holds is not, so a world that it contradicts is none.
    const fewest = Math.min(...worlds.map(({ contradictions }) => contradictions));
    const possible = worlds.filter(({ contradictions }) => contradictions === fewest);
    // Sorting is stable, so of equals the order of the answers stays first.
    const best = possible.sort((a, b) => sizeOf(a.broken) - sizeOf(b.broken) || a.breaches - b.breaches);
    this.#worlds = merged(best.slice(0, this.#explainer.bound.worlds), reached);
    for (const { broken } of best.slice(this.#explainer.bound.worlds)) this.#givenUp &= broken;
  }

  #conclude(origin: World): Explanation {
    const [first = origin, ...others] = this.#worlds;
    const common = others.reduce((broken, world) => broken & world.broken, first.broken);
    // A law is broken only if all worlds break it. The breaches are reported from the world nearest to the recorded order.
    const plainer = (a: World, b: World): World => (b.detours < a.detours ? b : a);
    const best = first.broken === 0 ? first : others.reduce(plainer, first);
    const told = common === 0 ? best.broken : common;
    return { moments: listed(best), broken: told & this.#givenUp, doubtful: told & ~this.#givenUp };
  }
}

/**
 * The same items in the order in which their effects were observed; in the order of the answers where some were not. The
 * search tries this order first, so that an explanation tells what was played.
 */
function asPlayed(group: readonly Item[]): readonly Item[] {
  const effects = new Map<Item, number>();
  for (const item of group) {
    const statements = item.type === 'call' ? item.operation.answer.statements : undefined;
    if (statements === undefined) return group;
    effects.set(item, statements.lastWrite ?? statements.last);
  }
  return group.toSorted((a, b) => (effects.get(a) ?? 0) - (effects.get(b) ?? 0));
}

/** Worlds that differ only in detours that are settled by now are one. */
function merged(worlds: readonly World[], reached: number): readonly World[] {
  if (worlds.every(({ presumed: taken }) => taken.every(({ until }) => until > reached))) return worlds;
  const endings = new Map<string, World[]>();
  for (const world of worlds) {
    const settled = { ...world, presumed: world.presumed.filter(({ until }) => until > reached) };
    enter(endings, stateOf(settled), settled);
  }
  return [...endings.values()].flat();
}

function enter(endings: Map<string, World[]>, state: string, world: World): void {
  const before = endings.get(state) ?? [];
  if (before.some((known) => outranks(known, world))) return;
  endings.set(state, [...before.filter((known) => !outranks(world, known)), world]);
}

/** Of two worlds in one state, whether the second adds nothing. Of those that break laws, the one nearer to what was played is told. */
function outranks(a: World, b: World): boolean {
  const nearer = a.broken === 0 || a.detours <= b.detours;
  return nearer && isWithin(a.broken, b.broken) && a.contradictions <= b.contradictions;
}

/** How many different unanswered commands are tried as the cause of one surprise, the latest first. */
const SUPPOSITIONS = 6;

/** How far back they are looked for. */
const UNANSWERED_LOOKED_AT = 200;

/** How many unanswered calls may together account for one row. */
const CHAIN = 3;

function* suppositions(world: World, item: Item, course: Course, explainer: Explainer): Iterable<World> {
  let tried = 0;
  for (const unanswered of candidates(world, item, course)) {
    if (tried === SUPPOSITIONS) return;
    const ledgers = presumed(world.ledger, unanswered, item, explainer.context.bounds);
    if (ledgers.length > 0) tried += 1;
    for (const ledger of ledgers) {
      yield { ...world, ledger, presumed: [...world.presumed, unanswered], detours: world.detours + 1 };
    }
  }
}

/**
 * The unanswered calls that may have had effect by then. Of a command that was sent again and again the first will do: it
 * may have had its effect at any time since.
 */
function candidates(world: World, item: Item, { unanswered }: Course): Iterable<Unanswered> {
  const first = new Map<string, Unanswered>();
  const stop = Math.max(0, unanswered.length - UNANSWERED_LOOKED_AT);
  for (let i = unanswered.length - 1; i >= stop; i -= 1) {
    const each = unanswered[i] as Unanswered;
    // What was sent before the store was last seen at rest is settled, and so is everything before it.
    if (each.until < item.to) break;
    if (each.operation.from > item.to || world.presumed.includes(each)) continue;
    first.set(namesOf(each.operation.command), each);
  }
  return first.values();
}

function namesOf(command: Command): string {
  switch (command.type) {
    case 'start':
      return `start ${command.takeOver} ${command.device} ${command.session}`;
    case 'heartbeat':
    case 'end':
      return `${command.type} ${command.term} ${command.session}`;
    case 'status':
    case 'sweep':
      return command.type;
  }
}

/** Groups of items in which each overlaps another; everything in one group comes before everything in the next. */
function groupsOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const groups: Item[][] = [];
  // Read backwards, because items stand in the order of their ends.
  let reach = Infinity;
  for (let i = items.length - 1; i >= 0; i -= 1) {
    const item = items[i] as Item;
    const open = groups.at(-1);
    if (open === undefined || item.to < reach) {
      groups.push([item]);
      reach = item.from;
    } else {
      open.push(item);
      reach = Math.min(reach, item.from);
    }
  }
  return groups.toReversed().map((group) => group.toReversed());
}
