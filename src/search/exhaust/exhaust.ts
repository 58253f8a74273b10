/** Checks a model: searches every state that it can reach, within bounds, and says what its laws came to. */
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { milliseconds, type Duration } from '../../core/time.ts';
import { dropBefore } from './arena.ts';
import { boundInWords, DEFAULT_BOUNDS, stopwatch, type Bounds } from './bounds.ts';
import { Expander, roomFor, type Proposals } from './expander.ts';
import { collisionBound } from './hash.ts';
import { isMeasured, Machine } from './machine.ts';
import type { Model } from './model.ts';
import type { LawOutcome, Outcome, Progress } from './outcome.ts';
import { refuseInThread, type ModelSource } from './source.ts';
import { Search } from './search.ts';
import { openTeam } from './team.ts';
import { traceTo } from './trace.ts';

export interface ExhaustOptions extends Partial<Bounds> {
  /** Called when a level of depth is complete, and about once a second in a level that takes long. May throw to end the search. */
  readonly onProgress?: (progress: Progress) => void;
  /** How other threads come by the same model. Without it there is one thread. */
  readonly source?: ModelSource;
  /** How many threads expand states when there are many; by default, as many as there are cores. */
  readonly threads?: number;
  /** From how many states on it is worth starting them. */
  readonly threadsFrom?: number;
}

const THREADS_FROM = 100_000;
/** States expanded at a time; what they lead to is still in the processor's cache when it is taken. */
const BATCH = 16;
/** States after which a thread hands over what it has found. */
const BLOCK = 512;
/** Blocks that each thread has ahead of it, so that it need not wait for more. */
const AHEAD = 4;
const LOOK_UP_EVERY = milliseconds(50);
const REPORT_EVERY = milliseconds(1000);

/**
 * Breadth-first, so that what breaks a law is reached by the fewest actions there are. The outcome is the same for any
 * number of threads, but for the time it took.
 */
export async function exhaust(model: Model, options: ExhaustOptions = {}): Promise<Outcome> {
  refuseInThread();
  const bounds: Bounds = { ...DEFAULT_BOUNDS, ...options };
  const machine = new Machine(model);
  const search = new Search(machine, bounds);
  const watch = new Watch(search, bounds, options);
  const threads = options.source === undefined ? 1 : (options.threads ?? availableParallelism());
  const alone = threads <= 1 ? Number.POSITIVE_INFINITY : (options.threadsFrom ?? THREADS_FROM);

  search.begin();
  let expanded = await searchAlone(machine, search, watch, alone);
  let used = 1;
  if (search.stopped === null && expanded < search.arena.count && options.source !== undefined) {
    used = threads;
    expanded = await searchTogether(model, search, watch, expanded, threads, options.source);
  }
  watch.tell(watch.elapsed(), expanded);
  return outcomeOf(model, search, bounds, watch.elapsed(), used);
}

/** Until there are `enough` states, or nothing is left. Returns how many states are expanded. */
async function searchAlone(machine: Machine, search: Search, watch: Watch, enough: number): Promise<number> {
  const { arena, visited } = search;
  const expander = new Expander(machine);
  let room = roomFor(machine);
  let next = 0;
  while (search.stopped === null && next < arena.count && arena.count < enough) {
    const to = Math.min(next + BATCH, arena.count);
    const proposals = expander.expand(arena.chunks, next, to, visited.table, room);
    room = proposals.words;
    search.take(proposals);
    next = to;
    dropBefore(arena.chunks, next);
    if (watch.isDue(next)) await nextTurn();
  }
  return next;
}

