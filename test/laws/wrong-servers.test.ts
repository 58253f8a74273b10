/** Servers that are wrong in ways that no law knows by name: random commands must make some law see each of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command, HeartbeatCommand, StartCommand } from '../../src/core/command.ts';
import { decide } from '../../src/core/decide.ts';
import type { Policy } from '../../src/core/policy.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Complete, HeartbeatReply, StartReply, StatusReply, SweepReply } from '../../src/core/reply.ts';
import type { Scope, Seat, Session } from '../../src/core/seat.ts';
import { milliseconds, type Instant } from '../../src/core/time.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import type { CompleteService } from '../../src/service/port.ts';
import type { MemoryStore } from '../../src/service/store.ts';
import { play, steps, type Tamper } from './random-history.ts';
import { seed } from '../seed.ts';

const REFUSING: Policy = { ...recommended, name: 'refusing', onConflict: 'refuse' };
const TAKING: Policy = {
  ...recommended,
  name: 'taking over',
  onConflict: 'take-over',
  grace: { afterExpiry: milliseconds(0), afterTakeover: milliseconds(0) },
};
const PER_SYMBOL: Policy = { ...REFUSING, scope: 'license-and-symbol', licenseLimit: 2 };

/** At most so many; it ends when each law that a server breaks has been seen. */
const RUNS = 1_000;

interface Server {
  readonly service: CompleteService;
  readonly store: MemoryStore;
  readonly now: () => Instant;
}
type Wrong = (server: Server) => Partial<CompleteService>;

const wrong =
  (make: Wrong): Tamper =>
  (service, store, now) => ({ ...service, ...make({ service, store, now }) });

/** Runs the right rule on a seat that is not the real one, or under another policy, and keeps what comes of it. */
function decideOn(
  { store, now }: Server,
  scope: Scope,
  command: Command,
  seat: Seat,
  policy: Policy,
): Complete<StartReply> {
  const decision = decide(seat, scope, command, policy, now());
  if (decision.seat !== store.read(scope)) store.write(scope, decision.seat);
  return decision.reply as Complete<StartReply>;
}

const withLatest = (seat: Seat, change: Partial<Session>): Seat =>
  seat.latest === null ? seat : { ...seat, latest: { ...seat.latest, ...change } };

const answersRenewed = (server: Server, command: HeartbeatCommand): Complete<HeartbeatReply> => ({
  type: 'renewed',
  term: command.term ?? 0,
  expiry: (server.now() + recommended.timeout) as Instant,
});

