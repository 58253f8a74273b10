/**
 * One session simulated, attempt by attempt: a channel that is good or bad, latencies either way, retries, a loop by
 * timer or one that waits, pauses; the server's age, and the client's fence.
 *
 * Nearly every heartbeat is usual: nothing is lost, neither way takes long, no pause follows. Of a run of these only the
 * last matters, and how long the run is can be drawn at once, which is many times as fast and as exact.
 */
import type { Conditions, Pair } from '../conditions/conditions.ts';
import { channelOf } from '../forms/channel.ts';
import { latencyOf } from '../forms/latency.ts';
import { fatesOf, type Fates } from './fates.ts';
import { drawsFor, fraction, NOT_ZERO, type Random } from './random.ts';
import {
  ACKNOWLEDGED,
  BAD,
  BEGUN,
  CRASH,
  FIRST,
  LATEST,
  NOW,
  PAUSED,
  PAUSED_AT,
  PENDING,
  RETRIED,
  TRIED_AT,
  TURNS_AT,
} from './state.ts';

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
  /** Has usual heartbeats go by until something else comes, `most` at most, and says below what the fate of the next attempt is then. */
  readonly skip: (random: Random, most: number) => number;
  /** One attempt of a heartbeat, or one stretch of a pause that goes on, and all that arrives before the next. */
  readonly step: (random: Random, below: number) => void;
  /** Draws anew when the channel turns next, of which the past tells nothing: what is continued many times over is to differ. */
  readonly renew: (random: Random) => void;
}

/** Where nothing is known of the fate of an attempt, it is a number below this. */
export const ANY = 1;

/** A channel that may have turned more often than this since it was asked has forgotten how it was. */
const MANY_TURNS = 50;
/** A pause that outlasts so many stretches is longer than all but one in 10¹⁵. */
const MOST_STRETCHES = 25;
/** Draws crashes this many heartbeats apart on average. */
const CRASH_EVERY = 16;
/** Messages under way at once where each takes less than an interval, on average. */
const MOST_LATECOMERS = 64;
/** Where more latencies than this are not prompt, or more heartbeats not usual, it does not pay to tell them apart. */
const MOST_LATE = 0.25;
const MOST_UNUSUAL = 0.5;

