/** What is true of every Script that a campaign generates. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designByName } from '../../../src/designs/all.ts';
import { scriptOfRun, shrinkRun, type Draws } from '../../../src/search/campaign/draws.ts';
import { ALL_FAULTS, DEFAULT_FAULTS, type FaultName } from '../../../src/search/campaign/fault-kinds.ts';
import type { Action, Script } from '../../../src/world/script.ts';
import { seed } from '../../seed.ts';

const anyDesign = fc.constantFrom('recommended', 's1-before', 's2-before', 's3-before').map(designByName);
const anyDraws: fc.Arbitrary<Draws> = fc.record({
  seed: fc.nat(),
  faults: fc.subarray([...ALL_FAULTS]),
  devices: fc.option(fc.integer({ min: 1, max: 8 })),
});
const anyRun = fc.tuple(anyDesign, anyDraws, fc.integer({ min: 1, max: 1_000_000 }));

/** What a step of each fault looks like; clocks that are off have none. */
const STEPS: Readonly<Record<FaultName, (action: Action) => boolean>> = {
  loss: (action) => action.type === 'network' && action.fault.type === 'cut',
  cut: (action) => action.type === 'network' && action.fault.type === 'cut',
  delay: (action) => action.type === 'network' && action.fault.type === 'slow',
  repeat: (action) => action.type === 'network' && action.fault.type === 'repeated',
  crash: ({ type }) => type === 'crash',
  hang: ({ type }) => type === 'hang',
  sleep: ({ type }) => type === 'sleep',
  'server-crash': ({ type }) => type === 'crash-server',
  'store-outage': (action) => action.type === 'store-fails' && action.fault !== 'outcome-unknown',
  'store-slow': ({ type }) => type === 'store-slows',
  'store-unknown': (action) => action.type === 'store-fails' && action.fault === 'outcome-unknown',
  'store-lag': ({ type }) => type === 'store-lags',
  offset: () => false,
  drift: () => false,
  'clock-jump': (action) => action.type === 'set-clock' && action.clock !== 'store',
  'store-clock-jump': (action) => action.type === 'set-clock' && action.clock === 'store',
};

const USERS = new Set(['user-starts', 'user-stops', 'status', 'sweep']);

describe('the Script of a run', () => {
  it('is a function of the draws and its number, and of no name', () => {
    fc.assert(
      fc.property(anyRun, ([design, draws, run]) => {
        const script = scriptOfRun(design, draws, run);
        const { policy, client, serve } = design;
        expect(scriptOfRun({ policy, client, serve }, draws, run)).toEqual(script);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('is another one for each run', () => {
    const draws = { seed: 1, faults: DEFAULT_FAULTS, devices: null };
    const scripts = Array.from({ length: 300 }, (_, n) =>
      JSON.stringify(scriptOfRun(designByName('recommended'), draws, n + 1)),
    );
    expect(new Set(scripts).size).toBe(300);
  });

  it('has only the faults that were asked for, and each of them in some run', () => {
    const seen = new Set<FaultName>();
    fc.assert(
      fc.property(anyRun, ([design, draws, run]) => {
        const script = scriptOfRun(design, draws, run);
        for (const action of actionsIn(script)) {
          const of = ALL_FAULTS.filter((name) => draws.faults.includes(name) && STEPS[name](action));
          if (!USERS.has(action.type)) expect(of).not.toEqual([]);
          for (const name of of) seen.add(name);
        }
        for (const { offset, drift } of script.surroundings.clocks) {
          if (offset !== 0) seen.add('offset');
          if (drift !== 0) seen.add('drift');
          if (offset !== 0) expect(draws.faults).toContain('offset');
          if (drift !== 0) expect(draws.faults).toContain('drift');
          expect(Math.abs(drift)).toBeLessThanOrEqual(script.policy.clockDrift * 1e6);
        }
      }),
      { seed, numRuns: 600 },
    );
    expect([...seen].sort(), `seed ${seed}`).toEqual([...ALL_FAULTS].sort());
  });

  it('is in order of time, and ends with starts long after every fault is over', () => {
    fc.assert(
      fc.property(anyRun, ([design, draws, run]) => {
        const { steps, until, policy, cast } = scriptOfRun(design, draws, run);
        const times = steps.map(({ at }) => at);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const faults = steps.filter(({ actions: [action] }) => !USERS.has(action?.type ?? ''));
        const ends = faults.flatMap(({ at, actions }) =>
          actions.map((action) => at + ('lasts' in action ? (action.lasts ?? 0) : 0)),
        );
        const last = steps.at(-1);
        expect(last?.actions[0]?.type).toBe('user-starts');
        expect(last?.at).toBeGreaterThanOrEqual(Math.max(0, ...ends) + policy.timeout);
        expect(until).toBeGreaterThan(last?.at ?? 0);
        if (draws.devices !== null) expect(new Set(cast.map(({ device }) => device)).size).toBe(draws.devices);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('lets a process start, stop and be followed within a heartbeat in 1 of 200 runs', () => {
    const design = designByName('recommended');
    const draws = { seed, faults: DEFAULT_FAULTS, devices: null };
    const scripts = Array.from({ length: 4_000 }, (_, n) => scriptOfRun(design, draws, n + 1));
    expect(scripts.filter(hasShortSession).length, `seed ${seed}`).toBeGreaterThan(20);
  });

  it('is where shrinking begins', async () => {
    const [design, draws] = [designByName('recommended'), { seed: 5, faults: DEFAULT_FAULTS, devices: null }];
    for (let run = 1; run <= 20; run += 1) {
      const tried: Script[] = [];
      await shrinkRun(design, draws, run, (script) => Promise.resolve(tried.push(script) > 0), 1);
      expect(tried[0]).toEqual(scriptOfRun(design, draws, run));
    }
  });
});

function actionsIn({ steps }: Script): readonly Action[] {
  return steps.flatMap(({ actions }) => actions);
}

/** Whether one process starts and stops and another one starts, with no fault between them. */
function hasShortSession({ steps, policy, surroundings }: Script): boolean {
  const answered = 2 * (surroundings.latency + surroundings.storeLatency);
  return steps.some((step, n) => {
    const [starts, stops, follows] = [step, steps[n + 1], steps[n + 2]];
    if (stops === undefined || follows === undefined || follows.at - starts.at >= policy.heartbeat) return false;
    if (stops.at - starts.at <= answered || follows.at - stops.at <= answered) return false;
    const [first, second, third] = [starts.actions[0], stops.actions[0], follows.actions[0]];
    if (first?.type !== 'user-starts' || second?.type !== 'user-stops' || third?.type !== 'user-starts') return false;
    return first.actor === second.actor && third.actor !== first.actor;
  });
}
