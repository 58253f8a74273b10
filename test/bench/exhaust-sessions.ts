/** How many states of the session model are seen a second, and how long the default check of a design takes. */
import { parseDuration } from '../../src/core/time.ts';
import { designByName } from '../../src/designs/all.ts';
import { checkSessions, type SessionOptions } from '../../src/search/exhaust/session/check.ts';
import { FAULTS } from '../../src/search/exhaust/session/scene.ts';
import { measure, type Figure } from './figure.ts';

const DEFAULT: SessionOptions = {
  devices: 2,
  launcher: false,
  symbols: 1,
  faults: 1,
  kinds: FAULTS,
  unit: null,
  latency: null,
  drift: null,
  allowed: parseDuration('0s'),
  bounds: {},
};

export async function benchExhaustSessions(): Promise<readonly Figure[]> {
  const design = designByName('recommended');
  const check = async (options: SessionOptions): Promise<{ readonly distinct: number; readonly seconds: number }> => {
    const { outcome } = await checkSessions(design, options);
    if (outcome.result !== 'proved') throw new Error(`the recommended rules are ${outcome.result}`);
    return { distinct: outcome.distinct, seconds: outcome.elapsed / 1000 };
  };
  return [
    await measure(
      { name: 'exhaust: session model', unit: 'distinct states/s', promised: 150_000, better: 'higher' },
      3,
      async () => {
        const { distinct, seconds } = await check({ ...DEFAULT, faults: 2, kinds: ['cut', 'crash'] });
        return distinct / seconds;
      },
    ),
    await measure(
      { name: 'exhaust: default check of recommended', unit: 's', promised: 60, better: 'lower' },
      3,
      async () => (await check(DEFAULT)).seconds,
    ),
  ];
}