/** The threads work ahead; what they propose is taken in the order in which one thread alone would have come to it. */
async function searchTogether(
  model: Model,
  search: Search,
  watch: Watch,
  expanded: number,
  threads: number,
  source: ModelSource,
): Promise<number> {
  const { arena, visited } = search;
  const team = await openTeam(model, source, threads);
  const machine = new Machine(model);
  const expander = new Expander(machine);
  let room = roomFor(machine);
  const expandHere = (state: number): Proposals => {
    const proposals = expander.expand(arena.chunks, state, state + 1, visited.table, room);
    room = proposals.words;
    return proposals;
  };
  try {
    let given = expanded;
    let taken = expanded;
    while (search.stopped === null) {
      while (team.ahead < threads * AHEAD && given < arena.count) {
        const to = Math.min(given + BLOCK, arena.count);
        team.give(arena.chunks, given, to, visited.table, model.dictionary);
        given = to;
      }
      if (team.ahead === 0) break;
      const { proposals, to } = await team.next();
      search.take(proposals, expandHere);
      team.giveBack(proposals.words);
      taken = to;
      dropBefore(arena.chunks, taken);
      watch.isDue(taken);
    }
    return taken;
  } finally {
    await team.close();
  }
}

/** Looks at the clock now and then, ends the search when its time is up, and reports how far it has come. */
class Watch {
  readonly elapsed = stopwatch();
  private readonly search: Search;
  private readonly bounds: Bounds;
  private readonly report: ((progress: Progress) => void) | undefined;
  private levels = 0;
  private calls = 0;
  private lookedAt = 0;
  private reported = { at: 0, distinct: 0 };

  constructor(search: Search, bounds: Bounds, { onProgress }: ExhaustOptions) {
    this.search = search;
    this.bounds = bounds;
    this.report = onProgress;
  }

  /** Whether the program had better see to other things for a moment. */
  isDue(expanded: number): boolean {
    const { search } = this;
    const completed = search.levels > this.levels;
    if (!completed && ++this.calls % BATCH !== 0) return false;
    const now = this.elapsed();
    if (now >= this.bounds.maxTime && search.stopped === null) search.stopped = 'time';
    if (completed || now - this.reported.at >= REPORT_EVERY) this.tell(now, expanded);
    if (now - this.lookedAt < LOOK_UP_EVERY) return false;
    this.lookedAt = now;
    return true;
  }

  tell(now: Duration, expanded: number): void {
    const { levels, depth, made, arena } = this.search;
    const { at, distinct } = this.reported;
    this.levels = levels;
    this.reported = { at: now, distinct: arena.count };
    this.report?.({
      depth,
      states: made,
      distinct: arena.count,
      waiting: arena.count - expanded,
      elapsed: now,
      rate: Math.round(((arena.count - distinct) * 1000) / Math.max(1, now - at)),
    });
  }
}

function outcomeOf(model: Model, search: Search, bounds: Bounds, elapsed: Duration, threads: number): Outcome {
  const { stopped, arena } = search;
  const laws = lawsOf(model, search);
  const failed = laws.some(({ outcome }) => outcome === 'broken' || outcome === 'never-reached');
  const bound = stopped === null || stopped === 'broken' ? null : boundInWords[stopped](bounds);
  return {
    model: model.name,
    result: failed ? 'broken' : bound === null ? 'proved' : 'inconclusive',
    bound,
    states: search.made,
    distinct: arena.count,
    depth: search.depth,
    deadEnds: search.deadEnds,
    elapsed,
    bytes: search.bytes,
    collision: collisionBound(arena.count, new Machine(model).words),
    threads,
    laws,
  };
}

function lawsOf(model: Model, search: Search): readonly LawOutcome[] {
  const complete = search.stopped === null;
  const trace = (state: number | undefined) => (state === undefined ? null : traceTo(model, search, state));
  let measured = 0;
  return model.laws.map((law, index): LawOutcome => {
    const first = search.firsts.get(index);
    const peak = isMeasured(law) ? (search.peaks[measured++] ?? null) : null;
    const largest = peak === null ? null : Math.max(0, peak.value);
    const about = {
      name: law.name,
      type: law.type,
      largest,
      trace: trace(law.type === 'maximum' ? peak?.state : first),
    };
    if (law.type === 'maximum') return { ...about, outcome: 'measured' };
    if (law.type === 'sometimes') {
      return { ...about, outcome: first !== undefined ? 'reached' : complete ? 'never-reached' : 'open' };
    }
    return { ...about, outcome: first !== undefined ? 'broken' : complete ? 'kept' : 'open' };
  });
}
