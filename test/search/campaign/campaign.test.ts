/** A campaign: one finding for each law, the worst first, shrunk, and the same with any number of workers. */
import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src/core/time.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { pause, type Procedure } from '../../../src/service/procedure.ts';
import { recommended } from '../../../src/core/presets/recommended.ts';
import { DESIGNS, designByName } from '../../../src/designs/all.ts';
import { serverOf, type Design } from '../../../src/designs/design.ts';
import { referenceDesign } from '../../../src/designs/reference.ts';
import { failureBound } from '../../../src/search/campaign/bound.ts';
import { bySeverity } from '../../../src/laws/severity.ts';
import { campaign } from '../../../src/search/campaign/campaign.ts';
import type { Shown } from '../../../src/search/campaign/counterexample.ts';
import { emptyTally } from '../../../src/search/campaign/tally.ts';
import { crewOf, drawsOf } from './crew.ts';

/** Cut off, its client works on. */
const unfenced = referenceDesign({ ...recommended, fence: null }, 'without a fence');

const reference = referenceDesign(recommended, 'the reference');

/** The reference, which mistakes some of the calls, counted over its whole life, for a status. */
function answeringOddly(isOdd: (call: number) => boolean): Design {
  let calls = 0;
  return {
    ...unfenced,
    serve: (host) => {
      const server = serverOf(unfenced)(host);
      return {
        handle: (command, caller) => {
          calls += 1;
          const odd = isOdd(calls) && 'scope' in command;
          return server.handle(odd ? { type: 'status', scope: command.scope } : command, caller);
        },
      };
    },
  };
}

const plan = { draws: drawsOf(20), first: 1, runs: 400, untilBroken: true };

