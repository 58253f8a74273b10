/** What follows a heartbeat that arrived: the heartbeats after it, one by one, until none can come in time any more. */
import type { Pair } from '../conditions/conditions.ts';
import type { Model } from './model.ts';

/** Sums over paths, each counted with its probability. */
export interface Tally {
  /** No heartbeat arrived within the timeout. */
  silent: number;
  /** The same if heartbeats arrive in the order in which they were sent, and E[time beyond the timeout] of those. */
  late: number;
  lateBy: number;
}

/** Of what counts already, a share below this no longer changes what is shown. */
const NOTHING = 1e-7;
/** A channel that is hardly ever good could be followed for ever. */
const MOST_HEARTBEATS = 2000;

/**
 * A heartbeat arrived at `delay`, with probability `startGood` while the channel was good and `startBad` while it was
 * bad. Followed from the attempt `from` of the heartbeat whose first attempt is or was at `begun`, all counted from the
 * sending of the one that arrived. Adds to `tally`.
 */
type Follow = (tally: Tally, startGood: number, startBad: number, delay: number, begun: number, from: number) => void;

export function pathsOf(model: Model, { heartbeat, timeout }: Pair): Follow {
  const { channel, conditions, latency, givesUpAfter, far } = model;
  const { retries, requestTimeout } = conditions;
  const { lostGood, lostBad, badShare } = channel;
  const [arrivesGood, arrivesBad] = [1 - lostGood, 1 - lostBad];
  const sequential = conditions.loop === 'sequential';
  const cycle = sequential ? givesUpAfter + heartbeat : heartbeat;
  const retryMemory = channel.memory(requestTimeout);
  const spareMemory = channel.memory(cycle - retries * requestTimeout);
  const overtaken = latency.tail(heartbeat) > 1e-9;

  const tail = (x: number): number => (x <= 0 ? 1 : x >= far ? 0 : latency.tail(x));

  return (tally, startGood, startBad, delay, begun, from) => {
    if (startGood + startBad <= 0) return;
    const end = delay + timeout;
    const firstMemory = channel.memory(begun + from * requestTimeout);
    // `quiet` is every path on which nothing has arrived in time so far; `lost` those of them on which nothing was even sent in vain.
    let quiet = startGood + startBad;
    let quietBad = quiet * badShare + (startBad - quiet * badShare) * firstMemory;
    let [lost, lostInBad] = [quiet, quietBad];
    let [late, lateBy] = [0, 0];
    let start = begun;
    let attempt = from;
    for (let count = 0; count < MOST_HEARTBEATS; count++) {
      // Of this heartbeat: the paths on which no attempt has come through; the others wait in `passed`.
      let [open, openBad] = [quiet, quietBad];
      let [passed, passedBad] = [0, 0];
      for (; attempt <= retries; attempt++) {
        const sent = start + attempt * requestTimeout;
        const afterEnd = tail(end - sent);
        const misses = overtaken && sent < delay ? afterEnd + 1 - tail(delay - sent) : afterEnd;
        if (afterEnd > 0) {
          const arrive = (lost - lostInBad) * arrivesGood + lostInBad * arrivesBad;
          late += arrive * afterEnd;
          lateBy += arrive * latency.excess(end - sent);
        }
        const memory = attempt < retries ? retryMemory : spareMemory;
        const passBad = openBad * arrivesBad * misses;
        const pass = (open - openBad) * arrivesGood * misses + passBad;
        passed += pass;
        passedBad += passBad;
        passedBad = passed * badShare + (passedBad - passed * badShare) * memory;
        const stillBad = openBad * lostBad;
        open = (open - openBad) * lostGood + stillBad;
        openBad = open * badShare + (stillBad - open * badShare) * memory;
        const againBad = lostInBad * lostBad;
        lost = (lost - lostInBad) * lostGood + againBad;
        lostInBad = lost * badShare + (againBad - lost * badShare) * memory;
      }
      quiet = open + passed;
      quietBad = openBad + passedBad;
      attempt = 0;
      start += cycle;
      if ((start >= end || quiet === 0) && lost <= NOTHING * late) break;
    }
    tally.silent += overtaken ? quiet * earlierMiss(delay) : quiet;
    tally.late += late;
    tally.lateBy += lateBy;
  };

  /** P(no heartbeat that was sent before this one arrives within the timeout after it). */
  function earlierMiss(delay: number): number {
    const arrives = arrivesGood * (1 - badShare) + arrivesBad * badShare;
    let product = 1;
    for (let before: number = heartbeat; before < 1000 * heartbeat; before += heartbeat) {
      const still = tail(delay + before);
      if (still < 1e-6) break;
      product *= 1 - arrives * (still - tail(delay + before + timeout));
    }
    return product;
  }
}
