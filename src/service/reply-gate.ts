/**
 * The one gate through which every reply of a service passes, whatever engine asked: it accepts the forms that services
 * use, turns them into plain data, and reports what is no reply.
 */
import { inspect } from 'node:util';
import type { Command } from '../core/command.ts';
import { isUsageError } from '../core/failures.ts';
import type { Reply } from '../core/reply.ts';
import { suggest } from '../core/suggest.ts';
import { EPOCH, parseDuration } from '../core/time.ts';

/** What a service may return as an instant: a date, ISO 8601 text, or milliseconds of the virtual clock. */
export type InstantForm = Date | string | number;

/** What a service may return as a duration: milliseconds, or text such as `20s`. */
export type DurationForm = number | string;

/** A reply as a service may write it. */
export type Answer<R extends Reply> = R extends unknown ? { readonly [K in keyof R]: FieldForm<K, R[K]> } : never;

type FieldForm<K, F> = K extends 'expiry' ? InstantForm : K extends 'retryAfter' ? DurationForm : F;

/** What is wrong with a reply, and how a correct one looks. */
export interface InvalidReply {
  /** The field, such as `holder.term`; `reply` where the whole value is no reply, `type` where it answers something else. */
  readonly field: string;
  /** The value as text. */
  readonly value: string;
  /** What the field must be. */
  readonly expected: string;
  /** A correct reply, as code. */
  readonly example: string;
}

export type Checked = { readonly reply: Reply } | { readonly invalid: InvalidReply };

/** Reads what a service returned for this command. Never throws, whatever the value is. */
export function checkReply(command: Pick<Command, 'type'>, value: unknown): Checked {
  try {
    return { reply: readReply(command.type, value) };
  } catch (error) {
    const { field, value: wrong, expected } = error instanceof Mismatch ? error : new Mismatch('reply', value, PLAIN);
    const type = error instanceof Mismatch ? error.type : null;
    return { invalid: { field, value: shown(wrong), expected, example: EXAMPLES[type ?? FIRST[command.type]] } };
  }
}

/** `expiry is 'tomorrow'; it must be a Date, …`. */
export function invalidReplyInWords({ field, value, expected }: InvalidReply): string {
  return `${field === 'reply' ? 'the reply' : field} is ${value}; it must be ${expected}`;
}

const PLAIN = 'an object that can be read';

class Mismatch extends Error {
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;
  type: Reply['type'] | null = null;

  constructor(field: string, value: unknown, expected: string) {
    super(expected);
    this.field = field;
    this.value = value;
    this.expected = expected;
  }
}

type Reader = (value: unknown, field: string) => unknown;

const TYPES: { readonly [T in Command['type']]: readonly Reply['type'][] } = {
  start: ['granted', 'refused', 'gone', 'failed'],
  heartbeat: ['renewed', 'gone', 'failed'],
  end: ['ended', 'gone', 'failed'],
  status: ['active', 'idle', 'failed'],
  sweep: ['swept', 'failed'],
};

const FIRST: { readonly [T in Command['type']]: Reply['type'] } = {
  start: 'granted',
  heartbeat: 'renewed',
  end: 'ended',
  status: 'active',
  sweep: 'swept',
};

const EXAMPLES: { readonly [T in Reply['type']]: string } = {
  granted: `{ type: 'granted', term: 1, expiry: new Date(Date.now() + 60_000) }`,
  refused: `{ type: 'refused', retryAfter: '20s', holder: { device: 'ab12' } }`,
  renewed: `{ type: 'renewed', expiry: new Date(Date.now() + 60_000) }`,
  gone: `{ type: 'gone', why: 'expired' }`,
  ended: `{ type: 'ended' }`,
  active: `{ type: 'active', holder: { device: 'ab12', term: 1 } }`,
  idle: `{ type: 'idle', retryAfter: 0 }`,
  swept: `{ type: 'swept', sessions: [{ session: 's1', scope: { license: 'L1', symbol: '' } }] }`,
  failed: `{ type: 'failed', why: 'store', message: 'the database cannot be reached' }`,
};

const FIELDS: { readonly [T in Reply['type']]: Readonly<Record<string, Reader>> } = {
  granted: {
    session: identifier,
    term,
    expiry: instant,
    replaced: orNull(holder),
    notice: orNull(text),
    credential: identifier,
  },
  refused: {
    reason: oneOf('same-device', 'other-device', 'grace'),
    holder,
    retryAfter: duration,
    replaced: orNull(holder),
    notice: text,
  },
  renewed: { term, expiry: instant, credential: identifier },
  gone: { why: oneOf('expired', 'replaced', 'ended', 'unknown'), by: orNull(identifier) },
  ended: {},
  active: { holder, expiry: instant },
  idle: { retryAfter: duration, notice: text },
  swept: { sessions: sweptSessions },
  failed: { why: oneOf('unknown-license', 'store', 'error'), message: text, sqlstate: text },
};

/** The fields that a reply of this type may tell. */
export function optionalFields(type: Reply['type']): readonly string[] {
  return Object.keys(FIELDS[type]);
}

function readReply(command: Command['type'], value: unknown): Reply {
  if (typeof value !== 'object' || value === null) throw new Mismatch('reply', value, 'an object with a type');
  const type = TYPES[command].find((known) => known === Reflect.get(value, 'type'));
  if (type === undefined) {
    const types = TYPES[command].map((known) => `'${known}'`).join(', ');
    throw new Mismatch('type', Reflect.get(value, 'type'), `one of ${types} in a reply to ${command}`);
  }
  try {
    return { type, ...fields(value, FIELDS[type], '', ['type']) };
  } catch (error) {
    if (error instanceof Mismatch) error.type = type;
    throw error;
  }
}

