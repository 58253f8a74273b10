/** How a difference between the model and another implementation reads in a sentence. */
import { isDeepStrictEqual } from 'node:util';
import type { Reply } from '../core/reply.ts';
import { formatDuration, formatInstant, type Duration, type Instant } from '../core/time.ts';
import type { Actor, SeatRow } from '../history/history.ts';
import { describeReply } from './describe.ts';

/** `renewed (expiry 80s) on the model, gone (expired) on postgres`; by the field, where the words are the same. */
export function repliesInWords(model: Reply, actual: Reply | undefined, on: string, cast: readonly Actor[]): string {
  const said = (reply: Reply): string => describeReply(reply, { cast, sameSession: false });
  if (actual === undefined) return `${said(model)} on the model, and not at all on ${on}`;
  if (said(model) !== said(actual)) return `${said(model)} on the model, ${said(actual)} on ${on}`;
  return `${said(model)} on both, but with ${fieldsInWords(model, actual, on)}`;
}

/** `the seat of L1 has term 1 on the model, 7 on postgres`. At least one of the rows is there. */
export function rowsInWords(model: SeatRow | undefined, actual: SeatRow | undefined, on: string): string {
  const { license = '', symbol = '' } = (model ?? actual)?.scope ?? {};
  const seat = `the seat of ${symbol === '' ? license : `${license}, ${symbol}`}`;
  if (model === undefined) return `${seat} is not there on the model, but on ${on}`;
  if (actual === undefined) return `${seat} is there on the model, but not on ${on}`;
  return `${seat} has ${fieldsInWords(model.seat, actual.seat, on)}`;
}

/** `term 1 on the model, 7 on postgres; latest.device …`. */
function fieldsInWords(model: unknown, actual: unknown, on: string): string {
  return differences(model, actual, '')
    .map(({ field, ours, theirs }) => `${field} ${ours} on the model, ${theirs} on ${on}`)
    .join('; ');
}

interface Difference {
  /** `latest.standing.lastHeartbeat`. */
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

function differences(model: unknown, actual: unknown, field: string): readonly Difference[] {
  if (isDeepStrictEqual(model, actual)) return [];
  if (!isRecord(model) || !isRecord(actual))
    return [{ field, ours: plain(model, field), theirs: plain(actual, field) }];
  return [...new Set([...Object.keys(model), ...Object.keys(actual)])].flatMap((key) =>
    differences(model[key], actual[key], field === '' ? key : `${field}.${key}`),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What ends the name of a field that holds a time. */
const INSTANT = /(?:At|lastHeartbeat|expiry)$/;
const DURATION = /(?:timeout|retryAfter)$/;

function plain(value: unknown, field: string): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'number' && INSTANT.test(field)) return formatInstant(value as Instant);
  if (typeof value === 'number' && DURATION.test(field)) return formatDuration(value as Duration);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'something';
}