describe('a campaign', () => {
  it('stops at the first run that breaks something, and shrinks each law that it breaks', async () => {
    const { tally, counterexamples } = await campaign(plan, crewOf(unfenced));
    const run = tally.runs;
    expect(counterexamples.map(({ code }) => code).toSorted()).toEqual(Object.keys(tally.broken).toSorted());
    // It overlaps with the next device, and never learns that its session was taken.
    expect(counterexamples.some(({ code }) => code === 'P2' || code === 'P10')).toBe(true);
    for (const found of counterexamples) {
      expect(found.complete).toBe(true);
      expect(found.shown?.script.steps.length).toBeLessThanOrEqual(4);
      expect(tally.broken[found.code]).toEqual({ runs: 1, first: [run] });
      expect(found.run).toBe(run);
    }
  });

  it('comes to the same whoever works on it, and in whatever order they come back', async () => {
    const alone = await campaign(plan, crewOf(unfenced));
    const together = await campaign(
      plan,
      crewOf(unfenced, 3, (from) => (from % 2 === 0 ? 40 : 0)),
    );
    const slowFirst = await campaign(
      plan,
      crewOf(unfenced, 4, (from) => (from < 60 ? 100 : 0)),
    );
    expect(together).toEqual(alone);
    expect(slowFirst).toEqual(alone);
  });

  it('plays one run again by its number', async () => {
    const { counterexamples } = await campaign(plan, crewOf(unfenced));
    expect(counterexamples).toHaveLength(1);
    const run = counterexamples[0]?.run ?? 0;
    const again = await campaign({ ...plan, first: run, runs: 1 }, crewOf(unfenced));
    expect(again.counterexamples).toEqual(counterexamples);
  });

  it('plays all its runs, and keeps one finding for each law, the worst first', async () => {
    const s1 = designByName('s1-before');
    const { tally, counterexamples } = await campaign({ ...plan, runs: 50, untilBroken: false }, crewOf(s1, 2));
    expect(tally.runs).toBe(50);
    expect(counterexamples.map(({ code }) => code)).toEqual(Object.keys(tally.broken).toSorted(bySeverity));
    for (const { code, run } of counterexamples) expect(tally.broken[code]?.first).toContain(run);
    expect(counterexamples.length).toBeGreaterThan(3);
    // P1 breaks in later runs than laws that cost less.
    const first = (code: string): number => tally.broken[code]?.first[0] ?? 0;
    expect(counterexamples[0]?.code).toBe('P1');
    expect(Math.min(...counterexamples.map(({ code }) => first(code)))).toBeLessThan(first('P1'));
  });

  it('reports the shrinking of each law, the worst first', async () => {
    const shrinking: string[] = [];
    const replayed: string[] = [];
    const { counterexamples } = await campaign(
      { ...plan, runs: 50, untilBroken: false },
      crewOf(designByName('s1-before')),
      {
        onShrinking: (code, number, total) => shrinking.push(`${code} ${number}/${total}`),
        onReplayed: ({ code }) => replayed.push(code),
      },
    );
    const codes = counterexamples.map(({ code }) => code);
    expect(shrinking).toEqual(codes.map((code, index) => `${code} ${index + 1}/${codes.length}`));
    expect(replayed).toEqual(codes);
  });

  it('begins no run once it is over, and counts those that were played', async () => {
    let asked = 0;
    const { tally } = await campaign(plan, crewOf(referenceDesign(recommended, '')), { isOver: () => ++asked > 2 });
    expect(tally.runs).toBe(50);
    expect(await campaign(plan, crewOf(unfenced), { isOver: () => true })).toEqual({
      tally: emptyTally(),
      counterexamples: [],
      unrepeated: [],
    });
  });

  it('stops at the first run that the design does not finish', async () => {
    const crew = crewOf(reference, 2);
    const { tally } = await campaign(plan, {
      ...crew,
      play: (chunk) =>
        chunk.from < 51
          ? crew.play(chunk)
          : Promise.resolve({
              ...emptyTally(),
              runs: 1,
              broken: { hung: { runs: 1, first: [chunk.from] } },
              lost: chunk.from,
            }),
    });
    expect({ runs: tally.runs, lost: tally.lost }).toEqual({ runs: 51, lost: 51 });
  });

  it('says what no service may do, by name', async () => {
    const handles = (handle: () => Procedure<Reply>): Design => ({ ...unfenced, serve: () => ({ handle }) });
    const throwing = handles(function* () {
      yield* pause(milliseconds(1));
      throw new TypeError('x is not a function');
    });
    const [found] = (await campaign(plan, crewOf(throwing))).counterexamples;
    expect(found).toMatchObject({ code: 'P0', run: 1 });
    expect(found?.findings[0]).toMatchObject({
      kind: 'law',
      title: 'P0 service answers',
      why: 'x is not a function',
    });
    expect(found?.shown?.script.steps.length).toBe(1);
  });

  it('notices a design that takes another course when a run is replayed', async () => {
    const fickle = answeringOddly((call) => call % 7 === 0);
    const { tally } = await campaign({ ...plan, runs: 25, untilBroken: false }, crewOf(fickle));
    expect(tally.unsteady).toBe(1);
  });

  it('does not count a law that breaks once and in no replay as found', async () => {
    let calls = 0;
    const once: Design = {
      ...reference,
      serve: (host) => {
        const server = serverOf(reference)(host);
        return {
          *handle(command, caller) {
            calls += 1;
            if (calls === 10) throw new Error('only once');
            return yield* server.handle(command, caller);
          },
        };
      },
    };
    const { tally, counterexamples, unrepeated } = await campaign(
      { ...plan, runs: 25, untilBroken: false },
      crewOf(once),
    );
    const run = tally.broken['P0']?.first[0];
    expect(tally.broken).toEqual({ P0: { runs: 1, first: [run] }, P13: { runs: 1, first: [run] } });
    expect(counterexamples).toEqual([]);
    expect(unrepeated).toEqual(['P0', 'P13'].map((code) => ({ type: 'unrepeated', code, run, in: 'thread' })));
  });

  it('replays findings in a new thread only where a run took another course, and drops those that break nothing there', async () => {
    const s1 = crewOf(designByName('s1-before'));
    const foundWith = async (unsteady: number | null) => {
      const asked: string[] = [];
      const result = await campaign(
        { ...plan, runs: 25, untilBroken: false },
        {
          ...s1,
          play: async (chunk) => ({ ...(await s1.play(chunk)), unsteady }),
          breaksAnew: (_, code) => {
            asked.push(code);
            return Promise.resolve(code !== 'P1');
          },
        },
      );
      return { asked: [...new Set(asked)], ...result };
    };
    const steady = await foundWith(null);
    expect(steady.asked).toEqual([]);
    const unsteady = await foundWith(1);
    expect(unsteady.asked).toEqual(steady.counterexamples.map(({ code }) => code));
    expect(unsteady.counterexamples).toEqual(steady.counterexamples.filter(({ code }) => code !== 'P1'));
    const run = steady.tally.broken['P1']?.first[0];
    expect(run).toBeDefined();
    expect(unsteady.unrepeated).toEqual([{ type: 'unrepeated', code: 'P1', run, in: 'new-thread' }]);
  });

  it('notices a design that keeps state from one run to the next', async () => {
    const holders = new Set<string>();
    const keeping: Design = {
      ...reference,
      serve: (host) => {
        const server = serverOf(reference)(host);
        return {
          *handle(command, caller) {
            if (command.type === 'start') holders.add(command.device);
            const reply = yield* server.handle(command, caller);
            return holders.size > 2 ? { type: 'failed', why: 'store' } : reply;
          },
        };
      },
    };
    const { tally } = await campaign({ ...plan, runs: 25, untilBroken: false }, crewOf(keeping));
    expect(tally.unsteady).not.toBeNull();
  });

  it('tries a later run where the first does not repeat or its shrinking meets a bound', async () => {
    const crew = crewOf(designByName('s1-before'));
    const asked: number[] = [];
    const answers = [
      (run: number) => ({ type: 'unrepeated', code: 'P1', run, in: 'thread' }) as const,
      (run: number) =>
        ({ type: 'found', code: 'P1', run, shown, findings: [], played: 4_000, complete: false }) as const,
      (run: number) => ({ type: 'found', code: 'P1', run, shown, findings: [], played: 9, complete: true }) as const,
    ];
    const shown = { script: { steps: [] } } as unknown as Shown;
    const { tally, counterexamples, unrepeated } = await campaign(
      { ...plan, runs: 200, untilBroken: false },
      {
        ...crew,
        findCounterexample: (_, run, code) => {
          if (code !== 'P1') return Promise.resolve({ type: 'unrepeated', code, run, in: 'thread' });
          asked.push(run);
          return Promise.resolve(answers[asked.length - 1]?.(run) ?? { type: 'unrepeated', code, run, in: 'thread' });
        },
      },
    );
    expect(asked).toEqual(tally.broken['P1']?.first);
    expect(asked).toHaveLength(3);
    expect(counterexamples.map(({ code, run }) => [code, run])).toEqual([['P1', asked[2]]]);
    expect(unrepeated.map(({ code }) => code)).not.toContain('P1');
  });
});

