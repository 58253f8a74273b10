/**
 * One session simulated, attempt by attempt: a channel that is good or bad, latencies either way, retries, a loop by
 * timer or one that waits, pauses; the server's age, and the client's fence. Its state is numbers in one array, so that a
 * splitting run can take it up from where another came.
 */
import type { Conditions, Pair } from '../conditions/conditions.ts';
import { channelOf } from '../forms/channel.ts';
import { latencyOf } from '../forms/latency.ts';
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
  /** One attempt of a heartbeat, or one stretch of a pause that goes on, and all that arrives before the next. True when the next is the first attempt of a heartbeat. */
  readonly step: (random: Random) => boolean;
  /** Draws anew when the channel turns next, of which the past tells nothing: what is continued many times over is to differ. */
  readonly renew: (random: Random) => void;
}

/** Places in the state. The rest holds the arrivals that are still to come, as many as `PENDING` says. */
export const NOW = 0;
const LATEST = 1;
const BAD = 2;
/** When the channel turns next, and when it was last asked. */
const TURNS_AT = 3;
const TRIED_AT = 4;
const ACKNOWLEDGED = 5;
const CRASH = 6;
/** When the first attempt of the current heartbeat was made, and how many were made after it. */
const BEGUN = 7;
const RETRIED = 8;
/** When a pause began, and zero for none or one more than the stretches that it has outlasted. */
const PAUSED_AT = 9;
const PAUSED = 10;
const PENDING = 11;
const FIRST = 12;
/** More heartbeats under way at once than this would need latencies of many intervals; the latest would then be dropped. */
const MOST_PENDING = 64;

/** When the server had its last heartbeat, and how long ago that is when the next is sent. */
export function latestOf(state: Float64Array): number {
  return state[LATEST] ?? 0;
}

export function ageOf(state: Float64Array): number {
  return (state[NOW] ?? 0) - latestOf(state);
}

/** A channel that may have turned more often than this since it was asked has forgotten how it was. */
const MANY_TURNS = 50;
/** A pause that outlasts so many stretches is longer than all but one in 10¹⁵. */
const MOST_STRETCHES = 25;
/** Draws crashes this many heartbeats apart on average. */
const CRASH_EVERY = 16;

