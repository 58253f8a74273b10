/**
 * One session simulated, heartbeat by heartbeat: a channel that is good or bad, latencies either way, retries, a loop by
 * timer or one that waits, pauses; the server's age, and the client's fence. Its state is numbers in one array, so that a
 * splitting run can take it up from where another came.
 */
import type { Conditions, Pair } from '../conditions/conditions.ts';
import { channelOf } from '../forms/channel.ts';
import { drawsFor, fraction, threshold, type Random } from './random.ts';

/** What was seen so far. */
export interface Seen {
  heartbeats: number;
  attempts: number;
  /** Gaps between two arrivals that reached the timeout, and the sum of what they had beyond it. */
  expiries: number;
  beyond: number;
  /** Times at which the client's fence ran out. */
  stops: number;
  /** For a crash at a random moment, milliseconds from it to the session's expiry; zero if it had expired already. */
  detections: number[];
}

export interface Session {
  readonly state: Float64Array;
  readonly seen: Seen;
  /** Sends the next heartbeat, all its attempts included. */
  readonly beat: (random: Random) => void;
}

/** Places in the state. The rest holds the arrivals that are still to come, as many as `PENDING` says. */
export const NOW = 0;
const LATEST = 1;
const BAD = 2;
const CHANNEL_AT = 3;
const ACKNOWLEDGED = 4;
const CRASH = 5;
const PENDING = 6;
const FIRST = 7;
/** More heartbeats under way at once than this would need latencies of many intervals; the latest would then be dropped. */
const MOST_PENDING = 64;

/** When the server had its last heartbeat, and how long ago that is when the next is sent. */
export function latestOf(state: Float64Array): number {
  return state[LATEST] ?? 0;
}

export function ageOf(state: Float64Array): number {
  return (state[NOW] ?? 0) - latestOf(state);
}

/** Draws crashes this many heartbeats apart on average. */
const CRASH_EVERY = 16;

export function openSession(pair: Pair, conditions: Conditions, fence: number | null, random: Random): Session {
  const { heartbeat, timeout } = pair;
  const { retries, requestTimeout, pauses } = conditions;
  const sequential = conditions.loop === 'sequential';
  const channel = channelOf(conditions.loss);
  const isBursty = conditions.loss.type === 'gilbert-elliott';
  const [lostGood, lostBad] = [threshold(channel.lostGood), threshold(channel.lostBad)];
  const turn = (ms: number): readonly [number, number] => {
    const changed = 1 - channel.memory(ms);
    return [threshold(channel.badShare * changed), threshold((1 - channel.badShare) * changed)];
  };
  const afterInterval = turn(heartbeat);
  const afterTimeout = turn(requestTimeout);
  const draw = drawsFor(conditions.latency);
  const pauseDraw = pauses === null ? null : drawsFor(pauses.length);
  const pauseShare = pauses === null ? 0 : threshold(1 - Math.exp(-1 * (heartbeat / pauses.every)));
  const fenceAt = fence ?? Infinity;
  // Nothing is sent sooner than this after another message.
  const soonest = retries > 0 ? Math.min(requestTimeout, heartbeat) : heartbeat;
  const crashEvery = CRASH_EVERY * heartbeat;

  const state = new Float64Array(FIRST + MOST_PENDING);
  state[BAD] = fraction(random) < channel.badShare ? 1 : 0;
  state[CRASH] = crashEvery * (0.5 + fraction(random));
  const seen: Seen = { heartbeats: 0, attempts: 0, expiries: 0, beyond: 0, stops: 0, detections: [] };

  const beat = (source: Random): void => {
    let sent = state[NOW]!;
    let acknowledged = -1;
    seen.heartbeats++;
    for (let attempt = 0; attempt <= retries; attempt++) {
      if (attempt > 0 && state[PENDING]! > 0) arriveUntil(sent);
      if (state[CRASH]! <= sent) crash(source);
      if (isBursty) turnChannel(sent, source);
      seen.attempts++;
      const lost = state[BAD] === 1 ? lostBad : lostGood;
      if (source.next() >>> 0 >= lost) {
        const delay = draw(source);
        expect(sent + delay, sent);
        if (source.next() >>> 0 >= lost) {
          const roundTrip = delay + draw(source);
          if (roundTrip <= requestTimeout) {
            acknowledged = sent + roundTrip;
            break;
          }
        }
      }
      sent += requestTimeout;
    }
    if (acknowledged >= 0) {
      if (acknowledged - state[ACKNOWLEDGED]! > fenceAt) seen.stops++;
      state[ACKNOWLEDGED] = sent;
    }
    const begun = sequential ? (acknowledged >= 0 ? acknowledged : sent) : state[NOW]!;
    state[NOW] = begun + heartbeat + (pauseDraw === null ? 0 : pause(source, pauseDraw));
    // Whatever is sent from now on comes later.
    if (state[PENDING]! > 0) arriveUntil(state[NOW]);
  };

  /** How much later the next heartbeat is sent, if a pause begins in this interval and outlasts it. */
  function pause(source: Random, length: (random: Random) => number): number {
    if (source.next() >>> 0 >= pauseShare) return 0;
    return Math.max(0, fraction(source) * heartbeat + length(source) - heartbeat);
  }

  function turnChannel(at: number, source: Random): void {
    const passed = at - state[CHANNEL_AT]!;
    if (passed <= 0) return;
    state[CHANNEL_AT] = at;
    const [toBad, toGood] =
      passed === heartbeat ? afterInterval : passed === requestTimeout ? afterTimeout : turn(passed);
    const drawn = source.next() >>> 0;
    if (state[BAD] === 1) {
      if (drawn < toGood) state[BAD] = 0;
    } else if (drawn < toBad) state[BAD] = 1;
  }

  /** An arrival to come: it is only counted when nothing sent later can come before it, which is nearly always at once. */
  function expect(at: number, sent: number): void {
    const count = state[PENDING]!;
    if (count === 0 && at <= sent + soonest) {
      arrive(at);
      return;
    }
    if (count < MOST_PENDING) {
      state[FIRST + count] = at;
      state[PENDING] = count + 1;
    }
  }

  /** Lets everything arrive that comes before `until`, in order. */
  function arriveUntil(until: number): void {
    for (let count = state[PENDING]!; count > 0;) {
      let first = FIRST;
      for (let index = FIRST + 1; index < FIRST + count; index++) if (state[index]! < state[first]!) first = index;
      const at = state[first]!;
      if (at > until) return;
      state[first] = state[FIRST + count - 1]!;
      state[PENDING] = --count;
      arrive(at);
    }
  }

  function arrive(at: number): void {
    const gap = at - state[LATEST]!;
    if (gap >= timeout) {
      seen.expiries++;
      seen.beyond += gap - timeout;
    }
    if (gap > 0) state[LATEST] = at;
  }

  /** What is still under way counts if it comes before the session has expired. */
  function crash(source: Random): void {
    const coming = state.slice(FIRST, FIRST + state[PENDING]!).sort();
    let latest = state[LATEST]!;
    for (const at of coming) if (at < latest + timeout) latest = Math.max(latest, at);
    seen.detections.push(Math.max(0, latest + timeout - state[CRASH]!));
    state[CRASH] = state[CRASH]! + crashEvery * (0.5 + fraction(source));
  }

  return { state, seen, beat };
}
