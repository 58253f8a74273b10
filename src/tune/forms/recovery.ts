/**
 * How long after a crash the next start succeeds. The last heartbeat that arrived was sent U·h + k·h before the crash,
 * with U uniform and k those lost in between, and took D: the session expires T + D − U·h − k·h after the crash. Then come
 * the grace, the time to the next sweep (uniform up to C), and to the caller's next try (uniform up to its period).
 */
import type { Pair } from '../conditions/conditions.ts';
import { interval, type Model } from './model.ts';
import { integrate, panels } from './quadrature.ts';

export interface Spread {
  readonly mean: number;
  readonly p95: number;
  /** For a crash right after a heartbeat arrived. One still under way at the crash adds what it takes; where that is usual, this is the p95. */
  readonly max: number;
}

export interface Recovery {
  /** From the crash to the session's expiry. */
  readonly detection: Spread;
  /** From the crash to the moment at which a start succeeds. */
  readonly recovery: Spread;
}

export function recoveryOf(model: Model, pair: Pair): Recovery {
  const { sweep, callerRetry, grace } = model.conditions;
  const ages = agesOf(model, pair);
  const mean = ages.reduce((sum, age) => sum + age.share * meanLeft(model, pair, age), 0);
  const beyond = (x: number): number => beyondAges(model, pair, ages, x);
  const detection = spreadOf(mean, quantileOf(beyond, pair.timeout), pair.timeout);
  if (sweep + callerRetry + grace === 0) return { detection, recovery: detection };
  const waits = waitsOf(sweep, callerRetry);
  const recoveredBeyond = (x: number): number => {
    let sum = 0;
    // Nothing is waited for less than the grace and the waits after it, however long the session has been expired.
    for (const { share, wait } of waits) sum += share * (x < grace + wait ? 1 : beyond(x - grace - wait));
    return sum;
  };
  const most = pair.timeout + grace + sweep + callerRetry;
  return {
    detection,
    recovery: spreadOf(
      mean + grace + sweep / 2 + callerRetry / 2,
      sweep + callerRetry === 0 ? detection.p95 + grace : quantileOf(recoveredBeyond, most),
      most,
    ),
  };
}

function spreadOf(mean: number, p95: number, most: number): Spread {
  return { mean, p95, max: Math.max(p95, most) };
}

/** At the crash, the last message that got through had been sent this long ago: uniformly between `from` and `from + width`. */
interface Age {
  readonly share: number;
  readonly from: number;
  readonly width: number;
}

/** How many heartbeats before a crash were lost, with the time that adds, until the rest no longer matters. */
function agesOf(model: Model, { heartbeat, timeout }: Pair): readonly Age[] {
  const { requestTimeout, loop } = model.conditions;
  const every = interval(model, heartbeat);
  // A loop that waits for its answer takes longer while none comes.
  const cycle = loop === 'sequential' ? heartbeat + model.givesUpAfter : every;
  const lost = lostInARow(model, cycle);
  const { retries } = model.conditions;
  const ages: Age[] = [];
  for (let attempts = 1; attempts <= retries + 1; attempts++) {
    // The crash came when so many attempts of the current heartbeat had been sent.
    const from = (attempts - 1) * requestTimeout;
    const width = (attempts <= retries ? attempts * requestTimeout : every) - from;
    const now = lost(0, attempts);
    add(now, width / every, attempts, from, width);
    for (let heartbeats = 1; heartbeats * cycle < timeout + every; heartbeats++) {
      const before = lost(heartbeats - 1, attempts);
      if (before < 1e-7) break;
      const share = (before - lost(heartbeats, attempts)) / Math.max(before, 1e-300);
      add(1 - share, (before * width) / every, retries + 1, from + heartbeats * cycle, width);
    }
  }
  return ages;

  /** Of `share`, those on whom not all of the attempts were lost, by which of them was the last to arrive. */
  function add(allLost: number, share: number, attempts: number, from: number, width: number): void {
    const weights = lastArrived(model, attempts);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [attempt, weight] of weights.entries()) {
      ages.push({ share: (share * (1 - allLost) * weight) / sum, from: from - attempt * requestTimeout, width });
    }
  }
}