const SERVERS: readonly (readonly [what: string, policy: Policy, laws: readonly string[], make: Wrong])[] = [
  [
    'grants every start as if the seat were free',
    REFUSING,
    ['P1', 'P9', 'P12', 'P5'],
    (server) => ({
      start: (command) =>
        decideOn(
          server,
          command.scope,
          command,
          withLatest(server.store.read(command.scope), { standing: { type: 'released' } }),
          REFUSING,
        ),
    }),
  ],
  [
    'judges a holder by half of its timeout',
    REFUSING,
    ['P1', 'P12', 'P17'],
    (server) => ({
      start: (command) => {
        const seat = server.store.read(command.scope);
        return decideOn(server, command.scope, command, withLatest(seat, { timeout: milliseconds(30_000) }), REFUSING);
      },
    }),
  ],
  [
    'lets a start in one millisecond early',
    REFUSING,
    ['P1', 'P12', 'P17'],
    (server) => ({
      start: (command) => {
        const seat = server.store.read(command.scope);
        return decideOn(server, command.scope, command, withLatest(seat, { timeout: milliseconds(59_999) }), REFUSING);
      },
    }),
  ],
  [
    'lets a start in one millisecond late',
    REFUSING,
    ['P13', 'P15', 'P17'],
    (server) => ({
      start: (command) => {
        const seat = server.store.read(command.scope);
        return decideOn(server, command.scope, command, withLatest(seat, { timeout: milliseconds(60_001) }), REFUSING);
      },
    }),
  ],
  [
    'counts the dead for another minute',
    REFUSING,
    ['P13', 'P14', 'P17'],
    (server) => ({
      start: (command) => {
        const seat = server.store.read(command.scope);
        return decideOn(server, command.scope, command, withLatest(seat, { timeout: milliseconds(120_000) }), REFUSING);
      },
    }),
  ],
  [
    'answers every heartbeat renewed and writes nothing for those that are gone',
    TAKING,
    ['P4', 'P17'],
    (server) => ({
      heartbeat: (command) => {
        const reply = server.service.heartbeat(command) as Complete<HeartbeatReply>;
        return reply.type === 'gone' ? answersRenewed(server, command) : reply;
      },
    }),
  ],
  [
    'answers a heartbeat renewed and does not write it',
    REFUSING,
    ['P5', 'P6', 'P12'],
    (server) => ({
      heartbeat: (command) => {
        const before = server.store.read(command.scope);
        const reply = server.service.heartbeat(command) as Complete<HeartbeatReply>;
        if (reply.type === 'renewed') server.store.write(command.scope, before);
        return reply;
      },
    }),
  ],
  [
    'writes a heartbeat and answers gone',
    REFUSING,
    ['P6', 'P12'],
    (server) => ({
      heartbeat: (command) => {
        const reply = server.service.heartbeat(command) as Complete<HeartbeatReply>;
        return reply.type === 'renewed' ? { type: 'gone', why: 'expired', by: null } : reply;
      },
    }),
  ],
  [
    'renews by session alone, whatever the term',
    { ...TAKING, sameDevice: 'reconnect' },
    ['P4', 'P6'],
    (server) => ({
      heartbeat: (command) => {
        const seat = server.store.read(command.scope);
        return server.service.heartbeat({
          ...command,
          session: seat.latest?.id ?? '',
          term: seat.term,
        });
      },
    }),
  ],
  [
    'inserts what a heartbeat does not find',
    REFUSING,
    ['P4', 'P16'],
    (server) => ({
      heartbeat: (command) => {
        const seat = server.store.read(command.scope);
        if (seat.latest?.id === command.session && seat.latest.standing.type === 'released') {
          server.store.write(
            command.scope,
            withLatest(seat, { standing: { type: 'held', lastHeartbeat: server.now() } }),
          );
          return answersRenewed(server, command);
        }
        return server.service.heartbeat(command);
      },
    }),
  ],
  [
    'ends whoever has the seat',
    TAKING,
    ['P16', 'P22'],
    (server) => ({
      end: (command) => {
        const seat = server.store.read(command.scope);
        return server.service.end({ ...command, session: seat.latest?.id ?? '', term: seat.term });
      },
    }),
  ],
  [
    'answers an end and forgets to write it',
    REFUSING,
    ['P13', 'P15', 'P16', 'P22'],
    () => ({ end: () => ({ type: 'ended' }) }),
  ],
  [
    'sweeps whatever it finds held',
    REFUSING,
    ['P12', 'P19', 'P5'],
    (server) => ({
      sweep: () => {
        const rows = server.store.all().filter(({ seat }) => seat.latest?.standing.type === 'held');
        for (const { scope, seat } of rows) {
          server.store.write(scope, withLatest(seat, { standing: { type: 'swept', lastHeartbeat: server.now() } }));
        }
        const sessions = rows.map(({ scope, seat }) => ({
          session: seat.latest?.id ?? '',
          device: seat.latest?.device ?? '',
          term: seat.term,
          scope,
        }));
        return { type: 'swept', sessions } satisfies Complete<SweepReply>;
      },
    }),
  ],
  [
    'sweeps live sessions and does not report it',
    REFUSING,
    ['P19', 'P12'],
    (server) => ({
      sweep: () => {
        for (const { scope, seat } of server.store.all()) {
          if (seat.latest?.standing.type !== 'held') continue;
          server.store.write(scope, withLatest(seat, { standing: { type: 'swept', lastHeartbeat: 0 as Instant } }));
        }
        return { type: 'swept', sessions: [] };
      },
    }),
  ],
  [
    'does not recognise a start that is sent again',
    REFUSING,
    ['P20'],
    (server) => {
      let copies = 0;
      return {
        start: (command: StartCommand) =>
          server.service.start({ ...command, session: `${command.session}-${copies++}` }),
      };
    },
  ],
  [
    'refuses a start that is sent again because of the session it made',
    { ...REFUSING, sameDevice: 'refuse' },
    ['P20'],
    (server) => ({
      start: (command) => {
        const seat = server.store.read(command.scope);
        const repeated = seat.latest?.id === command.session && seat.latest.standing.type === 'held';
        return server.service.start(repeated ? { ...command, session: 'other' } : command);
      },
    }),
  ],
  [
    'never finds anybody on a look-up',
    REFUSING,
    ['P7', 'P12'],
    () => ({ status: () => ({ type: 'idle', retryAfter: milliseconds(0), notice: '' }) }),
  ],
  [
    'looks sessions up where they are written later',
    REFUSING,
    ['P7'],
    (server) => {
      let stale: Complete<StatusReply> = { type: 'idle', retryAfter: milliseconds(0), notice: '' };
      return {
        status: (command) => {
          const answer = stale;
          stale = server.service.status(command) as Complete<StatusReply>;
          return answer;
        },
      };
    },
  ],
  [
    'announces the whole timeout',
    REFUSING,
    ['P15'],
    (server) => ({
      start: (command) => {
        const reply = server.service.start(command) as Complete<StartReply>;
        return reply.type === 'refused' ? { ...reply, retryAfter: recommended.timeout } : reply;
      },
    }),
  ],
  [
    'announces half of the wait',
    REFUSING,
    ['P15'],
    (server) => ({
      start: (command) => {
        const reply = server.service.start(command) as Complete<StartReply>;
        return reply.type === 'refused'
          ? { ...reply, notice: '', retryAfter: milliseconds(Math.floor(reply.retryAfter / 2)) }
          : reply;
      },
    }),
  ],
  [
    'shows a wait that it does not announce',
    REFUSING,
    ['P15'],
    (server) => ({
      start: (command) => {
        const reply = server.service.start(command) as Complete<StartReply>;
        return reply.type === 'refused' ? { ...reply, notice: 'Wait 40 seconds.' } : reply;
      },
    }),
  ],
  [
    'says of every grant that it ended the session before',
    TAKING,
    ['P9'],
    (server) => ({
      start: (command) => {
        const { latest, term } = server.store.read(command.scope);
        const reply = server.service.start(command) as Complete<StartReply>;
        if (reply.type !== 'granted' || latest === null || reply.term === term) return reply;
        return { ...reply, replaced: { session: latest.id, device: latest.device, term } };
      },
    }),
  ],
  [
    'takes over and does not say so',
    TAKING,
    ['P1', 'P9'],
    (server) => ({
      start: (command) => {
        const reply = server.service.start(command) as Complete<StartReply>;
        return reply.type === 'granted' ? { ...reply, replaced: null } : reply;
      },
    }),
  ],
  [
    'grants the same term again',
    REFUSING,
    ['P4'],
    (server) => ({
      start: (command) => {
        const seat = server.store.read(command.scope);
        const reply = server.service.start(command) as Complete<StartReply>;
        if (reply.type !== 'granted' || seat.term === 0 || reply.term === seat.term) return reply;
        server.store.write(command.scope, { ...server.store.read(command.scope), term: seat.term });
        return { ...reply, term: seat.term };
      },
    }),
  ],
  [
    'creates the row before its heartbeat, and dies in between',
    REFUSING,
    ['P7', 'P22'],
    (server) => ({
      start: (command) => {
        const reply = server.service.start(command) as Complete<StartReply>;
        if (reply.type === 'granted') {
          server.store.write(
            command.scope,
            withLatest(server.store.read(command.scope), { standing: { type: 'released' } }),
          );
        }
        return reply;
      },
    }),
  ],
  [
    'answers a start before it is stored, and loses it',
    REFUSING,
    ['P7'],
    (server) => ({
      start: (command) => {
        const before = server.store.read(command.scope);
        const reply = server.service.start(command) as Complete<StartReply>;
        if (reply.type === 'granted' && before.term > 0) server.store.write(command.scope, before);
        return reply;
      },
    }),
  ],
  [
    'fails where nothing is wrong',
    REFUSING,
    ['P13'],
    (server) => ({
      start: (command) =>
        server.now() > 60_000 ? { type: 'failed', why: 'store', message: 'no' } : server.service.start(command),
    }),
  ],
  [
    'promises less than it keeps',
    REFUSING,
    ['P12', 'P17'],
    (server) => ({
      heartbeat: (command) => {
        const reply = server.service.heartbeat(command) as Complete<HeartbeatReply>;
        return reply.type === 'renewed' ? { ...reply, expiry: (reply.expiry - 1) as Instant } : reply;
      },
    }),
  ],
  [
    'promises more than it keeps',
    REFUSING,
    ['P12', 'P17'],
    (server) => ({
      heartbeat: (command) => {
        const reply = server.service.heartbeat(command) as Complete<HeartbeatReply>;
        return reply.type === 'renewed' ? { ...reply, expiry: (reply.expiry + 30_000) as Instant } : reply;
      },
    }),
  ],
  ['counts the sessions of each symbol by itself', { ...PER_SYMBOL, licenseLimit: 1 }, ['P21'], () => ({})],
];

test.each(SERVERS)('a server that %s breaks a law', (_what, policy, laws, make) => {
  const found = new Set<string>();
  const missed = (): readonly string[] => laws.filter((code) => !found.has(code));
  for (const script of fc.sample(steps, { seed, numRuns: RUNS })) {
    for (const { code, outcome } of judgeHistory(play(policy, script, wrong(make)))) {
      if (outcome === 'broken') found.add(code);
    }
    if (missed().length === 0) break;
  }
  expect(missed(), `seed ${seed}, found ${[...found].join(', ')}`).toEqual([]);
});
