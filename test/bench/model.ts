/** How many scenario steps the model plays a second, with and without the laws being judged. */
import { judgeHistory } from '../../src/laws/judge.ts';
import { play } from '../../src/scenario/play.ts';
import { deployModel } from '../../src/service/reference.ts';
import { dayOf } from './day.ts';
import { measure, type Figure } from './figure.ts';

export async function benchModel(): Promise<readonly Figure[]> {
  const { script } = dayOf(1500);
  const playing = await measure(
    { name: 'model: scenario steps played', unit: 'steps/s', promised: 50_000, better: 'higher' },
    5,
    () => rate(async () => void (await play(script, deployModel(script.policy)))),
  );
  const judging = await measure(
    { name: 'model: scenario steps played and judged', unit: 'steps/s', promised: null, better: 'higher' },
    5,
    () => rate(async () => void judgeHistory(await play(script, deployModel(script.policy)))),
  );
  return [playing, judging];

  async function rate(once: () => Promise<void>): Promise<number> {
    const begun = performance.now();
    await once();
    return script.steps.length / ((performance.now() - begun) / 1000);
  }
}
