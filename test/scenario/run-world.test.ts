/** What becomes of a scenario that is played in a world: passed, failed and by what, and which are played on a database. */
import { describe, expect, it } from 'vitest';
import {
  at,
  client,
  clock,
  design as ownDesign,
  device,
  expect as looks,
  granted,
  network,
  notWorking,
  recommended,
  renewed,
  scenario,
  working,
  type Scenario,
} from '../../src/index.ts';
import { designByName } from '../../src/designs/all.ts';
import { serverOf, type Design } from '../../src/designs/design.ts';
import { playsInWorld, playsOnDatabase } from '../../src/scenario/design.ts';
import { runOnDatabase, runOnModel, type Outcome } from '../../src/scenario/run.ts';
import type { ScenarioText } from '../../src/scenario/words/scenario.ts';
import { deployModel } from '../../src/service/reference.ts';

const cast = { laptop: client('laptop'), desktop: client('desktop') };
type Steps = ScenarioText<typeof cast>['steps'];

const written = (steps: Steps, more: Partial<ScenarioText<typeof cast>> = {}): Scenario =>
  scenario({ title: 'a test', stopTime: '2s', cast, until: '2m', ...more, policy: recommended, steps });
const onModel = (text: Scenario): Promise<Outcome> => runOnModel(text, deployModel(text.script.policy), () => 0.5);
const messages = ({ findings }: Outcome): readonly string[] => findings.map(({ message }) => message);

describe('who is at work', () => {
  const steps =
    (...looked: readonly ReturnType<typeof at>[]): Steps =>
    ({ laptop }) => [
      at('0s', laptop.starts(), granted()),
      at('10s', laptop.hangs('5s')),
      at('30s', laptop.sleeps('5s')),
      at('50s', laptop.stops()),
      at('60s', laptop.starts()),
      at('70s', laptop.crashes()),
      ...looked,
    ];
  const works = { type: 'works', actor: 'laptop', does: true } as const;

  it.each([
    ['0s', true, 'it began to work at 0s'],
    ['9.999s', true, 'it began to work at 0s'],
    ['10s', false, 'it began to hang at 10s'],
    ['14.999s', false, 'it began to hang at 10s'],
    ['15s', true, 'it went on at 15s'],
    ['30s', false, 'its machine fell asleep at 30s'],
    ['35s', true, 'it began to work at 35s'],
    ['51.999s', true, 'it began to work at 35s'],
    ['52s', false, 'its work came to rest at 52s'],
    ['60s', true, 'it began to work at 60s'],
    ['70s', false, 'it crashed at 70s'],
  ] as const)('is known at %s', async (time, does, why) => {
    const looked = (expected: boolean): ReturnType<typeof at> => at(time, looks({ ...works, does: expected }));
    const order = (text: Steps): Scenario =>
      written((people) =>
        text(people)
          .flat()
          .toSorted((a, b) => Number.parseFloat(a.at) - Number.parseFloat(b.at)),
      );
    expect(messages(await onModel(order(steps(looked(does)))))).toEqual([]);
    expect(messages(await onModel(order(steps(looked(!does)))))).toEqual([
      `expected laptop ${does ? 'not at work, but it is' : 'at work, but it is not'}: ${why}`,
    ]);
  });

  it('is nobody who never began', async () => {
    const outcome = await onModel(written(({ laptop }) => [at('1s', looks(working(laptop)))]));
    expect(messages(outcome)).toEqual(['expected laptop at work, but it is not: it never began']);
    expect(outcome.findings[0]?.place?.line).toBeGreaterThan(0);
  });
});

