/** Plays three devices for some hours, judges the History, and prints what that took. Bundled and run by `world.ts`. */
import { clientOf } from '../../src/core/client.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Duration, Instant } from '../../src/core/time.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { playInWorld } from '../../src/world/play.ts';
import { STILL, type Script } from '../../src/world/script.ts';

/** What runs of one length took. CPU time, in seconds. */
export interface Runs {
  readonly sessionHours: number;
  readonly events: number;
  readonly simulated: readonly number[];
  readonly judged: readonly number[];
  /** What was kept in memory after each tenth of the runs, in bytes; empty unless node is run with `--expose-gc`. */
  readonly memory: readonly number[];
}

const DEVICES = ['laptop', 'desktop', 'tablet'];

/** Each on a license of its own, so that all of them have a session all of the time. */
function scriptOf(hours: number): Script {
  return {
    title: 'three devices that heartbeat every 20 s',
    policy: recommended,
    cast: DEVICES.map((name) => ({ name, device: name, fingerprint: name, client: clientOf(recommended) })),
    surroundings: { ...STILL, latency: 50 as Duration, storeLatency: 5 as Duration },
    steps: DEVICES.map((actor, n) => ({
      at: (n * 1_000) as Instant,
      actions: [{ type: 'user-starts', actor, scope: { license: `L${n + 1}`, symbol: '' }, takeOver: false }],
      expectations: [],
      place: null,
    })),
    until: (hours * 3_600_000) as Instant,
  };
}

function play(hours: number, runs: number): Runs {
  const script = scriptOf(hours);
  const design = referenceDesign(recommended, '');
  const [simulated, judged, memory]: [number[], number[], number[]] = [[], [], []];
  let events = 0;
  for (let run = 1; run <= runs; run += 1) {
    const begun = process.cpuUsage();
    const history = playInWorld(script, design);
    simulated.push(secondsSince(begun));
    const verdicts = judgeHistory(history);
    judged.push(secondsSince(begun));
    if (verdicts.some(({ outcome }) => outcome === 'broken')) throw new Error('the recommended rules broke a law');
    events = history.events.length;
    // To collect all garbage throws compiled code away as well, so where the time is measured it is not asked for.
    if (globalThis.gc === undefined || run % Math.ceil(runs / 10) !== 0) continue;
    globalThis.gc();
    memory.push(process.memoryUsage().heapUsed);
  }
  return { sessionHours: DEVICES.length * hours, events, simulated, judged, memory };
}

/** Of all threads, those that compile and collect garbage among them. */
function secondsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

const [hours, runs] = process.argv.slice(2).map(Number) as [number, number];
process.stdout.write(JSON.stringify(play(hours, runs)));
