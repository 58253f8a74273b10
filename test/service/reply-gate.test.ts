/** The gate for replies: the forms that it accepts, what it reports of others, and that no value whatever makes it throw. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import { EPOCH } from '../../src/core/time.ts';
import { checkReply, invalidReplyInWords } from '../../src/service/reply-gate.ts';
import { seed } from '../seed.ts';

type Kind = Command['type'];

const ONE_MINUTE = new Date(EPOCH + 60_000);

describe('accepts', () => {
  const rows: readonly (readonly [says: string, kind: Kind, value: unknown, reply: unknown])[] = [
    ['a type alone', 'start', { type: 'granted' }, { type: 'granted' }],
    [
      'every field as the rule tells it',
      'start',
      { type: 'granted', session: 's', term: 1, expiry: 60_000, replaced: null, notice: null },
      { type: 'granted', session: 's', term: 1, expiry: 60_000, replaced: null, notice: null },
    ],
    ['an expiry as a date', 'heartbeat', { type: 'renewed', expiry: ONE_MINUTE }, { type: 'renewed', expiry: 60_000 }],
    [
      'an expiry as ISO 8601 text',
      'heartbeat',
      { type: 'renewed', expiry: '2000-01-01T01:01:00+01:00' },
      { type: 'renewed', expiry: 60_000 },
    ],
    [
      'an expiry as Postgres prints it',
      'heartbeat',
      { type: 'renewed', expiry: '2000-01-01 00:01:00+00' },
      { type: 'renewed', expiry: 60_000 },
    ],
    [
      'an expiry in milliseconds since 1970, as Date.now() counts',
      'heartbeat',
      { type: 'renewed', expiry: EPOCH + 60_000 },
      { type: 'renewed', expiry: 60_000 },
    ],
    ['a wait as text', 'start', { type: 'refused', retryAfter: '20s' }, { type: 'refused', retryAfter: 20_000 }],
    [
      'a wait with a fraction, rounded up',
      'status',
      { type: 'idle', retryAfter: 1.2 },
      { type: 'idle', retryAfter: 2 },
    ],
    [
      'a term as text, as node-postgres returns a bigint',
      'start',
      { type: 'granted', term: '7' },
      { type: 'granted', term: 7 },
    ],
    ['a term as a bigint', 'start', { type: 'granted', term: 7n }, { type: 'granted', term: 7 }],
    ['a session id that is a number', 'start', { type: 'granted', session: 17 }, { type: 'granted', session: '17' }],
    [
      'fields that are null or undefined as not told',
      'start',
      { type: 'refused', reason: null, holder: null, retryAfter: undefined },
      { type: 'refused' },
    ],
    [
      'a holder by its device alone',
      'start',
      { type: 'refused', holder: { device: 'ab', session: null } },
      { type: 'refused', holder: { device: 'ab' } },
    ],
    ['a holder of which nothing is told as not told', 'status', { type: 'active', holder: {} }, { type: 'active' }],
    [
      'a sweep of a license without symbols',
      'sweep',
      { type: 'swept', sessions: [{ session: 's', scope: { license: 'L1' } }] },
      { type: 'swept', sessions: [{ session: 's', scope: { license: 'L1', symbol: '' } }] },
    ],
    ['a credential', 'start', { type: 'granted', credential: 'token' }, { type: 'granted', credential: 'token' }],
  ];
  test.each(rows)('%s', (_says, type, value, reply) => {
    expect(checkReply({ type }, value)).toEqual({ reply });
  });
});

describe('reports', () => {
  const rows: readonly (readonly [kind: Kind, value: unknown, says: string])[] = [
    ['start', undefined, `the reply is undefined; it must be an object with a type`],
    ['start', 'ok', `the reply is 'ok'; it must be an object with a type`],
    [
      'start',
      { ok: true },
      `type is undefined; it must be one of 'granted', 'refused', 'gone', 'failed' in a reply to start`,
    ],
    [
      'heartbeat',
      { type: 'granted' },
      `type is 'granted'; it must be one of 'renewed', 'gone', 'failed' in a reply to heartbeat`,
    ],
    [
      'start',
      { type: 'granted', term: -1 },
      `term is -1; it must be a whole number from 0 up that rises with every grant`,
    ],
    [
      'start',
      { type: 'granted', term: 1.5 },
      `term is 1.5; it must be a whole number from 0 up that rises with every grant`,
    ],
    [
      'start',
      { type: 'granted', expiry: 'tomorrow' },
      `expiry is 'tomorrow'; it must be a Date, ISO 8601 text with a time zone, or milliseconds of the virtual clock`,
    ],
    [
      'start',
      { type: 'granted', expiry: '2000-01-01T00:01:00' },
      `expiry is '2000-01-01T00:01:00'; it must be a Date, ISO 8601 text with a time zone, or milliseconds of the virtual clock`,
    ],
    [
      'start',
      { type: 'granted', expiry: new Date(Number.NaN) },
      `expiry is Invalid Date; it must be a Date, ISO 8601 text with a time zone, or milliseconds of the virtual clock`,
    ],
    [
      'start',
      { type: 'refused', retryAfter: -1 },
      `retryAfter is -1; it must be milliseconds from 0 up, or text with a unit such as '20s'`,
    ],
    [
      'start',
      { type: 'refused', retryAfter: '20' },
      `retryAfter is '20'; it must be milliseconds from 0 up, or text with a unit such as '20s'`,
    ],
    [
      'start',
      { type: 'refused', retryafter: 20 },
      'retryafter is 20; it must be left out, because a reply has no such field; did you mean retryAfter?',
    ],
    [
      'start',
      { type: 'refused', reason: 'busy' },
      `reason is 'busy'; it must be one of 'same-device', 'other-device', 'grace'`,
    ],
    [
      'start',
      { type: 'refused', holder: 'laptop' },
      `holder is 'laptop'; it must be an object with session, device or term`,
    ],
    [
      'start',
      { type: 'refused', holder: { term: 'one' } },
      `holder.term is 'one'; it must be a whole number from 0 up that rises with every grant`,
    ],
    ['start', { type: 'granted', session: '' }, `session is ''; it must be text that is not empty`],
    ['start', { type: 'refused', notice: 7 }, 'notice is 7; it must be text'],
    ['sweep', { type: 'swept', sessions: 3 }, 'sessions is 3; it must be an array of sessions'],
    [
      'sweep',
      { type: 'swept', sessions: [{ session: 's' }] },
      'sessions[0].scope is undefined; it must be an object with a license',
    ],
  ];
  test.each(rows)('%s answered %j', (type, value, says) => {
    const checked = checkReply({ type }, value);
    expect('invalid' in checked && invalidReplyInWords(checked.invalid)).toBe(says);
  });

  test('an example that passes the gate, whatever is wrong', () => {
    const kinds: readonly Kind[] = ['start', 'heartbeat', 'end', 'status', 'sweep'];
    for (const type of kinds) {
      const checked = checkReply({ type }, 'nonsense');
      // The example is code of this project's own.
      // oxlint-disable-next-line typescript/no-implied-eval
      const example: unknown = 'invalid' in checked ? new Function(`return (${checked.invalid.example})`)() : null;
      expect(checkReply({ type }, example)).toHaveProperty('reply');
    }
  });

  test('objects that resist being read', () => {
    const resisting = new Proxy({}, { get: () => raise(), ownKeys: () => raise() });
    const cyclic: Record<string, unknown> = { type: 'granted' };
    cyclic.notice = cyclic;
    const throwing = Object.defineProperty({ type: 'granted' }, 'term', { get: raise, enumerable: true });
    for (const value of [resisting, cyclic, throwing, Symbol('reply'), 3n, () => 'granted', Object.create(null)]) {
      expect(checkReply({ type: 'start' }, value)).toHaveProperty('invalid');
    }
  });
});

test('no value makes it throw, and what it accepts is plain data that it accepts again', () => {
  const types = fc.constantFrom('granted', 'refused', 'renewed', 'gone', 'ended', 'active', 'idle', 'swept', 'failed');
  const keys = ['session', 'term', 'expiry', 'replaced', 'holder', 'retryAfter', 'sessions', 'why', 'notice', 'by'];
  const record = fc.dictionary(fc.constantFrom(...keys), fc.anything({ withBigInt: true, withDate: true }));
  const value = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withSparseArray: true }),
    fc.tuple(types, record).map(([type, rest]) => ({ ...rest, type })),
  );
  const kind = fc.constantFrom<Kind>('start', 'heartbeat', 'end', 'status', 'sweep');
  let accepted = 0;
  fc.assert(
    fc.property(kind, value, (type, given) => {
      const checked = checkReply({ type }, given);
      if (!('reply' in checked)) return;
      accepted += 1;
      const { reply } = checked;
      expect(JSON.parse(JSON.stringify(reply))).toEqual(reply);
      // An expiry that far in the future reads as one that counts from 1970.
      if ('expiry' in reply && (reply.expiry ?? 0) >= EPOCH) return;
      expect(checkReply({ type }, reply)).toEqual({ reply });
    }),
    { seed, numRuns: 2_000 },
  );
  expect(accepted, `seed ${seed}`).toBeGreaterThan(0);
});

function raise(): never {
  throw new Error('not to be read');
}
