/** Plays the schedules of concurrent calls, all of them or one of each class, on one ground or several at once. */
import { orLost } from '../../postgres/store-failure.ts';
import type { RaceCall } from './call.ts';
import { watchConnections } from './client-sockets.ts';
import { ConnectionOpened, DEFAULTS, Execution, type ExecutionOptions } from './execution.ts';
import { RaceFault } from './fault.ts';
import type { Ground } from './ground.ts';
import { choiceOf, switchesIn, type Answer, type Choice, type RaceEvent } from './schedule.ts';
import { eventsOf, Tree, type Branch, type Mode, type Node } from './tree.ts';
import { WokeAnother } from './waiting.ts';

export interface ExploreOptions extends Partial<ExecutionOptions> {
  readonly mode?: Mode;
  /** Complete schedules. */
  readonly mostSchedules?: number;
  /** Real milliseconds. */
  readonly mostTime?: number;
  /** Only schedules in which the actor changes at most this often. Goes with `raw`. */
  readonly mostSwitches?: number;
  /** Each call is let come to its end before another begins; only the clock may move in between. Goes with `raw`. */
  readonly inTurn?: boolean;
  /** Asked between schedules; what it throws ends the exploration. */
  readonly check?: () => void;
}

/** One complete schedule, played. */
export interface Played {
  readonly schedule: readonly Choice[];
  readonly events: readonly RaceEvent[];
  /** One for each call. */
  readonly answers: readonly Answer[];
}

type OnPlayed = (played: Played, ground: Ground) => 'stop' | void | Promise<'stop' | void>;

export interface Explored {
  /** Complete schedules that were played. */
  readonly schedules: number;
  /** Executions that were given up, because all that could follow had been played. */
  readonly pruned: number;
  /** Those in which the server chose which of several waiting calls went on first: the other choice may not have been played. */
  readonly chosen: number;
  /** The number of orders of these steps, if no call waited; null where a step can also crash or lose its answer. */
  readonly rawAtMost: number | null;
  /** Null when everything was played; otherwise the bound that was met, in words. */
  readonly bound: string | null;
  /** Whether `onPlayed` asked for an end. */
  readonly stopped: boolean;
  /** Real milliseconds. */
  readonly wallMs: number;
}

/**
 * `onPlayed` hears of every complete schedule, on the ground on which it was just played, and says whether to stop. Throws
 * a `RaceFault` where a call does what no schedule can be made of, and `EnvironmentError` when the server is lost.
 */
export async function explore(
  grounds: readonly Ground[],
  calls: readonly RaceCall[],
  options: ExploreOptions,
  onPlayed: OnPlayed,
): Promise<Explored> {
  const unwatch = watchConnections();
  try {
    return await new Exploration(calls, options, onPlayed).run(grounds);
  } finally {
    unwatch();
  }
}

class Exploration {
  readonly #calls: readonly RaceCall[];
  readonly #options: ExploreOptions;
  readonly #onPlayed: OnPlayed;
  readonly #tree: Tree;
  readonly #begun = performance.now();
  #schedules = 0;
  #pruned = 0;
  #chosen = 0;
  #running = 0;
  #most: number[] = [];
  #bound: string | null = null;
  #stopped = false;
  /** Whether the calls open a connection of their own in every execution. */
  #mayConnect = false;
  #failure: { readonly error: unknown } | null = null;
  #rooted = false;
  #idle: (() => void)[] = [];

