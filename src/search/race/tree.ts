/**
 * The tree of schedules: which choices were tried from where, which need not be, and which have to be.
 *
 * Sleep sets: a choice that was explored from a place is left out below its sisters until something that depends on it
 * happens; so no two complete schedules that differ only in the order of independent steps are both played. Source-DPOR
 * (Abdulla, Aronis, Jonsson, Sagonas 2014): from a place only one actor is followed, until a race is seen: two dependent
 * steps of different actors with nothing in between that orders them. Then one that could begin the reversed order is added
 * at the place before the first of the two.
 *
 * A call that crashes, or loses its connection, is another course of the same actor: wherever an actor is followed, all
 * that it may do is tried. So it is when it dies while it waits, and when another one of those goes on first whom it lets go.
 */
import { dependent, type Footprint } from './footprint.ts';
import { choiceText, type Choice, type RaceEvent } from './schedule.ts';

export interface Node {
  readonly parent: Node | null;
  /** What led here from the parent. */
  readonly event: RaceEvent | null;
  readonly depth: number;
  /** What can be chosen from here; some of it is known only when something else was. */
  readonly choices: Choice[];
  /** Choices that need not be tried from here, with what they touch. */
  readonly sleep: ReadonlyMap<string, Slept>;
  /** Actors to be followed from here. */
  readonly follow: Set<number>;
  /** Choices that were begun, with what they touched once that is known. */
  readonly begun: Map<string, { readonly choice: Choice; footprint: Footprint | null }>;
  /** Executions and nodes below that may still add something here. */
  live: number;
  /** Events that happen before the one that led here, as places in the path. */
  readonly before: ReadonlySet<number>;
}

interface Slept {
  readonly choice: Choice;
  readonly footprint: Footprint;
}

export interface Branch {
  readonly node: Node;
  readonly choice: Choice;
}

/** How the tree is searched. */
export type Mode =
  /** Every order. */
  | 'raw'
  /** One order of each class of equivalent ones. */
  | 'reduced';

export class Tree {
  readonly #mode: Mode;
  /** Nodes that may still have something to try, by depth. */
  readonly #nodes: Set<Node>[] = [];
  #limit: (node: Node, choice: Choice) => boolean;

  /** `limit` says which choices may be taken at all. */
  constructor(mode: Mode, limit: (node: Node, choice: Choice) => boolean = () => true) {
    this.#mode = mode;
    this.#limit = limit;
  }

