/** How many states the exhaustive search sees a second, on two-phase commit with 9 managers, beside Spin and rumur. */
import { exhaust } from '../../src/search/exhaust/exhaust.ts';
import { twoPhaseCommit } from '../search/exhaust/models/two-phase-commit.ts';
import { figureOf, measure, type Figure } from './figure.ts';
import { benchOtherCheckers } from './other-checkers.ts';

const MANAGERS = 9;
const STATES = 10_340_352;

export async function benchExhaust(): Promise<readonly Figure[]> {
  let bytes = 0;
  const name = `exhaust: two-phase commit, ${MANAGERS} managers`;
  const source = {
    module: new URL('../search/exhaust/models/two-phase-commit.ts', import.meta.url).href,
    name: 'twoPhaseCommit',
    args: [MANAGERS],
  };
  const rate = async (threads: number): Promise<number> => {
    const outcome = await exhaust(twoPhaseCommit(MANAGERS), { source, threads });
    if (outcome.distinct !== STATES || outcome.result !== 'proved') {
      throw new Error(`${outcome.distinct} states, ${outcome.result}; there are ${STATES}, in which all holds`);
    }
    bytes = outcome.bytes / outcome.distinct;
    return STATES / (outcome.elapsed / 1000);
  };
  const about = { unit: 'distinct states/s', promised: 350_000, better: 'higher' } as const;
  const alone = await measure({ ...about, name: `${name}, 1 thread`, promised: null }, 3, () => rate(1));
  const both = await measure({ ...about, name: `${name}, 2 threads` }, 3, () => rate(2));
  const room = { name: `${name}: memory`, unit: 'bytes a state', promised: 60, better: 'lower' } as const;
  return [alone, both, figureOf(room, [bytes]), ...(await benchOtherCheckers(MANAGERS, STATES))];
}
