/** Which requests the harness sends at rest, given what clients were told before. */
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Instant } from '../../src/core/time.ts';
import type { Actor, HistoryEvent } from '../../src/history/history.ts';
import { probesOf, strangerTo } from '../../src/service/probe.ts';

const scope = { license: 'L1', symbol: '' };
const AT = 0 as Instant;
const stranger = strangerTo([{ name: 'laptop', device: 'laptop' }]);

const start = (session: string): Command => ({
  type: 'start',
  scope,
  session,
  device: `${session}-device`,
  takeOver: null,
});
const heartbeat = (session: string, term: number | null = 1): Command => ({
  type: 'heartbeat',
  scope,
  session,
  term,
  device: `${session}-device`,
});
const end = (session: string): Command => ({ type: 'end', scope, session, term: 1, device: `${session}-device` });

const GRANTED: Reply = { type: 'granted', term: 1 };
const RENEWED: Reply = { type: 'renewed' };
const ENDED: Reply = { type: 'ended' };
const GONE: Reply = { type: 'gone' };

const called = (call: number, actor: string, command: Command): HistoryEvent => ({
  type: 'called',
  at: AT,
  sent: AT,
  call,
  actor,
  step: null,
  action: 0,
  command,
});

const answered = (call: number, reply: Reply, arrived = true): HistoryEvent => ({
  type: 'answered',
  at: AT,
  call,
  storeTime: AT,
  reply,
  arrived,
});

/** Calls one after another, each with its reply. */
function inTurn(...calls: readonly (readonly [string, Command, Reply])[]): readonly HistoryEvent[] {
  return calls.flatMap(([actor, command, reply], call) => [called(call, actor, command), answered(call, reply)]);
}

/** What is asked where `replies` answer heartbeats and starts by their actor: `heartbeat laptop`. */
function asked(
  events: readonly HistoryEvent[],
  { has = ['status', 'heartbeat'], replies = {} }: { has?: readonly string[]; replies?: Record<string, Reply> } = {},
): readonly string[] {
  const probes = probesOf(events, stranger, (request) => has.includes(request));
  const lines: string[] = [];
  let turn = probes.next();
  while (turn.done !== true) {
    const { actor, command } = turn.value;
    const line = `${command.type} ${actor}`;
    lines.push(line);
    turn = probes.next(replies[line] ?? null);
  }
  return lines;
}

const rows: readonly { says: string; events: readonly HistoryEvent[]; heartbeats: readonly string[] }[] = [
  { says: 'a granted session', events: inTurn(['laptop', start('a'), GRANTED]), heartbeats: ['laptop'] },
  {
    says: 'no session that its client was told is gone',
    events: inTurn(['laptop', start('a'), GRANTED], ['laptop', heartbeat('a'), GONE]),
    heartbeats: [],
  },
  {
    says: 'no session that ended alone',
    events: inTurn(['laptop', start('a'), GRANTED], ['laptop', end('a'), ENDED]),
    heartbeats: [],
  },
  {
    says: 'a session that ended while its heartbeat was under way',
    events: [
      ...inTurn(['laptop', start('a'), GRANTED]),
      called(1, 'laptop', heartbeat('a')),
      called(2, 'laptop', end('a')),
      answered(2, ENDED),
      answered(1, RENEWED),
    ],
    heartbeats: ['laptop'],
  },
  {
    says: 'a session that was renewed after its end',
    events: inTurn(['laptop', start('a'), GRANTED], ['laptop', end('a'), ENDED], ['laptop', heartbeat('a'), RENEWED]),
    heartbeats: ['laptop'],
  },
  {
    says: 'no session of a process that crashed',
    events: [...inTurn(['laptop', start('a'), GRANTED]), { type: 'crashed', at: AT, actor: 'laptop' }],
    heartbeats: [],
  },
  {
    says: 'no session whose grant its client never heard of',
    events: [called(0, 'laptop', start('a')), answered(0, GRANTED, false)],
    heartbeats: [],
  },
  {
    says: 'the 8 latest of many sessions',
    events: inTurn(...Array.from({ length: 9 }, (_, n) => [`p${n}`, start(`s${n}`), GRANTED] as const)),
    heartbeats: ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'],
  },
];

describe('probes', () => {
  test.each(rows)('ask a heartbeat of $says', ({ events, heartbeats }) => {
    const lines = heartbeats.map((actor) => `heartbeat ${actor}`);
    expect(asked(events)).toEqual(['status stranger', ...lines, 'start stranger']);
  });

  test('ask again only those that were renewed, once a stranger was granted', () => {
    const events = inTurn(['laptop', start('a'), GRANTED], ['desktop', start('b'), GRANTED]);
    const replies = { 'heartbeat laptop': RENEWED, 'heartbeat desktop': GONE, 'start stranger': GRANTED };
    expect(asked(events, { replies }).slice(3)).toEqual(['start stranger', 'heartbeat laptop', 'heartbeat stranger']);
    expect(asked(events, { replies: { ...replies, 'start stranger': { type: 'refused' } } })).toHaveLength(4);
  });

  test('send no request that the service does not have', () => {
    const events = inTurn(['laptop', start('a'), GRANTED]);
    expect(asked(events, { has: [], replies: { 'start stranger': GRANTED } })).toEqual(['start stranger']);
  });

  test('ask nothing where no request was about a seat', () => {
    expect(asked(inTurn(['server', { type: 'sweep' }, { type: 'swept' }]))).toEqual([]);
  });

  test('present the device, the term and the latest credential of the session', () => {
    const events = inTurn(
      ['laptop', start('a'), { ...GRANTED, session: 'own', term: 7, credential: 'first' }],
      ['laptop', heartbeat('own', 7), { ...RENEWED, credential: 'second' }],
    );
    const probes = probesOf(events, stranger, (request) => request === 'heartbeat');
    const first = probes.next();
    expect(first.value).toEqual({
      actor: 'laptop',
      command: { type: 'heartbeat', scope, session: 'own', term: 7, device: 'a-device', credential: 'second' },
    });
    probes.next({ ...RENEWED, credential: 'third' });
    const last = probes.next(GRANTED);
    expect(last.value).toMatchObject({ command: { session: 'own', credential: 'third' } });
  });
});

test('the stranger has a name and a device that the cast does not have', () => {
  const cast: Pick<Actor, 'name' | 'device'>[] = [{ name: 'bot', device: 'stranger' }];
  expect(strangerTo(cast)).toMatchObject({ name: 'stranger 2', device: 'stranger 2' });
});
