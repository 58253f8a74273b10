/** Worker threads end a design that does not return, and report the run. */
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { campaign } from '../../../src/search/campaign/campaign.ts';
import { beginThreads } from '../../../src/search/campaign/threads.ts';
import { drawsOf } from './crew.ts';

/** Shorter than for users, who wait for seconds. */
const PATIENCE = { stretchMs: 300, runMs: 200, findMs: 10_000 };

test('a run that does not return is ended and reported with its number', async () => {
  const file = fileURLToPath(new URL('loops.design.ts', import.meta.url));
  const threads = beginThreads({ source: { type: 'file', file }, server: null }, 1, PATIENCE);
  onTestFinished(() => threads.close());
  const plan = { draws: drawsOf(1), first: 1, runs: 50, untilBroken: true };
  const { tally, counterexamples } = await campaign(plan, threads);
  expect(tally.broken).toEqual({ hung: { runs: 1, first: [1] } });
  expect(tally.laws).toEqual({ P0: { broken: 1, tested: 1, notJudged: 0, reasons: [] } });
  expect(tally.lost).toBe(1);
  expect(counterexamples).toEqual([
    expect.objectContaining({
      code: 'hung',
      run: 1,
      findings: [
        expect.objectContaining({
          title: 'the design hung',
          message: 'it did not come back within 0.2 s of processor time, so there is nothing to show',
        }),
      ],
    }),
  ]);
});
