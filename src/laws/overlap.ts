/** How long several devices worked at once on one seat. */
import type { Policy } from '../core/policy.ts';
import type { Fingerprint, Scope } from '../core/seat.ts';
import { between, NO_TIME, type Duration, type Instant } from '../core/time.ts';
import type { History } from '../history/history.ts';
import { scopeKey } from './evidence.ts';
import { endOf, workIn, type Shift, type Worker } from './work.ts';

/** From `from` until just before `to`, more than one device worked on the seat. True time. */
export interface Overlap {
  readonly scope: Scope;
  readonly from: Instant;
  readonly to: Instant;
  /** Whether it still went on when the run ended. */
  readonly open: boolean;
  /** Everyone who was at work in it, in the order in which they began. */
  readonly workers: readonly Worker[];
}

/**
 * Whether an overlap of this length is longer than the policy allows. The one definition of what "two devices at once"
 * permits: law P2, the exhaustive search and its replays all ask here.
 */
export function isExcessive(length: Duration, { overlap }: Pick<Policy, 'overlap'>): boolean {
  return length > overlap;
}

/** The longest time that two devices worked at once on one seat; 0 where they never did. True time. */
export function measureOverlap(history: History): Duration {
  const overlaps = overlapsIn(workIn(history, history.events), endOf(history)).overlaps;
  return overlaps.reduce<Duration>(
    (worst, { from, to }) => (between(from, to) > worst ? between(from, to) : worst),
    NO_TIME,
  );
}

/** The overlaps in order of their ends, and how often a process began to work where another device had worked before. */
export function overlapsIn(
  shifts: readonly Shift[],
  end: Instant,
): { readonly overlaps: readonly Overlap[]; readonly successions: number } {
  const places = new Map<string, Place>();
  for (const shift of shifts) {
    const key = scopeKey(shift.worker.scope);
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = new Place(shift.worker.scope)));
    place.take(shift);
  }
  const all = [...places.values()];
  for (const place of all) place.close(end);
  const overlaps = all.flatMap((place) => place.overlaps).sort((a, b) => a.to - b.to);
  return { overlaps, successions: all.reduce((sum, place) => sum + place.successions, 0) };
}

/** The processes that work on one seat. */
class Place {
  readonly overlaps: Overlap[] = [];
  successions = 0;
  readonly #scope: Scope;
  readonly #atWork = new Map<string, Worker>();
  #firstDevice: Fingerprint | null = null;
  #several = false;
  #from: Instant | null = null;
  #last = 0 as Instant;
  readonly #involved = new Map<string, Worker>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  take({ at, worker, begins }: Shift): void {
    this.#pass(at);
    if (begins) {
      this.#atWork.set(worker.actor, worker);
      this.#firstDevice ??= worker.device;
      this.#several ||= worker.device !== this.#firstDevice;
      if (this.#several) this.successions += 1;
    } else {
      this.#atWork.delete(worker.actor);
    }
    const together = this.#devicesAtWork() > 1;
    if (together && this.#from === null) this.#from = at;
    if (!together) this.#end(at, false);
  }

  close(at: Instant): void {
    this.#pass(at);
    this.#end(at, true);
  }

  /** A process that works for no time at all overlaps no other. */
  #pass(at: Instant): void {
    if (this.#from !== null && at > this.#last) {
      for (const worker of this.#atWork.values()) this.#involved.set(`${worker.actor} ${worker.term}`, worker);
    }
    this.#last = at;
  }

  #end(to: Instant, open: boolean): void {
    const from = this.#from;
    if (from !== null && to > from) {
      this.overlaps.push({ scope: this.#scope, from, to, open, workers: [...this.#involved.values()] });
    }
    this.#from = null;
    this.#involved.clear();
  }

  #devicesAtWork(): number {
    return new Set([...this.#atWork.values()].map(({ device }) => device)).size;
  }
}
