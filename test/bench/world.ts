/** How many session-hours a second are simulated and judged: an hour of one device that heartbeats every 20 s, in a world. */
import { clientOf } from '../../src/core/client.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Duration, Instant } from '../../src/core/time.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { playInWorld } from '../../src/world/play.ts';
import { STILL, type Script } from '../../src/world/script.ts';
import { measure, type Figure } from './figure.ts';

const HOURS = 24;
const DEVICES = ['laptop', 'desktop', 'tablet'];

/** Each on a license of its own, so that all of them have a session all of the time. */
const SCRIPT: Script = {
  title: 'three devices for a day',
  policy: recommended,
  cast: DEVICES.map((name) => ({ name, device: name, fingerprint: name, client: clientOf(recommended) })),
  surroundings: { ...STILL, latency: 50 as Duration, storeLatency: 5 as Duration },
  steps: DEVICES.map((actor, n) => ({
    at: (n * 1_000) as Instant,
    actions: [{ type: 'user-starts', actor, scope: { license: `L${n + 1}`, symbol: '' }, takeOver: false }],
    expectations: [],
    place: null,
  })),
  until: (HOURS * 3_600_000) as Instant,
};

export async function benchWorld(): Promise<readonly Figure[]> {
  const design = referenceDesign(recommended, '');
  const about = { unit: 'session-hours/s', better: 'higher' } as const;
  const rate = (once: () => void): Promise<number> => {
    const begun = performance.now();
    once();
    return Promise.resolve((DEVICES.length * HOURS) / ((performance.now() - begun) / 1000));
  };
  return [
    await measure({ ...about, name: 'world: sessions simulated', promised: null }, 5, () =>
      rate(() => playInWorld(SCRIPT, design)),
    ),
    await measure({ ...about, name: 'world: sessions simulated and judged', promised: 1_000 }, 5, () =>
      rate(() => judgeHistory(playInWorld(SCRIPT, design))),
    ),
  ];
}