export function openSession(pair: Pair, conditions: Conditions, fence: number | null, random: Random): Session {
  const { heartbeat, timeout } = pair;
  const { retries, requestTimeout, pauses } = conditions;
  const sequential = conditions.loop === 'sequential';
  const channel = channelOf(conditions.loss);
  const { loss } = conditions;
  const isBursty = loss.type === 'gilbert-elliott';
  const [goodFor, badFor] = isBursty ? [loss.goodFor, loss.badFor] : [Infinity, 0];
  const turnRate = 1 / goodFor + 1 / badFor;
  const draw = drawsFor(conditions.latency);
  const latency = latencyOf(conditions.latency);
  const pauseTail = pauses === null ? null : latencyOf(pauses.length);
  const pauseShare = pauses === null ? 0 : 1 - Math.exp(-1 * (heartbeat / pauses.every));
  const fenceAt = fence ?? Infinity;
  // Four prompt messages, two heartbeats and their answers, are in time for the request timeout, the next heartbeat, timeout and fence.
  const prompt = Math.min(requestTimeout, heartbeat, timeout - heartbeat, fenceAt - heartbeat) / 4;
  const beyondPrompt = latency.tail(prompt);
  const tellsLate = beyondPrompt <= MOST_LATE;
  const late = tellsLate ? beyondPrompt : 0;
  const good = fatesOf(channel.lostGood, late, pauseShare);
  const bad = fatesOf(channel.lostBad, late, pauseShare);
  // Nothing is sent sooner than this after another message.
  const soonest = retries > 0 ? Math.min(requestTimeout, heartbeat) : heartbeat;
  const crashEvery = CRASH_EVERY * heartbeat;

  // Of latencies of many intervals as many messages are under way; twice that and some more there never are.
  const mostPending = MOST_LATECOMERS + 2 * Math.ceil(latency.mean / soonest);

  const state = new Float64Array(FIRST + mostPending);
  if (isBursty) begin(0, random);
  else state[TURNS_AT] = Infinity;
  state[CRASH] = crashEvery * (0.5 + fraction(random));
  const seen: Seen = { heartbeats: 0, attempts: 0, expiries: 0, beyond: 0, stops: 0, detections: [] };

  const skip = (source: Random, most: number): number => {
    const now = state[NOW]!;
    const { unusual, logUsual } = state[BAD] === 1 ? bad : good;
    const until = Math.min(state[CRASH]!, state[TURNS_AT]!);
    if (!tellsLate || unusual > MOST_UNUSUAL || until <= now || !isCalm(now)) return ANY;
    const run = Math.floor(Math.log(fraction(source) + NOT_ZERO) / logUsual);
    const count = Math.min(run, most);
    if (sequential) goByAnswers(count, until, source);
    else goByTimer(count, until, source);
    // A run that was cut short says nothing of what comes after it.
    return run < most && state[NOW]! < until ? unusual : ANY;
  };

  /** Whether a usual heartbeat now would be in time, and nothing else is under way. */
  function isCalm(now: number): boolean {
    return (
      state[RETRIED] === 0 &&
      state[PAUSED] === 0 &&
      state[PENDING] === 0 &&
      now + prompt - state[LATEST]! < timeout &&
      now + 2 * prompt - state[ACKNOWLEDGED]! <= fenceAt
    );
  }

  /** Has usual heartbeats go by, as many as are sent before `until`. */
  function goByTimer(most: number, until: number, source: Random): void {
    const now = state[NOW]!;
    const count = Math.min(most, Math.ceil((until - now) / heartbeat));
    if (count > 0) wentBy(count, now + (count - 1) * heartbeat, draw(source, late, 1), 0);
  }

  /** The same where the loop waits, and every round trip takes its time. */
  function goByAnswers(most: number, until: number, source: Random): void {
    let next = state[NOW]!;
    let [count, sent, delay, answer] = [0, 0, 0, 0];
    for (; count < most && next < until; count++) {
      sent = next;
      delay = draw(source, late, 1);
      answer = draw(source, late, 1);
      next = sent + delay + answer + heartbeat;
    }
    if (count > 0) wentBy(count, sent, delay, delay + answer);
  }

  /** Of usual heartbeats the last one matters: when it was sent, how long it took, and how long the client waited for the answer. */
  function wentBy(count: number, sent: number, delay: number, waited: number): void {
    seen.heartbeats += count;
    seen.attempts += count;
    state[ACKNOWLEDGED] = sent;
    state[LATEST] = sent + delay;
    state[NOW] = sent + waited + heartbeat;
    state[BEGUN] = state[NOW];
  }

  const step = (source: Random, below: number): void => {
    if (pauseTail !== null && state[PAUSED]! > 0 && outlasts(source)) return;
    const sent = state[NOW]!;
    if (state[CRASH]! <= sent) crash(source);
    if (isBursty) {
      if (state[TURNS_AT]! <= sent) turnChannel(sent, source);
      state[TRIED_AT] = sent;
    }
    seen.attempts++;
    const fates = state[BAD] === 1 ? bad : good;
    const fate = below * fraction(source);
    let acknowledged = -1;
    if (fate >= fates.answerLate) {
      const delay = draw(source, late, 1);
      expect(sent + delay, sent);
      const roundTrip = delay + draw(source, late, 1);
      if (roundTrip <= requestTimeout) acknowledged = sent + roundTrip;
    } else if (fate >= fates.requestLost) acknowledged = sendUnusual(sent, fate, fates, source);
    if (acknowledged >= 0 || retries === 0 || state[RETRIED]! >= retries) {
      const from = endHeartbeat(sent, acknowledged);
      if (pauseTail !== null && (fate < fates.answerLate ? fraction(source) < pauseShare : fate < fates.unusual)) {
        pause(from, source);
      }
    } else {
      state[RETRIED] = state[RETRIED]! + 1;
      state[NOW] = sent + requestTimeout;
    }
    // Whatever is sent from now on comes later.
    if (state[PENDING]! > 0) arriveUntil(state[NOW]!);
  };

  /** A request that arrives, and when its answer does; below zero for never, or too late. */
  function sendUnusual(
    sent: number,
    fate: number,
    { answerLost, requestLate, answerLate }: Fates,
    source: Random,
  ): number {
    const delay = drawDelay(fate, answerLost, requestLate, source);
    expect(sent + delay, sent);
    if (fate < answerLost) return -1;
    const roundTrip = delay + drawDelay(fate, requestLate, answerLate, source);
    return roundTrip <= requestTimeout ? sent + roundTrip : -1;
  }

  /** Of a message whose fate says that it is prompt, late, or nothing of that. */
  function drawDelay(fate: number, known: number, usual: number, source: Random): number {
    return draw(source, fate < usual ? 0 : late, fate < known || fate >= usual ? 1 : late);
  }

  /** From when the client waits for its next heartbeat. */
  function endHeartbeat(sent: number, acknowledged: number): number {
    seen.heartbeats++;
    if (acknowledged >= 0) {
      if (acknowledged - state[ACKNOWLEDGED]! > fenceAt) seen.stops++;
      state[ACKNOWLEDGED] = sent;
    }
    const from = !sequential ? state[BEGUN]! : acknowledged >= 0 ? acknowledged : sent + requestTimeout;
    state[NOW] = from + heartbeat;
    state[BEGUN] = state[NOW];
    if (retries > 0) state[RETRIED] = 0;
    return from;
  }

  /** A pause begins somewhere in the interval after a heartbeat. */
  function pause(from: number, source: Random): void {
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
    const goesOn = fraction(source) < 0.25 && outlasted < MOST_STRETCHES;
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
    return -Math.log(fraction(source) + NOT_ZERO) * (state[BAD] === 1 ? badFor : goodFor);
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
    if (count === mostPending) return;
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
    let latest = state[LATEST]!;
    if (state[PENDING]! > 0) {
      const coming = state.slice(FIRST, FIRST + state[PENDING]!).sort();
      for (const at of coming) if (at < latest + timeout) latest = Math.max(latest, at);
    }
    seen.detections.push(Math.max(0, latest + timeout - state[CRASH]!));
    state[CRASH] = state[CRASH]! + crashEvery * (0.5 + fraction(source));
  }

  return { state, seen, skip, step, renew };
}