/** The known fields that are told. Undefined means not told, and so does null where null has no meaning of its own. */
function fields(
  value: object,
  readers: Readonly<Record<string, Reader>>,
  prefix: string,
  others: readonly string[],
): Record<string, unknown> {
  const names = Object.keys(readers);
  for (const key of Object.keys(value)) {
    if (names.includes(key) || others.includes(key)) continue;
    const near = suggest(key, names);
    throw new Mismatch(
      `${prefix}${key}`,
      Reflect.get(value, key),
      `left out, because a reply has no such field${near === null ? '' : `; did you mean ${near}?`}`,
    );
  }
  const told: Record<string, unknown> = {};
  for (const name of names) {
    const field = Reflect.get(value, name) as unknown;
    const read = field === undefined ? undefined : readers[name]?.(field, `${prefix}${name}`);
    if (read !== undefined) told[name] = read;
  }
  return told;
}

function orNull(reader: Reader): Reader {
  return (value, field) => (value === null ? null : reader(value, field));
}

function oneOf(...values: readonly string[]): Reader {
  return (value, field) => {
    if (value === null) return undefined;
    if (values.includes(value as string)) return value;
    throw new Mismatch(field, value, `one of ${values.map((each) => `'${each}'`).join(', ')}`);
  };
}

function text(value: unknown, field: string): unknown {
  if (value === null || typeof value === 'string') return value ?? undefined;
  throw new Mismatch(field, value, 'text');
}

/** Ids and tokens that are numbers are kept as text. */
function identifier(value: unknown, field: string): unknown {
  if (value === null) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) return String(value);
  throw new Mismatch(field, value, 'text that is not empty');
}

/** A term may also be text, as node-postgres returns a bigint. */
function term(value: unknown, field: string): unknown {
  if (value === null) return undefined;
  const number =
    typeof value === 'bigint' || (typeof value === 'string' && /^\d+$/.test(value)) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Mismatch(field, value, 'a whole number from 0 up that rises with every grant');
}

/** Dates and texts are on the calendar of the virtual clock, and so are numbers of the size of `Date.now()`. */
function instant(value: unknown, field: string): unknown {
  if (value === null) return undefined;
  const ms = value instanceof Date ? value.getTime() : typeof value === 'string' ? epochOf(value) : value;
  if (typeof ms === 'number' && Number.isFinite(ms) && Math.abs(ms) <= LAST_DATE) {
    const ofCalendar = typeof value !== 'number' || ms >= EPOCH;
    return Math.round(ofCalendar ? ms - EPOCH : ms);
  }
  throw new Mismatch(field, value, 'a Date, ISO 8601 text with a time zone, or milliseconds of the virtual clock');
}

/** The largest number of milliseconds that a `Date` can show. */
const LAST_DATE = 8.64e15;

function epochOf(value: string): number {
  // Without a zone the text would be read in the zone of this machine.
  const iso = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}(:?\d{2})?)$/.exec(value.trim());
  if (iso === null) return Number.NaN;
  const [, , , zone = 'Z'] = iso;
  const padded = /^[+-]\d{2}$/.test(zone) ? `${value.trim()}:00` : value.trim();
  return Date.parse(padded.replace(' ', 'T').replace(' ', ''));
}

function duration(value: unknown, field: string): unknown {
  if (value === null) return undefined;
  const ms = typeof value === 'string' ? durationOf(value) : value;
  if (typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 && ms <= LAST_DATE) return Math.ceil(ms);
  throw new Mismatch(field, value, `milliseconds from 0 up, or text with a unit such as '20s'`);
}

function durationOf(value: string): number {
  try {
    return parseDuration(value);
  } catch (error) {
    if (isUsageError(error)) return Number.NaN;
    throw error;
  }
}

const HOLDER = { session: identifier, device: identifier, term };

function holder(value: unknown, field: string): unknown {
  if (value === null) return undefined;
  if (typeof value !== 'object') throw new Mismatch(field, value, 'an object with session, device or term');
  const told = fields(value, HOLDER, `${field}.`, []);
  return Object.keys(told).length === 0 ? undefined : told;
}

function sweptSessions(value: unknown, field: string): unknown {
  if (value === null) return undefined;
  if (!Array.isArray(value)) throw new Mismatch(field, value, 'an array of sessions');
  return value.map((each: unknown, index) => {
    const place = `${field}[${index}]`;
    if (typeof each !== 'object' || each === null) throw new Mismatch(place, each, 'an object with a scope');
    const scope = Reflect.get(each, 'scope') as unknown;
    const license =
      typeof scope === 'object' && scope !== null ? (Reflect.get(scope, 'license') as unknown) : undefined;
    if (typeof license !== 'string') throw new Mismatch(`${place}.scope`, scope, 'an object with a license');
    const symbol = Reflect.get(scope as object, 'symbol') as unknown;
    return {
      ...fields(each, HOLDER, `${place}.`, ['scope']),
      scope: { license, symbol: typeof symbol === 'string' ? symbol : '' },
    };
  });
}

const LONGEST_VALUE = 120;

function shown(value: unknown): string {
  let inspected: string;
  try {
    inspected = inspect(value, {
      depth: 2,
      breakLength: Infinity,
      maxStringLength: LONGEST_VALUE,
      customInspect: false,
    });
  } catch {
    inspected = `a ${typeof value} that cannot be printed`;
  }
  const line = inspected.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE)}…` : line;
}
