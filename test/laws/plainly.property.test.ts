/** Plain renewals are counted and not looked at: that makes no difference to any verdict, on sound Histories and on damaged ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Command } from '../../src/core/command.ts';
import type { Instant } from '../../src/core/time.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { History, HistoryEvent, SeatRow } from '../../src/history/history.ts';
import { lawsIn, LAWS } from '../../src/laws/all.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { delayed, play, policies, steps } from './random-history.ts';
import { steadyHistory } from './steady-history.ts';
import { seed } from '../seed.ts';

const THOROUGH = lawsIn({ plainly: false });

/** The verdicts with and without the short way. */
function bothWays(history: History): readonly [unknown, unknown] {
  return [judgeHistory(history, LAWS), judgeHistory(history, THOROUGH)];
}

test('of devices that do nothing but work', () => {
  const swept = { ...recommended, cleanUp: { type: 'swept', every: 300_000 as never } } as const;
  for (const history of [steadyHistory(20), { ...steadyHistory(20), policy: swept }]) {
    const [plain, thorough] = bothWays(history);
    expect(plain).toEqual(thorough);
  }
});

test('of renewals that only the rows tell of', () => {
  const { events, ...rest } = steadyHistory(12, true);
  const unheard = (event: HistoryEvent): boolean => event.type === 'answered' && event.call >= 9 && event.call < 21;
  const [plain, thorough] = bothWays({ ...rest, events: events.filter((event) => !unheard(event)) });
  expect(plain).toEqual(thorough);
});

test('of random commands under random policies', () => {
  const delays = fc.oneof(fc.constant([0]), fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 8 }));
  fc.assert(
    fc.property(policies, steps, delays, (policy, script, delay) => {
      const [plain, thorough] = bothWays(delayed(play(policy, script), delay));
      expect(plain).toEqual(thorough);
    }),
    { seed, numRuns: 150 },
  );
});

const KINDS = [
  'drop',
  'repeat',
  'swap',
  'expiry',
  'clock',
  'term',
  'row',
  'late',
  'stale',
  'end',
  'status',
  'sweep',
  'crash',
  'lost',
  'gone',
] as const;

/** One damage to a History: at some event, of some kind, by some amount. */
interface Damage {
  readonly where: number;
  readonly kind: (typeof KINDS)[number];
  readonly by: number;
}

const damages = fc.array(
  fc.record<Damage>({
    where: fc.nat({ max: 80 }),
    kind: fc.constantFrom(...KINDS),
    by: fc.oneof(fc.constantFrom(-1, 1, 0), fc.integer({ min: -70_000, max: 70_000 })),
  }),
  { minLength: 1, maxLength: 6 },
);

test('of steady work that something disturbs', () => {
  let broken = 0;
  fc.assert(
    fc.property(damages, fc.boolean(), (list, oneLicense) => {
      const history = list.reduce(damaged, steadyHistory(8, oneLicense));
      broken += judgeHistory(history).some(({ outcome }) => outcome === 'broken') ? 1 : 0;
      const [plain, thorough] = bothWays(history);
      expect(plain).toEqual(thorough);
    }),
    { seed, numRuns: 600 },
  );
  expect(broken, `seed ${seed}`).toBeGreaterThan(50);
});

function damaged(history: History, { where, kind, by }: Damage): History {
  const events = [...history.events];
  const position = where % (events.length - 1);
  const event = events[position] as HistoryEvent;
  const put = (...instead: HistoryEvent[]): History => ({
    ...history,
    events: events.toSpliced(position, 1, ...instead),
  });
  switch (kind) {
    case 'drop':
      return put();
    case 'repeat':
      return put(event, event);
    case 'stale':
      return event.type === 'answered' ? staled(history, event.call) : history;
    case 'swap':
      return put(...(position + 2 < events.length ? [events[position + 1] as HistoryEvent] : []), event);
    case 'crash':
      return put(event, { type: 'crashed', at: event.at, actor: 'laptop' });
    case 'end':
    case 'status':
    case 'sweep':
      return put(event, ...call(event.at, 1000 + where, commandOf(kind, by), replyTo(kind, by)));
    case 'late':
      return put({ ...event, at: Math.max(0, event.at + by) as Instant });
    case 'row':
      return event.type === 'held' ? put({ ...event, seats: event.seats.map((row) => movedRow(row, by)) }) : history;
    default:
      return event.type === 'answered' ? put({ ...event, ...changed(event, kind, by) }) : history;
  }
}

function changed(
  event: Extract<HistoryEvent, { type: 'answered' }>,
  kind: Damage['kind'],
  by: number,
): Partial<typeof event> {
  const { reply, storeTime } = event;
  if (kind === 'lost') return { arrived: false };
  if (kind === 'clock') return { storeTime: Math.max(0, storeTime + by) as Instant };
  if (kind === 'gone') return { reply: { type: 'gone', why: 'expired', by: null } };
  if (reply.type !== 'renewed') return {};
  if (kind === 'expiry') return { reply: { ...reply, expiry: ((reply.expiry ?? 0) + by) as Instant } };
  return { reply: { ...reply, term: (reply.term ?? 0) + Math.sign(by) } };
}

/** The call took long, and its answer tells an expiry from before the last one. */
function staled(history: History, stale: number): History {
  const events = history.events.map((event): HistoryEvent => {
    if (event.type === 'called' && event.call === stale)
      return { ...event, at: Math.max(0, event.at - 50_000) as Instant };
    if (event.type !== 'answered' || event.call !== stale || event.reply.type !== 'renewed') return event;
    return { ...event, reply: { ...event.reply, expiry: ((event.reply.expiry ?? 0) - 30_000) as Instant } };
  });
  return { ...history, events };
}

function movedRow(row: SeatRow, by: number): SeatRow {
  const { latest } = row.seat;
  if (latest?.standing.type !== 'held') return row;
  const lastHeartbeat = Math.max(0, latest.standing.lastHeartbeat + by) as Instant;
  return { ...row, seat: { ...row.seat, latest: { ...latest, standing: { type: 'held', lastHeartbeat } } } };
}

const SCOPE = { license: 'L0', symbol: '' };
const LAPTOP = { session: 'laptop', device: 'laptop', term: 1 };

function commandOf(kind: 'end' | 'status' | 'sweep', by: number): Command {
  const session = by === 0 ? 'laptop' : 'other';
  if (kind === 'end') return { type: 'end', scope: SCOPE, session, term: 1, device: 'laptop' };
  return kind === 'status' ? { type: 'status', scope: SCOPE } : { type: 'sweep' };
}

function replyTo(kind: 'end' | 'status' | 'sweep', by: number): Reply {
  if (kind === 'end') return { type: 'ended' };
  if (kind === 'sweep') return { type: 'swept', sessions: by > 0 ? [{ ...LAPTOP, scope: SCOPE }] : [] };
  return by > 0
    ? { type: 'idle', retryAfter: 0 as never, notice: '' }
    : { type: 'active', holder: LAPTOP, expiry: 60_060 as Instant };
}

function call(at: Instant, number: number, command: Command, reply: Reply): readonly HistoryEvent[] {
  return [
    { type: 'called', at, sent: at, call: number, actor: 'laptop', step: null, action: 0, command },
    { type: 'answered', at, call: number, storeTime: at, reply, arrived: true },
  ];
}
