/** A user's own service in a world: what it is given, what it may do, and what is said of one that is none. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/failures.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import { EPOCH, type DurationText } from '../../src/core/time.ts';
import { design, type DesignText } from '../../src/designs/written.ts';
import type { ServiceHost } from '../../src/designs/service-host.ts';
import { encodeHistory } from '../../src/history/codec.ts';
import type { History } from '../../src/history/history.ts';
import { decide, type SessionService } from '../../src/index.ts';
import type { Command } from '../../src/core/command.ts';
import type { Reply } from '../../src/core/reply.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { timeline } from '../../src/report/timeline.ts';
import { referenceService } from '../../src/service/reference.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { playInWorld } from '../../src/world/play.ts';
import { playSettled } from '../../src/world/play-settled.ts';
import type { Action } from '../../src/world/script.ts';
import { actor, scriptOf, starts, stops, time } from '../world/script-of.ts';

type OnSeat = Exclude<Command, { type: 'sweep' }>;

/** A service that carries out every command on a seat in one way. */
function serviceOf(handle: (command: OnSeat) => unknown): SessionService {
  const on = handle as (command: Command) => never;
  return { start: on, heartbeat: on, end: on, status: on, sweep: () => ({ type: 'swept', sessions: [] }) };
}

function written(
  serve: (host: ServiceHost) => SessionService,
  more: Partial<Pick<DesignText, 'name' | 'policy' | 'errors'>> = {},
): ReturnType<typeof design> {
  return design({ name: 'under-test', policy: recommended, serve, ...more });
}

const atomically =
  ({ store, policy }: ServiceHost) =>
  (command: OnSeat): Promise<Reply> =>
    store.update(command.scope, (seat, now) => {
      const { seat: next, reply } = decide(seat, command.scope, command, policy, now);
      return { seat: next, result: reply };
    });

const script = (until: DurationText, ...happenings: readonly (readonly [DurationText, ...Action[]])[]) =>
  scriptOf(
    {
      policy: recommended,
      cast: [actor('laptop', 'laptop', recommended), actor('desktop', 'desktop', recommended)],
      until,
      surroundings: { latency: time('50ms'), storeLatency: time('10ms') },
    },
    happenings,
  );

const SHORT = script(
  '70s',
  ['0s', starts('laptop')],
  ['5s', starts('desktop')],
  ['30s', stops('laptop')],
  ['40s', starts('desktop')],
);

const failures = ({ events }: History): readonly string[] =>
  events.flatMap((event) => {
    if (event.type === 'design-failed') return [`${event.how}: ${event.message}`];
    if (event.type !== 'answered' || event.reply.type !== 'failed' || event.reply.why !== 'error') return [];
    return [`error: ${event.reply.message}`];
  });

describe('a service of promises', () => {
  it('does what the reference does, to the byte', async () => {
    const name = 'under-test';
    const own = await playSettled(
      SHORT,
      written((host) => serviceOf(atomically(host))),
    );
    const reference = playInWorld(SHORT, { ...referenceDesign(recommended, ''), name });
    expect(encodeHistory(own)).toBe(encodeHistory(reference));
  });

  it('may wait for nothing: the store is there at once, with its clock', async () => {
    const own = written(({ seats, policy, storeNow }) => referenceService(seats, policy, storeNow));
    const told = timeline(await playSettled(SHORT, own), null).map((line) => line.trim().replace(/ {2,}/g, ' '));
    expect(told.slice(0, 3)).toEqual([
      '0.05s laptop start → granted, term 1, until 60.05s',
      '0.1s laptop begins to work (term 1)',
      '5.05s desktop start → refused: in use on laptop, retry in 55s',
    ]);
  });

  it('may use the global clock and timers: they are those of the world, and afterwards as they were', async () => {
    const seen: number[] = [];
    const own = written((host) => {
      const handle = atomically(host);
      return serviceOf(async (command) => {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        seen.push(Date.now());
        return handle(command);
      });
    });
    const before = [Date, setTimeout, setInterval];
    await playSettled(SHORT, own);
    expect(seen.slice(0, 2)).toEqual([EPOCH + 1_050, EPOCH + 6_050]);
    expect([Date, setTimeout, setInterval]).toEqual(before);
  });

  it('is asked for a new one when its server comes up again, and the old one does nothing any more', async () => {
    let made = 0;
    const own = written((host) => {
      made += 1;
      const handle = atomically(host);
      return serviceOf(async (command) => {
        await host.sleep(2_000);
        return handle(command);
      });
    });
    const crash: Action = { type: 'crash-server', server: 1, lasts: time('1s') };
    const history = await playSettled(script('4s', ['0s', starts('laptop')], ['1s', crash]), own);
    expect(made).toBe(2);
    expect(history.events.some(({ type }) => type === 'held')).toBe(false);
  });

  it('answers failed where it lets a failure of the store through', async () => {
    const outage: Action = { type: 'store-fails', fault: 'outage', lasts: time('3s') };
    const history = await playSettled(
      script('2s', ['0s', outage, starts('laptop')]),
      written((host) => serviceOf(atomically(host))),
    );
    expect(history.events).toContainEqual(
      expect.objectContaining({
        type: 'answered',
        reply: expect.objectContaining({ type: 'failed', why: 'store' }) as Reply,
      }),
    );
    expect(failures(history)).toEqual([]);
  });

  it.each([
    { says: 'a SQLSTATE', declared: '40001', error: { code: '40001', message: 'could not serialize access' } },
    {
      says: 'a SQLSTATE that a library wraps',
      declared: '40001',
      error: { message: 'Failed query', cause: { code: '40001' } },
    },
    { says: 'the name of an error', declared: 'TimeoutError', error: { name: 'TimeoutError', message: 'too late' } },
  ])('breaks P0 by an error that it throws, unless it declares $says', async ({ declared, error }) => {
    const serve = (): SessionService => serviceOf(() => Promise.reject(Object.assign(new Error(), error)));
    const play = (errors: readonly string[]) =>
      playSettled(script('2s', ['0s', starts('laptop')]), written(serve, { errors }));
    const isBroken = (history: History): boolean =>
      judgeHistory(history).some(({ code, outcome }) => code === 'P0' && outcome === 'broken');
    expect(isBroken(await play(['40P01', 'RangeError']))).toBe(true);
    expect(isBroken(await play([declared]))).toBe(false);
  });

  it('does not answer where nobody knows what the store did', async () => {
    const unknown: Action = { type: 'store-fails', fault: 'outcome-unknown', lasts: time('3s') };
    const history = await playSettled(
      script('2s', ['0s', unknown, starts('laptop')]),
      written((host) => serviceOf(atomically(host))),
    );
    expect(history.events.filter(({ type }) => type === 'answered')).toEqual([]);
    expect(failures(history)).toEqual([]);
  });

  it('that reads and then writes is caught by the laws', async () => {
    const own = written(({ store, policy, storeNow }) =>
      serviceOf(async (command) => {
        const seat = await store.read(command.scope);
        const decision = decide(seat, command.scope, command, policy, storeNow());
        await store.write(command.scope, decision.seat);
        return decision.reply;
      }),
    );
    const history = await playSettled(script('1s', ['0s', starts('laptop'), starts('desktop')]), own);
    expect(
      judgeHistory(history)
        .filter(({ outcome }) => outcome === 'broken')
        .map(({ code }) => code),
    ).toContain('P1');
  });
});