export function openSession(pair: Pair, conditions: Conditions, fence: number | null, random: Random): Session {
  const { heartbeat, timeout } = pair;
  const { retries, requestTimeout, pauses } = conditions;
  const sequential = conditions.loop === 'sequential';
  const channel = channelOf(conditions.loss);
  const { loss } = conditions;
  const isBursty = loss.type === 'gilbert-elliott';
  const [goodFor, badFor] = isBursty ? [loss.goodFor, loss.badFor] : [Infinity, 0];
  const turnRate = 1 / goodFor + 1 / badFor;
  const [requestLostGood, requestLostBad] = [threshold(channel.lostGood), threshold(channel.lostBad)];
  // Of one number drawn: below the first the request is lost, below the second its answer.
  const eitherLost = (lost: number): number => threshold(1 - (1 - lost) ** 2);
  const [eitherLostGood, eitherLostBad] = [eitherLost(channel.lostGood), eitherLost(channel.lostBad)];
  const draw = drawsFor(conditions.latency);
  const pauseTail = pauses === null ? null : latencyOf(pauses.length);
  const pauseShare = pauses === null ? 0 : threshold(1 - Math.exp(-1 * (heartbeat / pauses.every)));
  const fenceAt = fence ?? Infinity;
  // Nothing is sent sooner than this after another message.
  const soonest = retries > 0 ? Math.min(requestTimeout, heartbeat) : heartbeat;
  const crashEvery = CRASH_EVERY * heartbeat;

  const state = new Float64Array(FIRST + MOST_PENDING);
  if (isBursty) begin(0, random);
  state[CRASH] = crashEvery * (0.5 + fraction(random));
  const seen: Seen = { heartbeats: 0, attempts: 0, expiries: 0, beyond: 0, stops: 0, detections: [] };

  const step = (source: Random): boolean => {
    if (pauseTail !== null && state[PAUSED]! > 0 && outlasts(source)) return false;
    const sent = state[NOW]!;
    if (state[CRASH]! <= sent) crash(source);
    if (isBursty) {
      if (state[TURNS_AT]! <= sent) turnChannel(sent, source);
      state[TRIED_AT] = sent;
    }
    seen.attempts++;
    const isBad = state[BAD] === 1;
    const fate = source.next() >>> 0;
    let acknowledged = -1;
    if (fate >= (isBad ? requestLostBad : requestLostGood)) {
      const delay = draw(source);
      expect(sent + delay, sent);
      if (fate >= (isBad ? eitherLostBad : eitherLostGood)) {
        const roundTrip = delay + draw(source);
        if (roundTrip <= requestTimeout) acknowledged = sent + roundTrip;
      }
    }
    const isOver = acknowledged >= 0 || retries === 0 || state[RETRIED]! >= retries;
    if (isOver) endHeartbeat(sent, acknowledged, source);
    else {
      state[RETRIED] = state[RETRIED]! + 1;
      state[NOW] = sent + requestTimeout;
    }
    // Whatever is sent from now on comes later.
    if (state[PENDING]! > 0) arriveUntil(state[NOW]!);
    return isOver && (pauseTail === null || state[PAUSED] === 0);
  };

  function endHeartbeat(sent: number, acknowledged: number, source: Random): void {
    seen.heartbeats++;
    if (acknowledged >= 0) {
      if (acknowledged - state[ACKNOWLEDGED]! > fenceAt) seen.stops++;
      state[ACKNOWLEDGED] = sent;
    }
    const from = !sequential ? state[BEGUN]! : acknowledged >= 0 ? acknowledged : sent + requestTimeout;
    state[NOW] = from + heartbeat;
    state[BEGUN] = state[NOW];
    if (retries > 0) state[RETRIED] = 0;
    if (pauseTail !== null) perhapsPause(from, source);
  }

  /** A pause may begin in the interval after a heartbeat. */
  function perhapsPause(from: number, source: Random): void {
    if (source.next() >>> 0 >= pauseShare) return;
    state[PAUSED_AT] = from + fraction(source) * heartbeat;
    state[PAUSED] = 1;
  }

  /**
   * Whether a pause outlasts one stretch more, as one in four does: the same lengths as if drawn at once, and splitting
   * finds the long ones. The next heartbeat waits for its end.
   */
  function outlasts(source: Random): boolean {
    const outlasted = state[PAUSED]! - 1;
    const longer = 4 ** -outlasted;
    const goesOn = source.next() >>> 0 < 0x4000_0000 && outlasted < MOST_STRETCHES;
    const share = longer * (goesOn ? 0.25 : 0.25 + 0.75 * fraction(source));
    state[NOW] = Math.max(state[NOW]!, state[PAUSED_AT]! + (pauseTail?.above(share) ?? 0));
    state[BEGUN] = state[NOW];
    state[PAUSED] = goesOn ? outlasted + 2 : 0;
    if (state[PENDING]! > 0) arriveUntil(state[NOW]);
    return goesOn;
  }

  /** Turns the channel as often as it turned since the last attempt. */
  function turnChannel(at: number, source: Random): void {
    if ((at - state[TURNS_AT]!) * turnRate > MANY_TURNS) begin(at, source);
    while (state[TURNS_AT]! <= at) {
      state[BAD] = 1 - state[BAD]!;
      state[TURNS_AT] = state[TURNS_AT]! + stays(source);
    }
  }

  /** The channel as it is when nothing is known of it. */
  function begin(at: number, source: Random): void {
    state[BAD] = fraction(source) < channel.badShare ? 1 : 0;
    state[TURNS_AT] = at + stays(source);
  }

  /** How long the channel stays as it is, which does not depend on how long it has been so. */
  function stays(source: Random): number {
    return -Math.log(1 - fraction(source)) * (state[BAD] === 1 ? badFor : goodFor);
  }

  const renew = (source: Random): void => {
    if (isBursty) state[TURNS_AT] = state[TRIED_AT]! + stays(source);
  };

  /** An arrival to come: it is only counted when nothing sent later can come before it, which is nearly always at once. */
  function expect(at: number, sent: number): void {
    if (state[PENDING] === 0 && at <= sent + soonest) arrive(at);
    else keep(at);
  }

  function keep(at: number): void {
    const count = state[PENDING]!;
    if (count === MOST_PENDING) return;
    state[FIRST + count] = at;
    state[PENDING] = count + 1;
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

  return { state, seen, step, renew };
}
