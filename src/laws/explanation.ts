/** The order in which the store may have run overlapping calls: the one that breaks the fewest laws, so that no law cries wolf. */
import { entered, crashed, type Ledger } from './ledger.ts';
import type { Course, Item, Unanswered } from './course.ts';
import type { Fingerprint } from '../core/seat.ts';
import { presumed } from './presumption.ts';
import type { CallMoment, Context, Rule, RowMoment, Sighting } from './rule.ts';
import type { Operation } from './evidence.ts';

export type Moment = CallMoment | RowMoment;

/** One moment with what the rules saw in it, in the order of the rules. */
export interface Judged {
  readonly moment: Moment;
  readonly sightings: readonly (Sighting | null)[];
  /** Another order might explain it, and the search for one met its bound. */
  readonly doubtful: boolean;
}

/** What orders are looked for; beyond it a breach is in doubt rather than reported. */
export interface SearchBound {
  /** Steps tried for one group of overlapping calls. */
  readonly steps: number;
  /** Different ledgers carried from one group to the next. */
  readonly ledgers: number;
}

export const SEARCH_BOUND: SearchBound = { steps: 4_000, ledgers: 24 };

interface World {
  readonly ledger: Ledger;
  readonly breaches: number;
  readonly trail: Trail | null;
  /** Unanswered calls that are taken to have had effect. */
  readonly presumed: readonly number[];
}

interface Trail {
  readonly before: Trail | null;
  readonly judged: Judged;
}

export interface Explainer {
  readonly context: Context;
  readonly rules: readonly Rule[];
  readonly caller: (operation: Operation) => Fingerprint | null;
  readonly bound: SearchBound;
}

/** The moments of a seat, judged, in an order that overlapping calls may have had. */
export function explain(course: Course, start: Ledger, explainer: Explainer): readonly Judged[] {
  const origin: World = { ledger: start, breaches: 0, trail: null, presumed: [] };
  const seen = course.items.reduce((world, item) => step(world, item, course, explainer), origin);
  // Almost always the order in which the answers were seen breaks nothing, and then no other can do better.
  return listed(seen.breaches === 0 ? seen : search(course, origin, explainer));
}

/** Goes group by group through calls that overlap, and keeps every ledger that the best orders lead to. */
function search(course: Course, origin: World, explainer: Explainer): World {
  let worlds: readonly World[] = [origin];
  let doubtful = false;
  for (const group of groupsOf(course.items)) {
    const tried = new Trial(course, explainer, doubtful);
    for (const world of worlds) tried.explore(world, group);
    worlds = tried.best.slice(0, explainer.bound.ledgers);
    doubtful ||= tried.best.length > worlds.length;
  }
  return worlds[0] ?? origin;
}

class Trial {
  best: World[] = [];
  readonly #course: Course;
  readonly #explainer: Explainer;
  readonly #doubtful: boolean;
  readonly #seen = new Set<string>();
  readonly #endings = new Set<string>();
  #steps = 0;
  #fewest = Infinity;

  constructor(course: Course, explainer: Explainer, doubtful: boolean) {
    this.#course = course;
    this.#explainer = explainer;
    this.#doubtful = doubtful;
  }

  /** Every order of the items that their spans allow, depth first, the order of the answers before all others. */
  explore(world: World, items: readonly Item[]): void {
    if (world.breaches > this.#fewest) return;
    if (items.length === 0) {
      this.#arrive(world);
      return;
    }
    const here = `${stateOf(world)} ${items.map(({ to }) => to).join()}`;
    if (this.#seen.has(here)) return;
    this.#seen.add(here);
    for (const item of items) {
      // Once out of steps, finish the first order only, so that there is always one.
      if (this.#steps > this.#explainer.bound.steps && this.best.length > 0) return;
      if (items.some((other) => other.to < item.from)) continue;
      const rest = items.filter((other) => other !== item);
      for (const next of this.#next(world, item)) this.explore(next, rest);
    }
  }

  /** The item as it is; and where that breaks a law, also after an unanswered call that would account for it. */
  *#next(world: World, item: Item): Iterable<World> {
    const plain = this.#step(world, item);
    yield plain;
    if (plain.breaches === world.breaches) return;
    for (const supposed of suppositions(world, item, this.#course, this.#explainer)) {
      const once = this.#step(supposed, item);
      yield once;
      if (once.breaches === supposed.breaches) continue;
      for (const twice of suppositions(supposed, item, this.#course, this.#explainer)) yield this.#step(twice, item);
    }
  }

  #step(world: World, item: Item): World {
    this.#steps += 1;
    const doubtful = this.#doubtful || this.#steps > this.#explainer.bound.steps;
    return step(world, item, this.#course, this.#explainer, doubtful);
  }

  #arrive(world: World): void {
    if (world.breaches < this.#fewest) {
      this.#fewest = world.breaches;
      this.best = [];
      this.#endings.clear();
    }
    const ending = stateOf(world);
    if (this.#endings.has(ending)) return;
    this.#endings.add(ending);
    this.best.push(world);
  }
}

function step(world: World, item: Item, course: Course, explainer: Explainer, doubtful = false): World {
  const { ledger } = world;
  if (item.type === 'crash') return { ...world, ledger: crashed(ledger, item.actor, item.at) };
  const { context, rules, caller } = explainer;
  const { scope } = course;
  if (item.type === 'row') {
    const { at, row, since, to } = item;
    const moment: RowMoment = { ...context, scope, at, row, since, position: to, before: ledger };
    return judged(
      world,
      ledger,
      moment,
      rules.map((rule) => rule.onRow?.(moment) ?? null),
      doubtful,
    );
  }
  const { operation } = item;
  const after = entered(ledger, operation, context.bounds, caller(operation) ?? '');
  const moment: CallMoment = { ...context, scope, operation, before: ledger, after };
  return judged(
    world,
    after,
    moment,
    rules.map((rule) => rule.onCall?.(moment) ?? null),
    doubtful,
  );
}

function judged(
  world: World,
  ledger: Ledger,
  moment: Moment,
  sightings: readonly (Sighting | null)[],
  doubtful: boolean,
): World {
  const breaches = sightings.reduce((sum, sighting) => (sighting?.breach ? sum + 1 : sum), world.breaches);
  return { ...world, ledger, breaches, trail: { before: world.trail, judged: { moment, sightings, doubtful } } };
}

/** How many of the latest unanswered calls are tried as the cause of one surprise. */
const SUPPOSITIONS = 4;

function* suppositions(world: World, item: Item, course: Course, explainer: Explainer): Iterable<World> {
  let tried = 0;
  for (let i = course.unanswered.length - 1; i >= 0 && tried < SUPPOSITIONS; i -= 1) {
    const unanswered = course.unanswered[i] as Unanswered;
    const { call, from } = unanswered.operation;
    if (from > item.to || world.presumed.includes(call)) continue;
    const ledgers = presumed(world.ledger, unanswered, item, explainer.context.bounds);
    if (ledgers.length > 0) tried += 1;
    for (const ledger of ledgers) yield { ...world, ledger, presumed: [...world.presumed, call] };
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

function listed(world: World): readonly Judged[] {
  const all: Judged[] = [];
  for (let trail = world.trail; trail !== null; trail = trail.before) all.push(trail.judged);
  return all.toReversed();
}

function stateOf({ ledger, breaches, presumed: taken }: World): string {
  const { tenure, waits, strayEnd, sweptAt } = ledger;
  return JSON.stringify([breaches, taken, strayEnd, sweptAt, waits, tenure]);
}