describe('in a world', () => {
  it('a start expects an answer to itself, and not to what follows from it', async () => {
    const outcome = await onModel(
      written(({ laptop, desktop }) => [
        at('0s', laptop.starts(), granted()),
        at('1s', desktop.starts()),
        at('2s', desktop.takesOver()),
      ]),
    );
    expect(outcome.shown.events.some((event) => event.type === 'called' && event.command.type === 'end')).toBe(true);
    expect(messages(outcome)).toEqual([]);
  });

  it('an answer that never comes is told', async () => {
    const outcome = await onModel(
      written(({ laptop }) => [at('0s', network.cuts(laptop)), at('0s', laptop.starts(), granted())]),
    );
    expect(messages(outcome)).toEqual([
      'expected granted, but until the end of the scenario the server answers nothing',
    ]);
  });

  it('a law that breaks fails a scenario that does not say so', async () => {
    const unfenced = { laptop: client('laptop', { fence: null }), desktop: client('desktop') };
    const steps: Steps = ({ laptop, desktop }) => [
      at('0s', laptop.starts()),
      at('1s', network.cuts(laptop)),
      at('61s', desktop.starts(), granted()),
    ];
    const outcome = await onModel(written(steps, { cast: unfenced }));
    expect(outcome.findings.map(({ title }) => title)).toEqual(['P2 one worker']);
    expect((await onModel(written(steps, { cast: unfenced, breaks: ['P2'] }))).result).toBe('passed');
  });

  it('the same scenario gives the same History each time', async () => {
    const text = written(({ laptop, desktop }) => [at('0s', laptop.starts()), at('1s', desktop.starts())]);
    expect(JSON.stringify((await onModel(text)).shown)).toBe(JSON.stringify((await onModel(text)).shown));
  });

  it('what a design names is played, with its own clients', async () => {
    const text = scenario({
      title: 'a test',
      design: 'no-self-fence',
      cast: { laptop: client('laptop'), desktop: client('desktop') },
      breaks: ['P2'],
      steps: ({ laptop, desktop }) => [
        at('0s', laptop.starts()),
        at('1s', network.cuts(laptop)),
        at('90s', desktop.starts(), granted()),
        at('91s', looks(working(laptop), working(desktop))),
      ],
    });
    expect(messages(await onModel(text))).toEqual([]);
  });
});

describe('on a database', () => {
  const simple = written(({ laptop }) => [at('0s', laptop.starts(), granted()), at('1s', looks(working(laptop)))]);

  it('the same commands take effect, and what differs fails it', async () => {
    const model = await onModel(simple);
    expect((await runOnDatabase(simple, deployModel(recommended), model)).result).toBe('passed');
    const other = await runOnDatabase(simple, deployModel({ ...recommended, timeout: 61_000 as never }), model);
    expect(other.result).toBe('failed');
    expect(other.findings[0]?.title).toBe('model differs from the model');
  });

  const back = written(({ laptop }) => [at('0s', laptop.starts()), at('1s', clock.jumps('store', '-1h'))]);
  const forward = written(({ laptop }) => [at('0s', laptop.starts()), at('1s', clock.jumps('store', '1h'))]);
  const behind = written(({ laptop }) => [at('0s', laptop.starts())], { clocks: { store: { offset: '-1s' } } });
  const named = (design: string): Scenario =>
    scenario({ title: 'a test', design, cast, steps: ({ laptop }) => [at('0s', laptop.starts(), notWorking(laptop))] });

  it.each([
    ['the reference is played', simple, true],
    ['one whose clock is set forward is played', forward, true],
    ['one whose clock is set back is not', back, false],
    ['one whose clock begins before the beginning is not', behind, false],
    ['a design that changes only the client is played', named('no-self-fence'), true],
    ['a design with a server of its own is not', named('s1-before'), false],
  ])('%s', (_what, text, plays) => {
    expect(playsOnDatabase(text)).toBe(plays);
  });
});