describe('what is said of', () => {
  const rows: readonly { says: string; serve: (host: ServiceHost) => SessionService; told: readonly string[] }[] = [
    {
      says: 'a service that throws',
      serve: () => serviceOf(() => Promise.reject(new TypeError('x is not a function'))),
      told: ['error: x is not a function'],
    },
    {
      says: 'a service that throws at once',
      serve: () =>
        serviceOf(() => {
          throw new TypeError('x is not a function');
        }),
      told: ['error: x is not a function'],
    },
    {
      says: 'a service that returns an invalid reply',
      serve: () => serviceOf(() => 'ok'),
      told: ["invalid-reply: the reply is 'ok'; it must be an object with a type"],
    },
    {
      says: 'a service that never answers',
      serve: () => serviceOf(() => new Promise(() => undefined)),
      told: ['hung: no answer came within 1m, and nothing that could bring one was left'],
    },
    {
      says: 'a service that cannot be made',
      serve: () => {
        throw new Error('no configuration');
      },
      told: ['threw: no configuration'],
    },
    {
      says: 'a service that leaves a promise nobody hears of',
      serve: (host) => {
        const handle = atomically(host);
        return serviceOf((command) => {
          void Promise.reject(new Error('nobody hears'));
          return handle(command);
        });
      },
      told: ['threw: nobody hears'],
    },
    {
      says: 'a service whose timer throws',
      serve: (host) => {
        setTimeout(() => {
          throw new Error('in a timer');
        }, 10);
        return serviceOf(atomically(host));
      },
      told: ['threw: in a timer'],
    },
  ];

  it.each(rows)('$says', async ({ serve, told }) => {
    const history = await playSettled(script('4m', ['0s', starts('laptop')]), written(serve));
    expect(failures(history).slice(0, 1)).toEqual(told);
    expect(history.events.at(-1)?.type).toBe('end');
  });

  it.each([
    { says: 'no name', text: { name: '' }, told: 'a design needs a name' },
    { says: 'no policy', text: { policy: null }, told: `the design 'under-test' needs a policy` },
    { says: 'no function serve', text: { serve: 'me' }, told: `serve of the design 'under-test' is not a function` },
    { says: 'an unknown field', text: { polices: 1 }, told: `has no field 'polices'; the fields are name, about,` },
    { says: 'a misspelled field', text: { brakes: [] }, told: `Did you mean 'breaks'?` },
    { says: 'an unknown law', text: { breaks: ['P99'] }, told: `there is no law 'P99'` },
    { says: 'laws that are no list', text: { breaks: 'P1' }, told: `breaks of the design 'under-test' is not a list` },
    { says: 'errors that are no list', text: { errors: '40001' }, told: `errors of the design 'under-test' is not` },
    { says: 'two services', text: { sql: { tables: '' } }, told: 'has both serve and sql' },
    { says: 'no tables', text: { serve: undefined, sql: {} }, told: `sql of the design 'under-test' needs tables` },
    {
      says: 'no service in SQL',
      text: { serve: undefined, sql: { tables: '' } },
      told: `sql of the design 'under-test' needs a service`,
    },
    {
      says: 'the former name of the pool of connections',
      text: { serve: undefined, sql: { tables: '', service: () => ({}), db: 1 } },
      told: `sql of the design 'under-test' has no field 'db'`,
    },
  ])('a design with $says', ({ text, told }) => {
    const make = (): unknown =>
      written((host) => referenceService(host.seats, host.policy, host.storeNow), text as never);
    expect(make).toThrow(UsageError);
    expect(make).toThrow(told);
  });
});
