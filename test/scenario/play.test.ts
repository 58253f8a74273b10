/** The player: what happens when, in which order, and what is written down. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import { s1 } from '../../src/core/presets/s1.ts';
import { s3 } from '../../src/core/presets/s3.ts';
import { encodeHistory } from '../../src/history/codec.ts';
import type { History } from '../../src/history/history.ts';
import { at, device, every, scenario, server, store, together, type Policy, type Scenario } from '../../src/index.ts';
import { ordersOf } from '../../src/scenario/orders.ts';
import { play } from '../../src/scenario/play.ts';
import type { ScenarioText } from '../../src/scenario/words/scenario.ts';
import { deployModel } from '../../src/service/reference.ts';
import { seed } from '../seed.ts';
import { anyPolicy, anyScript } from './any-script.ts';

const cast = { bot: device('laptop'), rival: device('desktop') };
const run = (
  text: Pick<ScenarioText<typeof cast>, 'steps' | 'until'> & { readonly policy: Policy },
): Promise<History> => {
  const { script } = scenario({ title: 'a test', cast, ...text });
  return play(script, deployModel(script.policy));
};

/** One line an event: `20s bot heartbeat`, `20s → renewed`. */
function lines(history: History): readonly string[] {
  return history.events.map((event) => {
    const time = `${event.at / 1000}s`;
    switch (event.type) {
      case 'called':
        return `${time} ${event.actor ?? 'server'} ${event.command.type}`;
      case 'answered':
        return `${time} → ${event.reply.type}${event.arrived ? '' : ', lost'}`;
      case 'held':
        return `${time} held ${event.seats.map(({ seat }) => seat.latest?.standing.type).join()}`;
      case 'store-faulted':
        return `${time} store ${event.fault ?? 'works'}`;
      default:
        return `${time} ${event.type}`;
    }
  });
}

describe('play', () => {
  it('writes each call, its answer and the row that changed, and ends when told', async () => {
    const history = await run({
      policy: s3,
      steps: ({ bot }) => [at('0s', bot.starts()), at('20s', bot.heartbeats()), at('21s', bot.asksStatus())],
      until: '1m',
    });
    expect(lines(history)).toEqual([
      '0s bot start',
      '0s → granted',
      '0s held held',
      '20s bot heartbeat',
      '20s → renewed',
      '20s held held',
      '21s bot status',
      '21s → active',
      '60s end',
    ]);
  });

  it('sweeps by itself where the policy says so, before what else happens at that instant', async () => {
    const history = await run({
      policy: s1,
      steps: ({ bot }) => [at('0s', bot.starts()), at('5m', bot.heartbeats())],
      until: '10m',
    });
    expect(lines(history).slice(3)).toEqual([
      '300s server sweep',
      '300s → swept',
      '300s held swept',
      '300s bot heartbeat',
      '300s → gone',
      '600s server sweep',
      '600s → swept',
      '600s end',
    ]);
  });

  it('lets concurrent calls leave before any of them is answered', async () => {
    const history = await run({
      policy: recommended,
      steps: ({ bot, rival }) => [at('0s', together(bot.starts(), rival.starts()))],
    });
    expect(lines(history).slice(0, 4)).toEqual(['0s bot start', '0s rival start', '0s → granted', '0s → refused']);
  });

  it('sorts a series in among the steps around it', async () => {
    const history = await run({
      policy: recommended,
      steps: ({ bot, rival }) => [
        at('0s', bot.starts()),
        every('20s', { from: '20s', to: '40s' }, bot.heartbeats()),
        at('30s', rival.starts()),
      ],
    });
    const calls = lines(history).filter((line) => /start|heartbeat/.test(line));
    expect(calls).toEqual(['0s bot start', '20s bot heartbeat', '30s rival start', '40s bot heartbeat']);
  });

  it('keeps what a store held through a fault, and says that it failed meanwhile', async () => {
    const history = await run({
      policy: recommended,
      steps: ({ bot }) => [
        at('0s', bot.starts()),
        at('1s', store.losesTable()),
        at('2s', bot.heartbeats()),
        at('3s', store.refusesWrites()),
        at('4s', bot.heartbeats()),
        at('4s', bot.asksStatus()),
        at('5s', store.recovers()),
        at('6s', server.restarts()),
        at('7s', bot.heartbeats()),
      ],
    });
    expect(lines(history).filter((line) => line.includes('→'))).toEqual([
      '0s → granted',
      '2s → failed',
      '4s → failed',
      '4s → active',
      '7s → renewed',
    ]);
  });

  it('shows what a store held as gone once its table was made anew, and the fault as over', async () => {
    const history = await run({
      policy: recommended,
      steps: ({ bot }) => [
        at('0s', bot.starts()),
        at('1s', store.losesTable()),
        at('2s', store.remakesTable()),
        at('3s', bot.heartbeats()),
      ],
    });
    const held = history.events.flatMap((event) => (event.type === 'held' ? event.seats : []));
    expect(held.map(({ seat }) => [seat.term, seat.latest === null])).toEqual([
      [1, false],
      [0, true],
    ]);
    expect(history.events.find(({ type }) => type === 'store-emptied')).toMatchObject({ at: 2_000 });
    expect(lines(history).filter((line) => line.includes('→'))).toEqual(['0s → granted', '3s → gone']);
  });

  it('does not let a caller know what its lost answer said', async () => {
    const script = (steps: Parameters<typeof run>[0]['steps']): Promise<History> => run({ policy: recommended, steps });
    await expect(
      script(({ bot }) => [at('0s', bot.starts({ answer: 'lost' })), at('1s', bot.heartbeats())]),
    ).rejects.toThrow('bot has no latest session on L1 to name');
    const history = await script(({ bot }) => [at('0s', bot.starts({ answer: 'lost' })), at('1s', bot.retriesStart())]);
    expect(lines(history).filter((line) => line.includes('→'))).toEqual(['0s → granted, lost', '1s → granted']);
  });

  it('writes the same bytes each time it plays the same script', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPolicy.chain((policy) => anyScript(policy, 30)),
        async (script) => {
          const [one, other] = [
            await play(script, deployModel(script.policy), { impossible: 'skip' }),
            await play(script, deployModel(script.policy), { impossible: 'skip' }),
          ];
          expect(encodeHistory(other)).toBe(encodeHistory(one));
        },
      ),
      { seed, numRuns: 500 },
    );
  });
});

describe('ordersOf', () => {
  const starts = (count: number, groups = 1): Scenario =>
    scenario({
      title: 'many starts',
      policy: recommended,
      cast,
      steps: ({ bot }) =>
        Array.from({ length: groups }, () => at('0s', together(...Array.from({ length: count }, () => bot.starts())))),
    });
  const never = (): number => {
    throw new Error('drew a random number where every order can be played');
  };

  it.each([
    [1, 1, 1],
    [2, 1, 2],
    [3, 1, 6],
    [5, 1, 120],
    [2, 3, 8],
    [3, 2, 36],
  ])('%i at once, %i times: %i orders, each different', (count, groups, total) => {
    const { orders, total: counted } = ordersOf(starts(count, groups).script, never);
    expect(counted).toBe(total);
    expect(new Set(orders.map((order) => JSON.stringify([...order]))).size).toBe(total);
  });

  it('draws orders where there are too many, and says how many there are', () => {
    let drawn = 0;
    const { orders, total } = ordersOf(starts(8).script, () => (drawn += 0.37) % 1, 100);
    expect(orders).toHaveLength(100);
    expect(total).toBe(40_320);
    expect(orders.every((order) => new Set(order.get(0)).size === 8)).toBe(true);
  });
});
