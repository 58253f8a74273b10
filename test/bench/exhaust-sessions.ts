/** How many states of the session model are seen a second, and how long the checks take that are promised. */
import { isUsageError } from '../../src/core/failures.ts';
import { parseDuration } from '../../src/core/time.ts';
import { DESIGNS, designByName } from '../../src/designs/all.ts';
import type { Outcome } from '../../src/search/exhaust/outcome.ts';
import { checkSessions, type SessionOptions } from '../../src/search/exhaust/session/check.ts';
import { FAULTS } from '../../src/search/exhaust/session/faults.ts';
import { figureOf, measure, type Figure } from './figure.ts';

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

/** As the command searches without being told otherwise: on both cores, within 4 GiB. */
const LARGE: SessionOptions = {
  ...DEFAULT,
  devices: 3,
  bounds: { maxStates: 200_000_000, maxMemory: 4 * 2 ** 30 },
  source: { type: 'named', name: 'recommended' },
};

export async function benchExhaustSessions(): Promise<readonly Figure[]> {
  const rate = { name: 'exhaust: session model, 3 devices, 2 faults', unit: 'distinct states/s' } as const;
  return [
    await measure({ ...rate, promised: 150_000, better: 'higher' }, 3, async () => {
      const { distinct, elapsed } = await prove({ ...LARGE, faults: 2 });
      return distinct / (elapsed / 1000);
    }),
    await slowestDefault(),
    ...(await threeDevicesThreeFaults()),
  ];
}

/** Of every design that comes along and can be searched. */
async function slowestDefault(): Promise<Figure> {
  let [slowest, longest] = ['', 0];
  for (const { name } of DESIGNS) {
    const seconds = await secondsFor(name);
    if (seconds > longest) [slowest, longest] = [name, seconds];
  }
  const name = `exhaust: slowest default check, ${slowest}`;
  return figureOf({ name, unit: 's', promised: 60, better: 'lower' }, [longest]);
}

async function secondsFor(name: string): Promise<number> {
  const began = performance.now();
  try {
    await checkSessions(designByName(name), DEFAULT);
  } catch (error) {
    // Some keep more than one store can hold, and say so.
    if (!isUsageError(error)) throw error;
    return 0;
  }
  return (performance.now() - began) / 1000;
}

async function threeDevicesThreeFaults(): Promise<readonly Figure[]> {
  const { elapsed, bytes } = await prove({ ...LARGE, faults: 3 });
  const name = 'exhaust: recommended, 3 devices, 3 faults';
  return [
    figureOf({ name, unit: 's', promised: 300, better: 'lower' }, [elapsed / 1000]),
    figureOf({ name: `${name}: memory`, unit: 'MiB', promised: 4096, better: 'lower' }, [bytes / 2 ** 20]),
  ];
}

async function prove(options: SessionOptions): Promise<Outcome> {
  const { outcome } = await checkSessions(designByName('recommended'), options);
  if (outcome.result !== 'proved') throw new Error(`the recommended rules are ${outcome.result}`);
  return outcome;
}
