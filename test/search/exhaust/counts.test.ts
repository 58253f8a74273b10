/** Exact counts of models whose counts are known, with one thread and with several. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/core/failures.ts';
import { exhaust, type ExhaustOptions } from '../../../src/search/exhaust/exhaust.ts';
import type { Outcome } from '../../../src/search/exhaust/outcome.ts';
import { brokenSymmetry } from '../../../src/search/exhaust/symmetry.ts';
import { failing } from './models/failing.ts';
import { twoPhaseCommit } from './models/two-phase-commit.ts';

const inThreads = (name: string, module: string, ...args: readonly unknown[]): ExhaustOptions => ({
  source: { module: new URL(module, import.meta.url).href, name, args },
  threads: 2,
  threadsFrom: 1,
});

describe('two-phase commit', () => {
  it.each([
    { managers: 3, distinct: 288, states: 1_146, depth: 10 },
    { managers: 5, distinct: 8_832, states: 58_146, depth: 16 },
    { managers: 7, distinct: 296_448, states: 2_744_706, depth: 22 },
  ])('with $managers managers has $distinct states', async ({ managers, distinct, states, depth }) => {
    const outcome = await exhaust(twoPhaseCommit(managers));
    expect(outcome).toMatchObject({ result: 'proved', distinct, states, depth, deadEnds: 0, bound: null });
    expect(outcome.laws.map((law) => law.outcome)).toEqual(['kept', 'reached', 'reached']);
  });

  it.each([
    { managers: 5, distinct: 314 },
    { managers: 9, distinct: 2_232 },
  ])('with $managers managers that are alike has $distinct', async ({ managers, distinct }) => {
    const model = twoPhaseCommit(managers, true);
    expect(await exhaust(model)).toMatchObject({ result: 'proved', distinct });
    expect(brokenSymmetry(model, 300)).toBeNull();
  });

  it('is told apart exactly where a state fits into two words, and else with a bound on the error', async () => {
    expect((await exhaust(twoPhaseCommit(5))).collision).toBe(0);
    expect((await exhaust(twoPhaseCommit(9, true))).collision).toBe(2_232 ** 2 / 2 ** 65);
  });
});

describe('several threads come to what one comes to', () => {
  const same = ({ elapsed: _elapsed, bytes: _bytes, threads: _threads, ...outcome }: Outcome): unknown => outcome;

  it('where everything holds', async () => {
    const one = await exhaust(twoPhaseCommit(6));
    const two = await exhaust(twoPhaseCommit(6), inThreads('twoPhaseCommit', './models/two-phase-commit.ts', 6));
    expect([one.threads, two.threads]).toEqual([1, 2]);
    expect(same(two)).toEqual(same(one));
  });

  it('where a law breaks: the same counterexample, and the same counts', async () => {
    const one = await exhaust(twoPhaseCommit(6, false, true));
    const two = await exhaust(
      twoPhaseCommit(6, false, true),
      inThreads('twoPhaseCommit', './models/two-phase-commit.ts', 6, false, true),
    );
    expect(one.result).toBe('broken');
    expect(one.laws[1]?.trace?.steps).toHaveLength(19);
    expect(two.threads).toBe(2);
    expect(same(two)).toEqual(same(one));
  });

  it('where a step throws: the same error, of the same class', async () => {
    const search = exhaust(failing(100), inThreads('failing', './models/failing.ts', 100));
    await expect(search).rejects.toThrow(new UsageError('no step from 100'));
    await expect(search).rejects.toBeInstanceOf(UsageError);
  });

  it('refuses a source that makes another model', async () => {
    await expect(
      exhaust(twoPhaseCommit(6), inThreads('twoPhaseCommit', './models/two-phase-commit.ts', 5)),
    ).rejects.toThrow(/makes another model than the one to be searched/);
    await expect(exhaust(twoPhaseCommit(6), inThreads('none', './models/two-phase-commit.ts'))).rejects.toThrow(
      /exports no function 'none'/,
    );
  });
});
