/** How many steady heartbeats a second are judged by all laws, with the reach goals counted. */
import { measure, type Figure } from './figure.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { countReached } from '../../src/laws/reach.ts';
import { steadyHistory } from '../laws/steady-history.ts';

const BEATS = 5_000;
const DEVICES = 3;

export async function benchJudge(): Promise<readonly Figure[]> {
  const history = steadyHistory(BEATS);
  const figure = await measure(
    { name: 'laws: steady heartbeats judged', unit: 'heartbeats/s', promised: null, better: 'higher' },
    9,
    async () => {
      // A copy, because what was arranged of a History once is not arranged again.
      const fresh = { ...history };
      const begun = performance.now();
      judgeHistory(fresh);
      countReached(fresh);
      return (BEATS * DEVICES) / ((performance.now() - begun) / 1000);
    },
  );
  return [figure];
}
