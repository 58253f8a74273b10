/** Services that answer, change and throw what plain code seldom does: every engine takes it as `await` and `catch` would. */
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import type { Scope, Seat } from '../../src/core/seat.ts';
import type { ServiceHost } from '../../src/designs/service-host.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import { NO_TIME } from '../../src/core/time.ts';
import type { Design } from '../../src/designs/design.ts';
import { design } from '../../src/designs/written.ts';
import type { History } from '../../src/history/history.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { scriptOfRun } from '../../src/search/campaign/draws.ts';
import { breachIn, checkSessions } from '../../src/search/exhaust/session/check.ts';
import { parseCalls } from '../../src/search/race/case.ts';
import { inMemory } from '../../src/search/race/memory-place.ts';
import { race } from '../../src/search/race/race.ts';
import { referenceService } from '../../src/service/reference.ts';
import { send } from '../../src/service/send.ts';
import { playSettled } from '../../src/world/play-settled.ts';

type Answers = (reply: () => unknown, command: Command) => unknown;

/** The reference service, whose reply to each command `answers` may delay, wrap or replace. */
function answering(answers: Answers): Design {
  return design({
    name: 'mine',
    policy: recommended,
    serve: ({ seats, policy, storeNow }) => {
      const right = referenceService(seats, policy, storeNow);
      const asked = (command: Command): never => answers(() => send(right, command), command) as never;
      return { start: asked, heartbeat: asked, end: asked, status: asked };
    },
  });
}

const played = (mine: Design): Promise<History> =>
  playSettled(scriptOfRun(mine, { seed: 7, faults: [], devices: 2 }, 1), mine);

const raced = (mine: Design): ReturnType<typeof race> =>
  race([inMemory(mine)], { calls: parseCalls('start,start'), seat: 'fresh', isolation: 'read committed', extras: [] });

/** A query as query builders write it: it runs when its method `then` is called, and is called again by each `await`. */
function query(run: () => unknown): unknown {
  return {
    // oxlint-disable-next-line unicorn/no-thenable -- this is what is tested
    then(resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
      try {
        resolve(run());
      } catch (error) {
        reject(error);
      }
    },
  };
}

describe('an answer with a method then is a promise', () => {
  it.each<{ says: string; answers: Answers }>([
    { says: 'of an object', answers: (reply) => query(reply) },
    { says: 'of a function', answers: (reply) => Object.assign(() => undefined, query(reply)) },
    { says: 'of a native promise', answers: (reply) => Promise.resolve().then(reply) },
  ])('$says', async ({ answers }) => {
    const mine = answering(answers);
    const history = await played(mine);
    expect(judgeHistory(history).filter(({ outcome }) => outcome === 'broken')).toEqual([]);
    expect(history).toEqual({ ...(await played(answering((reply) => reply()))), title: history.title });
    expect([...(await raced(mine)).broken.keys()]).toEqual([]);
    await expect(checkSessions(mine, SEARCH)).rejects.toThrow(/mine answers by promises/);
  });

  it('whose getter throws breaks P0 with that error', async () => {
    const mine = answering(() => ({
      // oxlint-disable-next-line unicorn/no-thenable -- this is what is tested
      get then(): never {
        throw new Error('no connection');
      },
    }));
    expect(await reasonsIn(mine)).toEqual({ world: 'no connection', race: 'no connection' });
    expect(breachIn(await checkSessions(mine, SEARCH))?.name).toBe('service answers');
  });
});

it('a service that changes the command it receives changes nothing that is recorded or judged', async () => {
  const mine = answering((reply, command) => {
    const answer = reply();
    if ('scope' in command) Object.assign(command.scope, { license: command.scope.license.toLowerCase() });
    Object.assign(command, { type: 'none', session: '', term: -1 });
    return answer;
  });
  expect((await played(mine)).events).toEqual((await played(answering((reply) => reply()))).events);
  expect([...(await raced(mine)).broken.keys()]).toEqual([]);
});

it('a service that changes a seat after it read or wrote it changes nothing in the store', async () => {
  const own = (touched: (host: ServiceHost, scope: Scope) => void): Design =>
    design({
      name: 'mine',
      policy: recommended,
      serve: (host) => {
        const right = referenceService(host.seats, host.policy, host.storeNow);
        return {
          ...right,
          start: (command) => {
            touched(host, command.scope);
            return right.start(command);
          },
        };
      },
    });
  const changing = own(({ seats }, scope) => {
    const mine = seats.read(scope);
    Object.assign(mine, { term: mine.term + 7 });
    const [row] = seats.all();
    if (row !== undefined) Object.assign(row.seat, { term: 7 });
  });
  const reading = own(({ seats }, scope) => {
    seats.read(scope);
    seats.all();
  });
  expect((await played(changing)).events).toEqual((await played(reading)).events);
});

it('a service that changes the seat of an update in place updates it', async () => {
  const counting = (change: (seat: Seat) => Seat): Design =>
    design({
      name: 'mine',
      policy: recommended,
      serve: ({ store }) => ({
        start: async ({ scope }) =>
          await store.update(scope, (seat) => {
            const next = change(seat);
            return { seat: next, result: { type: 'granted', term: next.term } as const };
          }),
      }),
    });
  const inPlace = counting((seat) => Object.assign(seat, { term: seat.term + 1 }));
  const copied = counting((seat) => ({ ...seat, term: seat.term + 1 }));
  expect((await played(inPlace)).events).toEqual((await played(copied)).events);
});

describe('whatever is thrown breaks P0, and ends nothing', () => {
  const refuse = (): never => {
    throw new Error('not to be read');
  };
  const closed = new Proxy({}, { get: refuse, getPrototypeOf: refuse, has: refuse, ownKeys: refuse });
  it.each<{ says: string; thrown: unknown; why: string }>([
    { says: 'a text', thrown: 'seat is busy', why: 'seat is busy' },
    { says: 'undefined', thrown: undefined, why: 'the service threw undefined, which is no Error' },
    { says: 'null', thrown: null, why: 'the service threw null, which is no Error' },
    { says: 'a plain object', thrown: { status: 409 }, why: 'the service threw { status: 409 }, which is no Error' },
    { says: 'a proxy whose traps throw', thrown: closed, why: 'an error that cannot be printed' },
  ])('$says', async ({ thrown, why }) => {
    const atOnce = answering(() => {
      throw thrown;
    });
    expect(await reasonsIn(atOnce)).toEqual({ world: why, race: why });
    expect(await reasonsIn(answering(() => Promise.reject(thrown)))).toEqual({ world: why, race: why });
    expect(breachIn(await checkSessions(atOnce, SEARCH))?.name).toBe('service answers');
  });
});

const SEARCH = {
  devices: 2,
  launcher: false,
  symbols: 1,
  faults: 0,
  kinds: [],
  unit: null,
  latency: null,
  drift: null,
  allowed: NO_TIME,
  bounds: {},
} as const;

/** Why P0 broke, in a run of a campaign and in a race. */
async function reasonsIn(mine: Design): Promise<{ readonly world: unknown; readonly race: unknown }> {
  const reason = (history: History): unknown =>
    judgeHistory(history).find(({ code }) => code === 'P0')?.findings[0]?.why;
  const { findings } = await raced(mine);
  return { world: reason(await played(mine)), race: findings.map(({ history }) => reason(history)).find(Boolean) };
}
