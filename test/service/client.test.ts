/** The client for programs, under fake timers: with a transport of promises, and two of them against the reference service. */
import { createClock, install, type Clock } from '@sinonjs/fake-timers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf } from '../../src/core/client.ts';
import type { Command } from '../../src/core/command.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Reply } from '../../src/core/reply.ts';
import { START, type Instant } from '../../src/core/time.ts';
import { runClient, type ClientOptions, type RunningClient } from '../../src/service/client.ts';
import { deployModel } from '../../src/service/reference.ts';
import { send } from '../../src/service/send.ts';

const scope = { license: 'L1', symbol: '' };
const GRANTED = { type: 'granted', session: 's1', term: 1, expiry: START, replaced: null, notice: null } as const;
const RENEWED = { type: 'renewed', term: 1, expiry: START } as const;

let clock: Clock;
/** How far the wall clock is ahead of the monotonic one. */
let slept: number;
let told: string[];

beforeEach(() => {
  clock = createClock(0);
  slept = 0;
  told = [];
});

const tell = (text: string): void => void told.push(`${clock.now / 1000}s ${text}`);

/** A client whose requests are answered by `answer`, at once where it does not say otherwise. */
function client(
  answer: (command: Command, count: number) => Promise<Reply>,
  more: Partial<ClientOptions> = {},
): RunningClient {
  let [requests, sessions] = [0, 0];
  return runClient({
    config: clientOf(recommended),
    scope,
    device: 'laptop',
    transport: (command) => {
      requests += 1;
      tell(`${command.type} ${requests}`);
      return answer(command, requests);
    },
    work: {
      begin: ({ term }) => tell(`works, term ${term}`),
      stop: (why) => {
        tell(`stops (${why})`);
        return Promise.resolve();
      },
    },
    clock: {
      now: () => clock.now,
      wall: () => clock.now + slept,
      setTimeout: (callback, delay) => clock.setTimeout(callback, delay),
      clearTimeout: (timer) => clock.clearTimeout(timer as number),
    },
    newSession: () => `s${(sessions += 1)}`,
    ...more,
  });
}

const right = ({ type }: Command): Promise<Reply> =>
  Promise.resolve(type === 'start' ? GRANTED : type === 'end' ? { type: 'ended' } : RENEWED);
const never = (): Promise<Reply> => new Promise(() => undefined);
const later = (ms: number, reply: Reply): Promise<Reply> =>
  new Promise((resolve) => clock.setTimeout(() => resolve(reply), ms));