/** P(`attempts` of the current heartbeat and every attempt of `heartbeats` before it are lost). Looking back, a channel behaves as it does forwards. */
function lostInARow(model: Model, cycle: number): (heartbeats: number, attempts: number) => number {
  const { channel, conditions } = model;
  const { lostGood, lostBad, badShare } = channel;
  const retryMemory = channel.memory(conditions.requestTimeout);
  const spareMemory = channel.memory(cycle - conditions.retries * conditions.requestTimeout);
  const all = conditions.retries + 1;
  const known: number[][] = [];
  return (heartbeats, attempts) => {
    const row = (known[attempts] ??= []);
    if (row[heartbeats] !== undefined) return row[heartbeats];
    let [open, openBad] = [1, badShare];
    for (let heartbeat = 0; heartbeat <= heartbeats; heartbeat++) {
      const count = heartbeat === 0 ? attempts : all;
      for (let attempt = 1; attempt <= count; attempt++) {
        const lostInBad = openBad * lostBad;
        open = (open - openBad) * lostGood + lostInBad;
        openBad = open * badShare + (lostInBad - open * badShare) * (attempt < count ? retryMemory : spareMemory);
      }
      row[heartbeat] = open;
    }
    return open;
  };
}

/** Of `attempts` made, how likely each is to be the last that arrives; a later one is sent although one arrived if its answer was lost. */
function lastArrived(model: Model, attempts: number): readonly number[] {
  const { lostGood, lostBad, badShare } = model.channel;
  const lost = lostGood * (1 - badShare) + lostBad * badShare;
  const fails = model.failsGood * (1 - badShare) + model.failsBad * badShare;
  const answered = (1 - fails) / (1 - lost);
  return Array.from(
    { length: attempts },
    (_, attempt) => fails ** attempt * (answered + (1 - answered) * lost ** (attempts - 1 - attempt)),
  );
}

/** E[max(0, T + D − age)]. */
function meanLeft(model: Model, { timeout }: Pair, { from, width }: Age): number {
  const { latency } = model;
  const [low, high] = [from - timeout, from - timeout + width];
  const belowZero = Math.min(0, high) - Math.min(0, low);
  const middle = (Math.min(0, high) + Math.min(0, low)) / 2;
  const linear = belowZero * (latency.mean - middle);
  const rest = integrate((y) => latency.excess(y), Math.max(0, low), Math.max(0, high), Math.max(latency.mean, 1));
  return (linear + rest) / width;
}

/** P(the session expires more than `x` after the crash). */
function beyondAges(model: Model, { timeout }: Pair, ages: readonly Age[], x: number): number {
  let sum = 0;
  for (const { share, from, width } of ages) {
    const y = x - timeout + from;
    if (y >= model.rare) continue;
    // P(D > y + U·width), because the excess is the integral of the tail.
    sum +=
      (share * (model.latency.excess(y) - (y + width >= model.rare ? 0 : model.latency.excess(y + width)))) / width;
  }
  return sum;
}

const WAIT_NODES = panels([0, 0.5, 0.9, 0.99, 1]);

/** The sum of the two waits, as a distribution of few points: both uniform and independent of all else. */
function waitsOf(sweep: number, callerRetry: number): readonly { readonly share: number; readonly wait: number }[] {
  const [longer, shorter] = [Math.max(sweep, callerRetry), Math.min(sweep, callerRetry)];
  if (longer === 0) return [{ share: 1, wait: 0 }];
  return Array.from(WAIT_NODES.at, (at, node) => {
    const share = WAIT_NODES.weight[node] ?? 0;
    return { share, wait: shorter === 0 ? at * longer : trapezoid(at, longer, shorter) };
  });
}

/** The quantile of the sum of two uniforms. */
function trapezoid(at: number, longer: number, shorter: number): number {
  const ramp = shorter / (2 * longer);
  if (at < ramp) return Math.sqrt(2 * at * longer * shorter);
  if (at > 1 - ramp) return longer + shorter - Math.sqrt(2 * (1 - at) * longer * shorter);
  return at * longer + shorter / 2;
}

/** The value that 5 % lie beyond; `guess` is where to look first. Regula falsi with Illinois' correction, to a millisecond. */
function quantileOf(beyond: (x: number) => number, guess: number): number {
  let [low, high] = [0, Math.max(guess, 1)];
  let [atLow, atHigh] = [0.95, beyond(high) - 0.05];
  while (atHigh > 0) {
    [low, atLow] = [high, atHigh];
    high *= 2;
    atHigh = beyond(high) - 0.05;
  }
  for (let step = 0; step < 60 && high - low > 1; step++) {
    const middle = low + ((high - low) * atLow) / (atLow - atHigh);
    const here = beyond(middle) - 0.05;
    if (Math.abs(here) < 1e-5) return middle;
    if (here > 0) {
      [low, atLow] = [middle, here];
      atHigh /= 2;
    } else {
      [high, atHigh] = [middle, here];
      atLow /= 2;
    }
  }
  return (low + high) / 2;
}