const SYSTEMS = DESIGNS.map(({ name }) => name).filter((name) => /^s\d-(?:before|after)$/.test(name));

describe('the worst of a built-in system', () => {
  it('is known of ten systems', () => expect(SYSTEMS).toHaveLength(10));

  // Within 60 runs; by default there are 10,000.
  it.each(SYSTEMS)('is found: %s lets in a second device', async (name) => {
    const crew = crewOf(designByName(name));
    const { counterexamples } = await campaign(
      { ...plan, draws: drawsOf(1), runs: 60, untilBroken: false },
      {
        ...crew,
        // The others take as long again, and matter elsewhere.
        findCounterexample: (draws, run, code) =>
          code === 'P1'
            ? crew.findCounterexample(draws, run, code)
            : Promise.resolve({ type: 'unrepeated', code, run, in: 'thread' }),
      },
    );
    const [worst] = counterexamples;
    expect(worst?.code).toBe('P1');
    expect(worst?.shown?.script.steps).toHaveLength(2);
  });
});

describe('the bound', () => {
  it.each([
    { runs: 0, bound: 1 },
    { runs: 1, bound: 0.95 },
    { runs: 100, bound: 0.0295 },
    { runs: 100_000, bound: 0.00003 },
  ])('after $runs runs without a failure is $bound', ({ runs, bound }) => {
    expect(failureBound(runs)).toBeCloseTo(bound, 4);
  });
});
