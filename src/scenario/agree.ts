/** Whether a database did what the model did: every reply and every row. */
import { isDeepStrictEqual } from 'node:util';
import type { Reply } from '../core/reply.ts';
import type { Scope } from '../core/seat.ts';
import { formatInstant, type Instant } from '../core/time.ts';
import type { Actor, History, SeatRow } from '../history/history.ts';
import type { Finding } from '../laws/finding.ts';
import { repliesInWords, rowsInWords } from './differences.ts';

/** What can be compared of one moment of a run: a step, or a sweep of the server's own. */
interface Moment {
  readonly at: Instant;
  /** By position in the step as written. */
  readonly replies: ReadonlyMap<number, { readonly call: number; readonly about: string; readonly reply: Reply }>;
  /** Everything that the store held afterwards, by scope. */
  readonly held: ReadonlyMap<string, SeatRow>;
}

/**
 * Null when `actual` equals one of the model's Histories, one for each order of what runs concurrently. Otherwise the
 * first difference, taken from the order that agrees for longest.
 */
export function firstDifference(model: readonly History[], actual: History): Finding | null {
  const moments = momentsOf(actual);
  let latest: { readonly moment: number; readonly finding: Finding } | null = null;
  for (const history of model) {
    const difference = differenceFrom(momentsOf(history), moments, actual, model.length);
    if (difference === null) return null;
    if (latest === null || difference.moment > latest.moment) latest = difference;
  }
  return latest?.finding ?? null;
}

function differenceFrom(
  expected: readonly Moment[],
  actual: readonly Moment[],
  { on, cast }: History,
  orders: number,
): { readonly moment: number; readonly finding: Finding } | null {
  const count = Math.max(expected.length, actual.length);
  for (let index = 0; index < count; index++) {
    const difference = differenceAt(expected[index], actual[index], on, cast);
    if (difference === null) continue;
    const among = orders === 1 ? '' : `; none of the ${orders} orders of the model explains it`;
    return {
      moment: index,
      finding: differenceFinding(
        on,
        actual[index]?.at ?? expected[index]?.at ?? null,
        `${difference.message}${among}`,
        difference.calls,
      ),
    };
  }
  return null;
}

export function differenceFinding(on: string, at: Instant | null, message: string, calls: readonly number[]): Finding {
  const title = `${on} differs from the model`;
  return { kind: 'difference', title, at, message, why: null, fix: null, calls, place: null };
}

/** The key of a scope among rows. */
export function keyOf({ license, symbol }: Scope): string {
  return JSON.stringify([license, symbol]);
}

/** What a difference between two replies is called; null where there is none. */
export function replyDifference(
  about: string,
  model: Reply,
  actual: Reply | undefined,
  on: string,
  cast: readonly Actor[] = [],
): string | null {
  if (actual !== undefined && isDeepStrictEqual(comparable(model), comparable(actual))) return null;
  return `${about} is answered ${repliesInWords(model, actual, on, cast)}`;
}

/** What a difference between what two stores hold is called; null where there is none. */
export function rowDifference(
  at: Instant,
  model: ReadonlyMap<string, SeatRow>,
  actual: ReadonlyMap<string, SeatRow>,
  on: string,
): string | null {
  for (const scope of new Set([...model.keys(), ...actual.keys()])) {
    const [ours, theirs] = [model.get(scope), actual.get(scope)];
    if (isDeepStrictEqual(ours, theirs)) continue;
    return `after ${formatInstant(at)}, ${rowsInWords(ours, theirs, on)}`;
  }
  return null;
}

function differenceAt(
  expected: Moment | undefined,
  actual: Moment | undefined,
  on: string,
  cast: readonly Actor[],
): { readonly message: string; readonly calls: readonly number[] } | null {
  if (expected === undefined || actual === undefined) {
    return { message: `the run on ${on} has ${actual === undefined ? 'fewer' : 'more'} steps`, calls: [] };
  }
  for (const [position, { about, call, reply }] of expected.replies) {
    const message = replyDifference(about, reply, actual.replies.get(position)?.reply, on, cast);
    if (message !== null) return { message, calls: [call] };
  }
  const message = rowDifference(actual.at, expected.held, actual.held, on);
  return message === null ? null : { message, calls: [] };
}

/** The wording of a failure is the implementation's own. */
function comparable(reply: Reply): Reply {
  return reply.type === 'failed' ? { ...reply, message: '' } : reply;
}

function momentsOf(history: History): readonly Moment[] {
  const moments: {
    at: Instant;
    key: string;
    replies: Map<number, { call: number; about: string; reply: Reply }>;
    held: ReadonlyMap<string, SeatRow>;
  }[] = [];
  const calls = new Map<number, { key: string; action: number; about: string }>();
  let held = new Map<string, SeatRow>();
  const momentOf = (at: Instant, key: string): (typeof moments)[number] => {
    const last = moments.at(-1);
    if (last?.key === key) return last;
    const moment = { at, key, replies: new Map(), held };
    moments.push(moment);
    return moment;
  };
  for (const event of history.events) {
    if (event.type === 'called') {
      // Two sweeps of the server's own are never at one instant.
      const key = event.step === null ? `sweep ${event.at}` : `step ${event.step}`;
      const about = `${event.actor ?? 'server'}'s ${event.command.type} at ${formatInstant(event.at)}`;
      calls.set(event.call, { key, action: event.action, about });
      momentOf(event.at, key);
    } else if (event.type === 'answered') {
      const call = calls.get(event.call);
      if (call === undefined) continue;
      momentOf(event.at, call.key).replies.set(call.action, {
        call: event.call,
        about: call.about,
        reply: event.reply,
      });
    } else if (event.type === 'held') {
      held = new Map(held);
      for (const row of event.seats) held.set(keyOf(row.scope), row);
      const last = moments.at(-1);
      if (last !== undefined) last.held = held;
    }
  }
  return moments;
}