describe('a client of a program', () => {
  it('starts, keeps its session alive, and gives it back', async () => {
    const one = client(right);
    one.start();
    await clock.tickAsync(45_000);
    await one.stop();
    expect(told).toEqual([
      '0s start 1',
      '0s works, term 1',
      '20s heartbeat 2',
      '40s heartbeat 3',
      '45s stops (user)',
      '45s end 4',
    ]);
    expect(one.state.phase).toBe('idle');
    expect(clock.countTimers()).toBe(0);
  });

  it('sends again what nobody answers, and stops at the fence', async () => {
    const one = client((command) => (command.type === 'start' ? right(command) : never()));
    one.start();
    await clock.tickAsync(55_000);
    expect(told.slice(2)).toEqual([
      '20s heartbeat 2',
      '25s heartbeat 3',
      '30s heartbeat 4',
      '40s heartbeat 5',
      '45s heartbeat 6',
      '50s heartbeat 7',
      '55s stops (fence)',
    ]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no network'))],
    [
      'throws',
      () => {
        throw new Error('no network');
      },
    ],
    ['answers what is no reply', () => Promise.resolve(undefined as unknown as Reply)],
  ])('takes a transport that %s for no answer', async (_how, fails) => {
    const one = client((command, count) => (count === 2 ? fails() : right(command)));
    one.start();
    await clock.tickAsync(40_000);
    expect(told).toEqual(['0s start 1', '0s works, term 1', '20s heartbeat 2', '25s heartbeat 3', '40s heartbeat 4']);
  });

  it('counts a slow answer from when its request was sent', async () => {
    const one = client((command, count) =>
      count === 1 ? right(command) : count < 5 ? later(4_000, RENEWED) : never(),
    );
    one.start();
    await clock.tickAsync(200_000);
    // Sent at 20 s, 40 s and 60 s, answered 4 s later; nothing is answered after that.
    expect(told.filter((line) => line.includes('stops'))).toEqual(['115s stops (fence)']);
  });

  it('gives the license back only when the work has come to rest', async () => {
    const one = client(right, {
      work: {
        begin: () => tell('works'),
        stop: () => {
          tell('stops');
          return new Promise((resolve) => clock.setTimeout(() => resolve(tell('rests')), 3_000));
        },
      },
    });
    one.start();
    await clock.tickAsync(10_000);
    const stopped = one.stop().then(() => tell('stopped'));
    await clock.tickAsync(2_999);
    expect(told.slice(-1)).toEqual(['10s stops']);
    await clock.tickAsync(1);
    await stopped;
    expect(told.slice(-4)).toEqual(['10s stops', '13s rests', '13s end 2', '13s stopped']);
  });

  it('is done with stopping, as far as it can be, when nothing answers', async () => {
    const one = client((command) => (command.type === 'end' ? never() : right(command)));
    one.start();
    await clock.tickAsync(10_000);
    const stopped = one.stop().then(() => tell('stopped'));
    await clock.tickAsync(15_000);
    await stopped;
    expect(told.slice(-5)).toEqual(['10s stops (user)', '10s end 2', '15s end 3', '20s end 4', '25s stopped']);
  });

  it('finds out within a second that the machine slept, and asks before it works', async () => {
    const one = client(right);
    one.start();
    await clock.tickAsync(5_500);
    slept = 120_000;
    await clock.tickAsync(1_000);
    expect(told.slice(2)).toEqual(['6s stops (wake)', '6s heartbeat 2', '6s works, term 1']);
  });

  it('does not take a wall clock that was set back, or corrected a little, for a sleep', async () => {
    const one = client(right);
    one.start();
    for (const ahead of [-3_600_000, -3_599_001]) {
      slept = ahead;
      await clock.tickAsync(2_000);
    }
    expect(told).toEqual(['0s start 1', '0s works, term 1']);
  });

  it('can be told that the machine slept', async () => {
    const one = client(right);
    one.start();
    await clock.tickAsync(5_000);
    one.wake();
    await clock.tickAsync(0);
    expect(told.slice(2)).toEqual(['5s stops (wake)', '5s heartbeat 2', '5s works, term 1']);
  });

  it('can be stopped by the work that it begins', async () => {
    const one = client(right, {
      work: {
        begin: () => {
          tell('works');
          void one.stop();
        },
        stop: () => {
          tell('stops');
          return Promise.resolve();
        },
      },
    });
    one.start();
    await clock.tickAsync(0);
    expect(told).toEqual(['0s start 1', '0s works', '0s stops', '0s end 2']);
  });

  it('keeps a program running while its user waits for it, and not for a heartbeat', async () => {
    const held: string[] = [];
    const one: RunningClient = client((command) => (command.type === 'end' ? never() : later(1_000, GRANTED)), {
      clock: {
        now: () => clock.now,
        wall: () => clock.now,
        setTimeout(callback, delay) {
          held.push(one.state.phase);
          const timer = clock.setTimeout(callback, delay);
          return { timer, unref: () => held.push('let go') };
        },
        clearTimeout: (timer) => {
          if (timer !== null) clock.clearTimeout((timer as { timer: number }).timer);
        },
      },
    });
    one.start();
    await clock.tickAsync(1_000);
    const stopped = one.stop();
    await clock.tickAsync(15_000);
    await stopped;
    expect(held).toEqual(['starting', 'working', 'let go', 'stopping', 'stopping', 'stopping']);
  });

  it('takes over whom the refusal named, when its user agrees', async () => {
    const asked: Command[] = [];
    const holder = { session: 'x', device: 'desktop', term: 4 };
    const one = client(
      (command) => {
        asked.push(command);
        return asked.length > 1
          ? right(command)
          : Promise.resolve({
              type: 'refused',
              reason: 'other-device',
              holder,
              retryAfter: START as never,
              replaced: null,
              notice: 'in use',
            });
      },
      { show: (notice) => tell(`shows ${notice}`) },
    );
    one.start();
    await clock.tickAsync(0);
    one.takeOver();
    await clock.tickAsync(0);
    expect(asked.map((command) => (command.type === 'start' ? command.takeOver : null))).toEqual([null, 4]);
    expect(told).toEqual(['0s start 1', '0s shows in use', '0s start 2', '0s works, term 1']);
  });
});

describe('on the clocks of this machine', () => {
  let uninstall: () => void = () => undefined;
  afterEach(() => uninstall());

  it('runs without a clock and ids being given to it', async () => {
    const fake = install({ now: 1_000_000 });
    uninstall = () => fake.uninstall();
    const sessions: string[] = [];
    const one = runClient({
      config: clientOf(recommended),
      scope,
      device: 'laptop',
      transport: (command) => {
        sessions.push(`${command.type} ${command.session}`);
        return right(command);
      },
      work: { begin: () => undefined, stop: () => Promise.resolve() },
    });
    one.start();
    await fake.tickAsync(40_000);
    await one.stop();
    const [id = ''] = sessions[0]?.split(' ').slice(1) ?? [];
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/);
    expect(sessions.map((line) => line.split(' ')[0])).toEqual(['start', 'heartbeat', 'heartbeat', 'end']);
    expect(fake.countTimers()).toBe(0);
  });
});

