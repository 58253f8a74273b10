/** Of which services every state can be searched, and what those are told that are none of them. */
import { expect, it } from 'vitest';
import { decide } from '../../../../src/core/decide.ts';
import { recommended } from '../../../../src/core/presets/recommended.ts';
import { FRESH_SEAT } from '../../../../src/core/seat.ts';
import { START } from '../../../../src/core/time.ts';
import type { ServiceHost } from '../../../../src/designs/service-host.ts';
import { design } from '../../../../src/designs/written.ts';
import { serverRuleOf } from '../../../../src/search/exhaust/session/server-rule.ts';

const SCOPE = { license: 'L1', symbol: '' };
const START_OF_A = { type: 'start', scope: SCOPE, session: 'a', device: 'A', takeOver: null } as const;

type Starts = (host: ServiceHost, command: typeof START_OF_A) => unknown;

/** A service that is only ever started. */
function ruleOf(starts: () => Starts) {
  const written = design({
    name: 'mine',
    policy: recommended,
    serve: (host) => {
      const start = starts();
      return { start: (command: typeof START_OF_A) => start(host, command) } as never;
    },
  });
  return serverRuleOf(written, recommended);
}

const atOnce: Starts = ({ seats, policy, storeNow }, command) => {
  const { seat, reply } = decide(seats.read(SCOPE), SCOPE, command, policy, storeNow());
  seats.write(SCOPE, seat);
  return reply;
};

it('a service that answers at once is asked as a rule', () => {
  const {
    seats: [seat],
    reply,
  } = ruleOf(() => atOnce)([FRESH_SEAT], [SCOPE], START_OF_A, 'A', START);
  expect([seat?.term, reply.type]).toEqual([1, 'granted']);
});

it('a store that fails is answered as the design answers it', () => {
  const {
    seats: [seat],
    reply,
  } = ruleOf(() => atOnce)([FRESH_SEAT], [SCOPE], START_OF_A, 'A', START, 'fails');
  expect(seat).toEqual(FRESH_SEAT);
  expect(reply).toMatchObject({ type: 'failed', why: 'store' });
});

it.each<{ says: string; starts: () => Starts }>([
  { says: 'an invalid reply', starts: () => () => 'yes' },
  {
    says: 'an error whose message never repeats',
    starts: () => {
      let thrown = 0;
      return () => {
        throw new TypeError(`failure ${++thrown}`);
      };
    },
  },
])('takes $says for a reply that breaks P0', ({ starts }) => {
  const rule = ruleOf(starts);
  for (let asked = 0; asked < 2; asked++) {
    expect(rule([FRESH_SEAT], [SCOPE], START_OF_A, 'A', START).reply).toEqual({
      type: 'failed',
      why: 'error',
      message: '',
    });
  }
});

it.each<{ says: string; starts: () => Starts; message: RegExp }>([
  {
    says: 'answers by promises',
    starts: () => async (host, command) => await host.store.update(SCOPE, () => atOnce(host, command) as never),
    message: /mine answers by promises.*let it answer at once, by 'seats'/,
  },
  {
    says: 'remembers something itself',
    starts: () => {
      let asked = 0;
      return (host, command) => (asked++ > 0 ? { type: 'failed', why: 'store', message: '' } : atOnce(host, command));
    },
    message: /mine gives another answer after other commands/,
  },
  {
    says: 'does not tell the term of a grant',
    starts: () => () => ({ type: 'granted' }),
    message: /mine does not tell the term in its reply to a start, so its states cannot all be searched/,
  },
  {
    says: 'names a term that is not that of its seat',
    starts: () => (host, command) => ({ ...(atOnce(host, command) as object), term: 7 }),
    message:
      /mine answers a start with a term that is neither that of its seat .* nor that of the request: \{"type":"granted",.*by seats.read and seats.write/,
  },
])('refuses a service that $says', ({ starts, message }) => {
  const rule = ruleOf(starts);
  expect(() => {
    rule([FRESH_SEAT], [SCOPE], START_OF_A, 'A', START);
    rule([FRESH_SEAT], [SCOPE], START_OF_A, 'A', START);
  }).toThrow(message);
});