it.each([
  ['only devices that are led by hand do not need a world', { cast: { bot: device('laptop') } }, false],
  ['a client that runs by itself does', { cast: { bot: client('laptop') } }, true],
  ['a network that takes time does', { cast: { bot: device('laptop') }, latency: '1ms' }, true],
  ['a second server does', { cast: { bot: device('laptop') }, servers: 2 }, true],
  ['a design does', { cast: { bot: device('laptop') }, design: 'recommended' }, true],
] as const)('%s', (_what, more, needed) => {
  const text = scenario({
    title: 'a test',
    policy: recommended,
    ...more,
    steps: ({ bot }) => [at('0s', bot.asksStatus())],
  });
  expect(playsInWorld(text)).toBe(needed);
});

describe('a scenario that fails', () => {
  /** The reference, but each process of its server refuses the calls in `bad`, counted over all plays. */
  const failingAt = (bad: (call: number) => boolean): Design => {
    let calls = 0;
    const reference = designByName('recommended');
    return {
      ...reference,
      serve: (host) => {
        const server = serverOf(reference)(host);
        return {
          *handle(command, caller) {
            calls += 1;
            if (bad(calls)) return { type: 'failed', why: 'store', message: 'a moment please' };
            return yield* server.handle(command, caller);
          },
        };
      },
    };
  };
  const played = (design: Design, steps: Steps = ({ laptop }) => [at('0s', laptop.starts(), granted())]) =>
    onModel(scenario({ title: 'a test', cast, until: '1s', design, steps }));

  it('has failed where it fails in the same way when it is played again', async () => {
    const { result, findings, doubt } = await played(failingAt(() => true));
    expect(result).toBe('failed');
    expect(findings.map(({ title }) => title)).toContain('P13 no false lock-out');
    expect(doubt).toBeNull();
  });

  it('is inconclusive where it passes when it is played again, and the reason names what failed', async () => {
    const { result, findings, doubt, verdicts } = await played(failingAt((call) => call === 1));
    expect({ result, findings }).toEqual({ result: 'inconclusive', findings: [] });
    expect(verdicts.find(({ code }) => code === 'P13')).toMatchObject({ outcome: 'not-judged', findings: [] });
    expect(doubt).toMatch(/^it failed and, played again, did not fail in the same way, .*; the first time: \w+/);
  });
});

describe('a heartbeat by hand of a session that was never granted', () => {
  const FIGURES = { name: 'mine', policy: recommended } as const;
  const hand = { bot: device('laptop'), rival: device('desktop') };
  const text = (
    serve: Parameters<typeof ownDesign>[0]['serve'],
    steps: ScenarioText<typeof hand>['steps'],
    until = '30s' as const,
  ): Scenario =>
    scenario({
      title: 'a test',
      cast: hand,
      until,
      steps,
      design: ownDesign(serve === undefined ? FIGURES : { ...FIGURES, serve }),
    });
  const closed = () => ({
    start: () => ({ type: 'refused' as const }),
    heartbeat: () => ({ type: 'renewed' as const }),
  });

  it('leaves the answer that was not expected as what failed', async () => {
    const outcome = await onModel(
      text(closed, ({ bot }) => [at('0s', bot.starts(), granted()), at('20s', bot.heartbeats(), renewed())]),
    );
    expect(outcome.result).toBe('failed');
    expect(messages(outcome)).toContain("expected granted, but bot's start was answered refused");
  });

  it('leaves the law that the refusal broke as what failed', async () => {
    const outcome = await onModel(text(closed, ({ bot }) => [at('0s', bot.starts()), at('20s', bot.heartbeats())]));
    expect(outcome.findings.map(({ title }) => title)).toEqual(['P13 no false lock-out']);
  });

  it('is a mistake of the scenario where the service did nothing wrong, told with its line', async () => {
    const wrong = text(undefined, ({ bot, rival }) => [
      at('0s', rival.starts(), granted()),
      at('1s', bot.starts()),
      at('20s', bot.heartbeats()),
    ]);
    await expect(onModel(wrong)).rejects.toMatchObject({
      message: expect.stringContaining('bot has no latest session on L1 to name'),
      place: { file: expect.stringContaining('run-world.test.ts') },
    });
  });
});