describe('two clients and the reference service', () => {
  /** Two devices on a network that takes 40 ms each way, to which `lost` can be told to lose a device's messages. */
  function two(): { readonly laptop: RunningClient; readonly desktop: RunningClient; readonly cut: Set<string> } {
    const deployment = deployModel(recommended);
    void deployment.reset(['L1']);
    const cut = new Set<string>();
    const on = (device: string): RunningClient => {
      const wait = (): Promise<void> =>
        new Promise((resolve) => clock.setTimeout(() => !cut.has(device) && resolve(), 40));
      return client(() => never(), {
        device,
        transport: async (command) => {
          await wait();
          void deployment.setClock(clock.now as Instant);
          const reply = await send(deployment.service, command);
          await wait();
          return reply;
        },
        work: {
          begin: ({ term }) => tell(`${device} works, term ${term}`),
          stop: (why) => {
            tell(`${device} stops (${why})`);
            return Promise.resolve();
          },
        },
        show: (notice) => tell(`${device} reads: ${notice.slice(0, 36)}`),
        newSession: () => `${device}-${clock.now}`,
      });
    };
    return { laptop: on('laptop'), desktop: on('desktop'), cut };
  }

  it('never work at once: one that is cut off stops before the other is let in', async () => {
    const { laptop, desktop, cut } = two();
    laptop.start();
    await clock.tickAsync(25_000);
    cut.add('laptop');
    desktop.start();
    await clock.tickAsync(54_000);
    desktop.start();
    await clock.tickAsync(1_200);
    desktop.start();
    await clock.tickAsync(1_000);
    expect(told).toEqual([
      '0.08s laptop works, term 1',
      '25.08s desktop reads: License in use on another device. Cl',
      '75s laptop stops (fence)',
      '75s laptop reads: The license server has not answered ',
      '79.08s desktop reads: License in use on another device. Cl',
      '80.28s desktop works, term 2',
    ]);
    cut.delete('laptop');
    await clock.tickAsync(10_000);
    expect(told.slice(-1)).toEqual(['85.08s laptop reads: Your session expired because the lic']);
    expect(laptop.state.phase).toBe('idle');
  });

  it('hand the license over: a victim that learns of it stops, and the other gets in', async () => {
    const { laptop, desktop } = two();
    laptop.start();
    await clock.tickAsync(5_000);
    desktop.start();
    await clock.tickAsync(1_000);
    desktop.takeOver();
    await clock.tickAsync(15_000);
    desktop.start();
    await clock.tickAsync(1_000);
    expect(told.filter((line) => !line.includes('reads'))).toEqual([
      '0.08s laptop works, term 1',
      '20.08s laptop stops (gone)',
      '21.08s desktop works, term 2',
    ]);
  });
});
