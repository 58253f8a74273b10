/** What a campaign promises: the first finding, whoever works on it, minimised, and the same again by its seed. */
import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src/core/time.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { pause, type Procedure } from '../../../src/service/procedure.ts';
import { recommended } from '../../../src/core/presets/recommended.ts';
import { designByName } from '../../../src/designs/all.ts';
import type { Design } from '../../../src/designs/design.ts';
import { referenceDesign } from '../../../src/designs/reference.ts';
import { failureBound } from '../../../src/search/campaign/bound.ts';
import { campaign } from '../../../src/search/campaign/campaign.ts';
import { emptyTally } from '../../../src/search/campaign/tally.ts';
import { crewOf, drawsOf } from './crew.ts';

/** Cut off, its client works on. */
const unfenced = referenceDesign({ ...recommended, fence: null }, 'without a fence');

const plan = { draws: drawsOf(20), first: 1, runs: 400, untilBroken: true };

describe('a campaign', () => {
  it('finds what breaks, and makes it small', async () => {
    const { tally, counterexamples } = await campaign(plan, crewOf(unfenced));
    const [found] = counterexamples;
    // It overlaps with whoever comes next, and never learns that its session was taken.
    expect(['P2', 'P10']).toContain(found?.code);
    expect(found?.complete).toBe(true);
    expect(found?.shown?.script.steps.length).toBeLessThanOrEqual(4);
    expect(tally.broken[found?.code ?? '']).toEqual({ runs: 1, first: found?.run });
    expect(tally.runs).toBe(found?.run);
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

  it('goes on after a finding where it is asked to, and shows one for each law', async () => {
    const s1 = designByName('s1-before');
    const { tally, counterexamples } = await campaign({ ...plan, runs: 50, untilBroken: false }, crewOf(s1, 2));
    expect(tally.runs).toBe(50);
    expect(counterexamples.map(({ code }) => code).sort()).toEqual(Object.keys(tally.broken).sort());
    for (const { code, run } of counterexamples) expect(tally.broken[code]?.first).toBe(run);
    expect(counterexamples.length).toBeGreaterThan(1);
  });

  it('begins no run once it is over, and counts those that were played', async () => {
    let asked = 0;
    const { tally } = await campaign(plan, crewOf(referenceDesign(recommended, '')), { isOver: () => ++asked > 2 });
    expect(tally.runs).toBe(50);
    expect(await campaign(plan, crewOf(unfenced), { isOver: () => true })).toEqual({
      tally: emptyTally(),
      counterexamples: [],
    });
  });

  it('says what no service may do, by name', async () => {
    const handles = (handle: () => Procedure<Reply>): Design => ({ ...unfenced, serve: () => ({ handle }) });
    const throwing = handles(function* () {
      yield* pause(milliseconds(1));
      throw new TypeError('x is not a function');
    });
    const [found] = (await campaign(plan, crewOf(throwing))).counterexamples;
    expect(found).toMatchObject({ code: 'threw', run: 1 });
    expect(found?.findings[0]).toMatchObject({
      kind: 'design',
      title: 'the design threw',
      message: 'x is not a function',
    });
    expect(found?.shown?.script.steps.length).toBe(1);
  });

  it('says of a design that goes another way each time that it is not deterministic', async () => {
    let calls = 0;
    const fickle: Design = {
      ...unfenced,
      serve: (host) => {
        const server = unfenced.serve(host);
        return {
          handle: (command, caller) => {
            calls += 1;
            return server.handle(
              calls % 7 === 0 && 'scope' in command ? { type: 'status', scope: command.scope } : command,
              caller,
            );
          },
        };
      },
    };
    const { counterexamples } = await campaign({ ...plan, runs: 25 }, crewOf(fickle));
    expect(counterexamples[0]?.code).toBe('not-deterministic');
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