  /** The root, from which the first execution begins. */
  root(choices: readonly Choice[]): Node {
    return this.#add({
      parent: null,
      event: null,
      depth: 0,
      choices: [...choices],
      sleep: new Map(),
      before: new Set(),
    });
  }

  /** Something that is to be tried, the deepest first; null where there is nothing at the moment. */
  next(): Branch | null {
    for (let depth = this.#nodes.length - 1; depth >= 0; depth--) {
      for (const node of this.#nodes[depth] ?? []) {
        const choice = this.#untried(node);
        if (choice === null) continue;
        this.begin(node, choice);
        return { node, choice };
      }
    }
    return null;
  }

  hasNext(): boolean {
    return this.#nodes.some((nodes) => [...nodes].some((node) => this.#untried(node) !== null));
  }

  /** How an execution goes on from a new node: as its last actor, if it can. Null where everything sleeps. */
  goOn(node: Node): Choice | null {
    const able = node.choices.filter((choice) => !node.sleep.has(choiceText(choice)) && this.#limit(node, choice));
    const last = node.event?.actor;
    const choice = able.find(({ actor, act }) => actor === last && act === 'runs') ?? able[0];
    if (choice === undefined) return null;
    node.follow.add(choice.actor);
    this.begin(node, choice);
    return choice;
  }

  begin(node: Node, choice: Choice): void {
    node.begun.set(choiceText(choice), { choice, footprint: null });
    node.live += 1;
  }

  /** The node that an event leads to. */
  arrive(from: Node, choice: Choice, event: RaceEvent, choices: readonly Choice[]): Node {
    const begun = from.begun.get(choiceText(choice));
    const sleep = new Map<string, Slept>();
    if (this.#mode === 'reduced') {
      const wake = (key: string, slept: Slept): void => {
        if (slept.choice.actor !== choice.actor && !dependent(slept.footprint, event.footprint)) sleep.set(key, slept);
      };
      for (const [key, slept] of from.sleep) wake(key, slept);
      for (const [key, { choice: other, footprint }] of from.begun) {
        if (other !== choice && footprint !== null && isExhausted(from, other.actor)) {
          wake(key, { choice: other, footprint });
        }
      }
    }
    if (begun !== undefined) begun.footprint = event.footprint;
    // First, so that they are begun before anything may be left out because of them.
    from.choices.unshift(...event.others);
    const path = eventsOf(from);
    const before = this.#mode === 'reduced' ? this.#reverseRaces(path, event) : new Set<number>();
    return this.#add({ parent: from, event, depth: from.depth + 1, choices: [...choices], sleep, before });
  }

  /** An execution that came by here has come to its end. */
  leave(node: Node): void {
    let at: Node | null = node;
    at.live -= 1;
    while (at !== null && at.live === 0 && this.#untried(at) === null) {
      this.#nodes[at.depth]?.delete(at);
      at = at.parent;
      if (at !== null) at.live -= 1;
    }
  }

  #add(made: Pick<Node, 'parent' | 'event' | 'depth' | 'choices' | 'sleep' | 'before'>): Node {
    const follow = new Set(this.#mode === 'raw' ? made.choices.map(({ actor }) => actor) : []);
    const node: Node = { ...made, follow, begun: new Map(), live: 0 };
    (this.#nodes[node.depth] ??= new Set()).add(node);
    return node;
  }

  #untried(node: Node): Choice | null {
    for (const choice of node.choices) {
      const key = choiceText(choice);
      if (!node.follow.has(choice.actor) || node.begun.has(key) || node.sleep.has(key)) continue;
      if (this.#limit(node, choice)) return choice;
    }
    return null;
  }

  /** Looks for races that the new event takes part in, and returns what happens before it. */
  #reverseRaces(path: readonly Node[], event: RaceEvent): ReadonlySet<number> {
    const before = new Set<number>();
    const races: number[] = [];
    for (let i = path.length - 1; i >= 0; i--) {
      if (before.has(i)) continue;
      const earlier = path[i] as Node;
      const its = earlier.event as RaceEvent;
      const same = its.actor === event.actor;
      // It went on only because of that one, so they cannot change places.
      const letGo = its.released.some(({ actor }) => actor === event.actor);
      if (!same && !letGo && !dependent(its.footprint, event.footprint)) continue;
      if (!same && !letGo) races.push(i);
      before.add(i);
      for (const each of earlier.before) before.add(each);
    }
    for (const i of races) this.#reverse(i, path, event, before);
    return before;
  }

  #reverse(i: number, path: readonly Node[], event: RaceEvent, before: ReadonlySet<number>): void {
    // What does not happen after the first of the two, and then the second.
    const later = path.slice(i + 1).flatMap((node, offset) => {
      return node.before.has(i) ? [] : [{ at: i + 1 + offset, actor: node.event?.actor ?? -1, before: node.before }];
    });
    const sequence = [...later, { at: path.length, actor: event.actor, before }];
    const initials = new Set<number>();
    const seen = new Set<number>();
    for (const each of sequence) {
      const first = !seen.has(each.actor);
      seen.add(each.actor);
      if (first && !sequence.some((other) => other.at < each.at && each.before.has(other.at))) initials.add(each.actor);
    }
    const place = (path[i] as Node).parent as Node;
    if ([...initials].some((actor) => place.follow.has(actor))) return;
    const able = new Set(place.choices.map(({ actor }) => actor));
    const wanted =
      initials.has(event.actor) && able.has(event.actor) ? event.actor : [...initials].find((actor) => able.has(actor));
    if (wanted !== undefined) place.follow.add(wanted);
    else for (const actor of able) place.follow.add(actor);
  }
}

/**
 * Whether nothing of what an actor may do from here has only become known and is not begun. Below a sister, nobody would
 * come to know of it while the actor sleeps.
 */
function isExhausted({ choices, begun, sleep }: Node, actor: number): boolean {
  return choices.every((choice) => {
    if (choice.actor !== actor || (choice.act !== 'dies-waiting' && choice.wakes === undefined)) return true;
    const key = choiceText(choice);
    return begun.has(key) || sleep.has(key);
  });
}

/** The nodes from below the root to this one, in order. */
export function eventsOf(node: Node): readonly Node[] {
  const path: Node[] = [];
  for (let at: Node | null = node; at !== null && at.event !== null; at = at.parent) path.push(at);
  return path.toReversed();
}
