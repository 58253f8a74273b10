/** The report on an exhaustive search, of real searches: proved, broken, inconclusive, and how far one has come. */
import { describe, expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/core/time.ts';
import type { Bounds } from '../../src/search/exhaust/bounds.ts';
import { exhaust } from '../../src/search/exhaust/exhaust.ts';
import { maximum, sometimes, within } from '../../src/search/exhaust/laws.ts';
import type { Model } from '../../src/search/exhaust/model.ts';
import { exhaustionProgressText, exhaustionText, type Exhaustion } from '../../src/report/exhaustion.ts';
import { twoPhaseCommit } from '../search/exhaust/models/two-phase-commit.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;

const MODEL = twoPhaseCommit(9, true);
const isDecided = (state: Uint8Array): boolean => state.at(-1) !== 0;

/** The figures of the machine, which differ from run to run. */
async function search(model: Model, bounds: Partial<Bounds>): Promise<Exhaustion> {
  return { ...(await exhaust(model, bounds)), elapsed: milliseconds(18_400), bytes: 341_000_000 };
}

describe('an exhaustive search', () => {
  test.each<readonly [name: string, model: Model, bounds: Partial<Bounds>]>([
    [
      'proved',
      {
        ...MODEL,
        laws: [
          ...MODEL.laws,
          sometimes('the manager decides', isDecided),
          within('a decision stands', 3, { trigger: isDecided, goal: isDecided }),
          maximum('overlap', () => 0),
        ],
      },
      {},
    ],
    ['broken', twoPhaseCommit(6, false, true), {}],
    ['inconclusive', MODEL, { maxStates: 1_000 }],
    ['vacuous', { ...MODEL, laws: [sometimes('green', () => false)] }, {}],
  ])('that is %s', async (name, model, bounds) => {
    await expect(exhaustionText(await search(model, bounds))).toMatchFileSnapshot(golden(`exhaustion.${name}.txt`));
  });

  test('that went on through states without a choice calls no way the shortest', async () => {
    const { laws, ...found } = await search(twoPhaseCommit(6, false, true), {});
    const guided = laws.map((law) =>
      law.trace === null ? law : { ...law, trace: { ...law.trace, isShortest: false } },
    );
    expect(exhaustionText({ ...found, laws: guided })).toMatch(
      /^a way to break '.*', of the fewest choices:\n +1 {2}/m,
    );
  });

  test('of many states says how much memory each took', async () => {
    const found = await search(MODEL, { maxStates: 1_000 });
    expect(exhaustionText({ ...found, distinct: 10_340_352 })).toContain('memory  326 MiB, 33 bytes a state\n');
  });

  test('under way', () => {
    expect(
      exhaustionProgressText({ depth: 12, distinct: 296_448, waiting: 3_120, elapsed: seconds(1), rate: 412_000 }),
    ).toBe('depth 12  296,448 states, 3,120 waiting, 412,000/s');
  });
});
