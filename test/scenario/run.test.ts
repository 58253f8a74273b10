/** What becomes of a scenario: passed, failed and by what, or inconclusive. */
import { describe, expect, it } from 'vitest';
import {
  at,
  device,
  every,
  exactly,
  granted,
  recommended,
  refused,
  renewed,
  s3,
  scenario,
  together,
  type Policy,
  type Scenario,
} from '../../src/index.ts';
import { runOnDatabase, runOnModel, type Outcome } from '../../src/scenario/run.ts';
import type { ScenarioText } from '../../src/scenario/words/scenario.ts';
import type { Deployment } from '../../src/service/port.ts';
import { deployModel } from '../../src/service/reference.ts';
import { LONG } from '../long.ts';

const cast = { bot: device('laptop'), second: device('laptop'), rival: device('desktop') };
type Text = ScenarioText<typeof cast>;

const written = (steps: Text['steps'], more: Partial<Text> = {}): Scenario =>
  scenario({ title: 'a test', policy: recommended, cast, ...more, steps });
const onModel = (text: Scenario): Promise<Outcome> => runOnModel(text, deployModel(text.script.policy), () => 0.5);
const titles = ({ findings }: Outcome): readonly string[] =>
  findings.map(({ title, message }) => `${title}: ${message}`);

describe('on the model', () => {
  it('passes where every order meets what is expected', async () => {
    const outcome = await onModel(
      written(({ bot, rival }) => [at('0s', together(bot.starts(), rival.starts()), exactly(1, granted()))], {
        proves: ['P1', 'P9'],
      }),
    );
    expect([outcome.result, outcome.histories.length]).toEqual(['passed', 2]);
  });

  it('fails where one order does not, and shows that order', async () => {
    const outcome = await onModel(
      written(({ bot, rival }) => [
        at('0s', together(bot.starts(), rival.starts()), exactly(1, granted())),
        at('1s', bot.starts(), granted()),
      ]),
    );
    expect(outcome.result).toBe('failed');
    expect(titles(outcome)).toEqual([
      "expectation: expected granted, but bot's start was answered refused (other-device, held by desktop, retry after 59s)",
    ]);
    const [first] = outcome.shown.events.filter((event) => event.type === 'called');
    expect(first?.actor).toBe('rival');
  });

  it('fails by a law that the scenario does not speak of, and shows what came first', async () => {
    const outcome = await onModel(
      written(
        ({ bot, second, rival }) => [
          at('0s', bot.starts(), granted()),
          at('1s', rival.starts(), granted()),
          at('2s', second.starts(), refused()),
        ],
        { policy: s3 },
      ),
    );
    expect(titles(outcome).map((title) => title.slice(0, 24))).toEqual([
      'expectation: expected gr',
      'P13 no false lock-out: l',
    ]);
  });

  it('passes where a law breaks that is said to break', async () => {
    const steps: Text['steps'] = ({ bot, second }) => [at('0s', bot.starts()), at('2s', second.starts(), refused())];
    expect((await onModel(written(steps, { policy: s3, breaks: ['P13'] }))).result).toBe('passed');
  });

  it('fails where a law holds that is said to break', async () => {
    const outcome = await onModel(written(({ bot }) => [at('0s', bot.starts())], { breaks: ['P13'] }));
    expect(titles(outcome)).toEqual([
      'claim about P13 no false lock-out: the scenario says that P13 breaks, but it holds',
    ]);
  });

  it('fails where nothing puts a law to the test that is said to be proved', async () => {
    const outcome = await onModel(written(({ bot }) => [at('0s', bot.starts())], { proves: ['P14'] }));
    expect(titles(outcome)).toEqual([
      'claim about P14 recovery: the scenario says that it proves P14, but nothing in it puts that law to the test',
    ]);
  });

  it('tells the answer that failed, and not what then could not be done', async () => {
    const outcome = await onModel(
      written(({ bot, rival }) => [
        at('0s', bot.starts(), granted()),
        at('1s', rival.starts(), granted()),
        at('2s', rival.heartbeats(), renewed()),
      ]),
    );
    expect(outcome.result).toBe('failed');
    expect(titles(outcome)[0]).toMatch(/^expectation: expected granted, but rival's start was answered refused/);
  });

  it('calls a scenario wrong where nothing failed before what cannot be done', async () => {
    const wrong = written(({ bot }) => [at('0s', bot.heartbeats(), renewed())]);
    await expect(onModel(wrong)).rejects.toThrow('bot has no latest session on L1 to name');
  });

  it.runIf(LONG)('is inconclusive where there are more orders than can be played', async () => {
    const outcome = await onModel(
      written(({ bot, rival }) => [
        at('0s', together(...Array.from({ length: 4 }, () => bot.starts()))),
        at('1s', together(...Array.from({ length: 6 }, () => rival.starts()))),
      ]),
    );
    expect([outcome.result, outcome.histories.length, outcome.orders]).toEqual(['inconclusive', 5_040, 17_280]);
  });
});

describe('on a database', () => {
  /** The model with one thing different, in place of a database that is wrong. */
  const wrong = (policy: Policy, change: (deployment: Deployment) => Partial<Deployment>): Deployment => {
    const deployment = deployModel(policy);
    return {
      ...deployment,
      get service() {
        return deployment.service;
      },
      name: 'wrong',
      ...change(deployment),
    };
  };
  const text = written(({ bot, rival }) => [
    at('0s', bot.starts(), granted()),
    every('20s', { from: '20s', to: '40s' }, bot.heartbeats(), renewed()),
    at('50s', rival.starts(), refused()),
  ]);

  it('passes where it does what the model does', async () => {
    const outcome = await runOnDatabase(
      text,
      wrong(recommended, () => ({})),
      await onModel(text),
    );
    expect(outcome.result).toBe('passed');
  });

  it('fails at the first row that differs', async () => {
    const forgetful = wrong(recommended, (model) => ({
      held: async () => (await model.held()).map((row) => ({ ...row, seat: { ...row.seat, term: 7 } })),
    }));
    const outcome = await runOnDatabase(text, forgetful, await onModel(text));
    expect(outcome.result).toBe('failed');
    expect(outcome.findings[0]?.kind).toBe('difference');
    expect(outcome.findings[0]?.message).toBe('after 0s, the seat of L1 has term 1 on the model, 7 on wrong');
  });

  it('is inconclusive where the model left out the order that may explain it', async () => {
    const late = wrong(recommended, (right) => ({ held: async () => (await right.held()).slice(1) }));
    const model = await onModel(text);
    const outcome = await runOnDatabase(text, late, { histories: model.histories, orders: 2 });
    expect(outcome.result).toBe('inconclusive');
  });

  it('does not hold one run to what only some order shows', async () => {
    const either = written(({ bot, second }) => [at('0s', together(bot.starts(), second.starts()))], {
      policy: s3,
      breaks: ['P13'],
      proves: ['P14'],
    });
    const outcome = await runOnDatabase(
      either,
      wrong(s3, () => ({})),
      { histories: (await onModel(either)).histories, orders: 2 },
    );
    expect(titles(outcome).filter((title) => title.startsWith('claim'))).toEqual([]);
  });
});