  constructor(calls: readonly RaceCall[], options: ExploreOptions, onPlayed: OnPlayed) {
    this.#calls = calls;
    this.#options = options;
    this.#onPlayed = onPlayed;
    const { mostSwitches = Infinity, inTurn = false } = options;
    this.#tree = new Tree(options.mode ?? 'reduced', (node, choice) => {
      if (inTurn && !keepsTurn(node, choice, calls.length)) return false;
      return mostSwitches === Infinity || switchesTo(node, choice) <= mostSwitches;
    });
  }

  async run(grounds: readonly Ground[]): Promise<Explored> {
    await Promise.all(grounds.map((ground) => this.#work(ground)));
    if (this.#failure !== null) throw this.#failure.error;
    const { crashes, lostAnswers } = this.#options;
    return {
      schedules: this.#schedules,
      pruned: this.#pruned,
      chosen: this.#chosen,
      rawAtMost: crashes === true || lostAnswers === true ? null : interleavings(this.#most),
      bound: this.#bound,
      stopped: this.#stopped,
      wallMs: performance.now() - this.#begun,
    };
  }

  async #work(ground: Ground): Promise<void> {
    for (;;) {
      if (this.#isOver()) break;
      const branch = this.#rooted ? this.#tree.next() : null;
      if (this.#rooted && branch === null) {
        if (this.#running === 0) break;
        await new Promise<void>((resolve) => this.#idle.push(resolve));
        continue;
      }
      this.#rooted = true;
      this.#running += 1;
      try {
        this.#options.check?.();
        await orLost('race', () => this.#playAgain(ground, branch));
      } catch (error) {
        this.#failure ??= { error };
      } finally {
        this.#running -= 1;
        this.#wake();
      }
    }
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #isOver(): boolean {
    if (this.#failure !== null || this.#stopped || this.#bound !== null) return true;
    const { mostSchedules = Infinity, mostTime = Infinity } = this.#options;
    if (this.#rooted && this.#running === 0 && !this.#tree.hasNext()) return true;
    if (this.#schedules + this.#running >= mostSchedules) this.#bound = `${mostSchedules} schedules`;
    else if (performance.now() - this.#begun > mostTime) this.#bound = `${mostTime / 1000} s`;
    return this.#bound !== null;
  }

  /**
   * The server may wake another call first than it did before, and a call may open a connection that is still open when the
   * same order is played again. Then the order is played once more.
   */
  async #playAgain(ground: Ground, branch: Branch | null): Promise<void> {
    const way: Way = { branch };
    let connections = 0;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        await this.#play(ground, way);
        return;
      } catch (error) {
        if (error instanceof ConnectionOpened)
          this.#mayConnect ||= ++connections > this.#calls.length + MOST_CONNECTIONS;
        else if (!(error instanceof WokeAnother)) throw error;
      }
    }
    if (way.branch !== null) this.#leave(way.branch.node);
    this.#bound ??= `${MOST_ATTEMPTS} attempts to have the server let the same call go on first`;
  }

  /** One execution: the way to the branch, the branch, and on from there to the end. */
  async #play(ground: Ground, way: Way): Promise<void> {
    const options = { ...DEFAULTS, ...this.#options, mayConnect: this.#mayConnect };
    const execution = await Execution.begin(ground, this.#calls, options);
    let node: Node;
    try {
      node = way.branch?.node ?? this.#tree.root(execution.choices());
      if (way.branch !== null) await this.#replay(execution, node);
      let choice = way.branch === null ? this.#tree.goOn(node) : way.branch.choice;
      while (choice !== null) {
        way.branch = { node, choice };
        const event = await execution.take(choice);
        execution.checkConnections();
        node = this.#tree.arrive(node, choice, event, execution.choices());
        choice = this.#tree.goOn(node);
      }
      await this.#finish(execution, ground);
      await execution.end();
    } catch (error) {
      await execution.giveUp(error);
      throw error;
    }
    this.#leave(node);
  }

  #leave(node: Node): void {
    node.live += 1;
    this.#tree.leave(node);
  }

  async #finish(execution: Execution, ground: Ground): Promise<void> {
    if (execution.choices().length > 0) {
      this.#pruned += 1;
      return;
    }
    if (!execution.complete) throw execution.stuck();
    this.#schedules += 1;
    this.#count(execution.events);
    if (execution.events.some(({ chosen }) => chosen)) this.#chosen += 1;
    const schedule = execution.events.map(choiceOf);
    const played = { schedule, events: execution.events, answers: execution.answers() as readonly Answer[] };
    if ((await this.#onPlayed(played, ground)) === 'stop') this.#stopped = true;
  }

  async #replay(execution: Execution, node: Node): Promise<void> {
    for (const { event } of eventsOf(node)) {
      if (event === null) continue;
      const { actor, what } = event;
      const now = execution.nextOf(event);
      if (now !== what || !execution.can(event)) throw this.#differs(actor, what, now);
      const again = await execution.take(choiceOf(event));
      execution.checkConnections();
      if (again.chosen && wokenBy(again) !== wokenBy(event)) throw new WokeAnother();
      if ((again.outcome === null) !== (event.outcome === null)) {
        const how = again.outcome === null ? 'which now waits' : 'which no longer waits';
        throw this.#differs(actor, what, `${what} (${how})`);
      }
    }
  }

  #differs(actor: number, before: string, now: string | null): RaceFault {
    return new RaceFault('not-deterministic', {
      call: this.#calls[actor]?.name ?? 'the clock',
      statement: before,
      says: `behaves differently when the same order is played again: instead of this it ${now === null ? 'has nothing to do' : `comes with ${now}`}; before it was`,
      fix: 'let nothing but its arguments and the answers of its statements decide what a call does: no random numbers, no real time, no state left in memory from one run to the next',
    });
  }

  /** The most steps that each actor was ever seen to take. */
  #count(events: readonly RaceEvent[]): void {
    const counts = new Map<number, number>();
    for (const { actor } of events) counts.set(actor, (counts.get(actor) ?? 0) + 1);
    for (const [actor, n] of counts) this.#most[actor] = Math.max(this.#most[actor] ?? 0, n);
  }
}

/** Where an execution goes: the latest choice from a node of the tree; null before its first. */
interface Way {
  branch: Branch | null;
}

/** How often a way is tried on which the server chose otherwise. */
const MOST_ATTEMPTS = 20;
/** A service that opens more connections than it has calls, and so many, for one order is taken to open one for each request. */
const MOST_CONNECTIONS = 4;

function wokenBy({ released }: RaceEvent): string {
  return JSON.stringify(released.map(({ actor, outcome }) => [actor, outcome.type]));
}

function switchesTo(node: Node, choice: Choice): number {
  return switchesIn([...eventsOf(node).map(({ event }) => event as RaceEvent), choice]);
}

/** Whether no call is left in the middle for another one. */
function keepsTurn(node: Node, { actor }: Choice, clock: number): boolean {
  if (actor === clock) return true;
  const last = eventsOf(node).findLast(({ event }) => event?.actor !== clock)?.event?.actor;
  return last === undefined || last === actor || !node.choices.some((choice) => choice.actor === last);
}

/** In how many ways sequences of these lengths can be shuffled into one. */
export function interleavings(lengths: readonly number[]): number {
  let ways = 1;
  let total = 0;
  for (const length of lengths) {
    for (let i = 1; i <= (length ?? 0); i++) ways = (ways * ++total) / i;
  }
  return Math.round(ways);
}
