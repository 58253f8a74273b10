/**
 * Waits until nothing moves: every statement that was sent is answered, or waits for a lock. That it waits is not guessed
 * from how long it takes: the server names the processes that it waits for.
 */
import type { RaceFault } from './fault.ts';
import type { Ground } from './ground.ts';
import type { Step, StepEnd } from './step.ts';

/** A step that was begun. */
export interface Open {
  readonly actor: number;
  readonly step: Step;
  /** Set when its outcome is known. */
  end: StepEnd | null;
  /** The actors that it waits for, once it is known to wait. */
  waitsFor: readonly number[];
  readonly loses: boolean;
  /** Whether nobody is there any more to hear of it. */
  readonly dies: boolean;
  /** Whether the process that carries it out is held, so that it does not go on although it may. */
  held: boolean;
  /** Whether somebody held locks when it began, so that it may have to wait. */
  readonly mayWait: boolean;
  /** Resolves when its outcome is known. */
  running: Promise<void>;
}

/** Before this, a statement that should have nothing to wait for is not asked about. */
const ANSWER_MS = 20;

/**
 * Until `focus` is done, or until all that are open are done or wait. `tooSlow` makes the fault to throw when, for
 * `patience` ms, a step is neither done nor waits for one of the calls.
 */
export async function settle(
  opens: readonly Open[],
  focus: Open | null,
  ground: Ground,
  patience: number,
  tooSlow: (open: Open) => RaceFault,
): Promise<void> {
  const begun = performance.now();
  // Who waited for nobody but the one that has just let go will be answered at once.
  let asks = focus === null ? opens.length > 1 : focus.mayWait;
  for (;;) {
    const pending = opens.filter(({ end }) => end === null);
    const [first] = pending;
    if (first === undefined || (focus !== null && focus.end !== null)) return;
    if (performance.now() - begun > patience) throw tooSlow(focus ?? first);
    const answered = Promise.race(pending.map(({ running }) => running));
    if (!asks) {
      await withTimer(answered, pending.some(({ step }) => step.pid() !== null) ? ANSWER_MS : patience);
      asks = true;
      continue;
    }
    const state = await Promise.race([answered.then(() => null), waits(pending, ground)]);
    if (state === 'at-rest') return;
    if (state === 'circle' || state === 'moving-slowly') await withTimer(answered, 1);
  }
}

/** `at-rest`: all of them are held or wait for calls of ours, and not in a circle, which the server will break. */
async function waits(
  pending: readonly Open[],
  ground: Ground,
): Promise<'at-rest' | 'circle' | 'moving' | 'moving-slowly'> {
  const pids = pending.flatMap(({ step }) => step.pid() ?? []);
  if (pids.length < pending.length) return 'moving-slowly';
  const blockers = await ground.blockers(pids);
  const edges = new Map<number, readonly number[]>();
  for (const open of pending) {
    const by = blockers.get(open.step.pid() ?? 0) ?? [];
    if (by.length === 0 && open.held) continue;
    if (by.length === 0) return 'moving';
    const actors = by.map((pid) => ground.actorOf(pid));
    if (actors.includes(null)) return 'moving-slowly';
    open.waitsFor = [...new Set(actors as number[])].sort((a, b) => a - b);
    edges.set(open.step.pid() ?? 0, by);
  }
  return hasCircle(edges) ? 'circle' : 'at-rest';
}

function hasCircle(edges: ReadonlyMap<number, readonly number[]>): boolean {
  const done = new Set<number>();
  const visit = (pid: number, path: ReadonlySet<number>): boolean => {
    if (path.has(pid)) return true;
    if (done.has(pid)) return false;
    const further = new Set([...path, pid]);
    const found = (edges.get(pid) ?? []).some((next) => visit(next, further));
    done.add(pid);
    return found;
  };
  return [...edges.keys()].some((pid) => visit(pid, new Set()));
}

async function withTimer(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
