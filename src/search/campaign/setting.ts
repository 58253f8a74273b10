/** Where a run takes place: who takes part, what the world is like, and which faults there are. Drawn from its seed. */
import type { Policy } from '../../core/policy.ts';
import type { Duration } from '../../core/time.ts';
import { hasRequest, type Design } from '../../designs/design.ts';
import type { Actor, Clock } from '../../history/history.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import type { Surroundings } from '../../world/script.ts';
import type { FaultName } from './fault-kinds.ts';
import { figuresOf, landmarksOf, type Figures } from './figures.ts';

/** What a search is told about the system: everything but its name, and what is expected of it. */
export type Subject = Pick<Design, 'policy' | 'client' | 'requests' | 'serve'>;

export interface Setting {
  readonly policy: Policy;
  /** The requests that users may send besides those of their clients. */
  readonly asks: readonly ('status' | 'sweep')[];
  /** Whether the store is a real Postgres, which not every fault of a store can be brought about in. */
  readonly onDatabase: boolean;
  readonly cast: readonly Actor[];
  readonly surroundings: Surroundings;
  readonly faults: ReadonlySet<FaultName>;
  readonly figures: Figures;
  readonly landmarks: readonly Duration[];
  /** Whether things follow each other within a heartbeat interval: then what happens in between is seen. */
  readonly busy: boolean;
  /** Whether users act much more often than faults occur, stop as often as they start, and act once they have an answer. */
  readonly restless: boolean;
}

/** The machines, and the processes that may run on each. */
const MACHINES = [
  { device: 'laptop', processes: ['bot', 'launcher'] },
  { device: 'desktop', processes: ['rival', 'helper'] },
  { device: 'tablet', processes: ['third', 'fourth'] },
] as const;

/** At most so many devices can be asked for. */
export const MOST_DEVICES = 8;

const HOUR = 3_600_000;

/** `devices` is null where the run draws how many. */
export function drawSetting(
  subject: Subject,
  faults: readonly FaultName[],
  devices: number | null,
  random: () => number,
): Setting {
  const { policy } = subject;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const on = new Set(faults.filter(() => random() < 0.5));
  const cast = drawCast(subject, devices ?? pick([2, 2, 2, 3]), random);
  const figures = figuresOf(
    policy,
    cast.flatMap(({ client }) => client ?? []),
  );
  const servers = pick([1, 1, 2, 3]);
  const surroundings = {
    latency: pick([0, 1, 20, 50, 50, 200, Math.floor(policy.requestTimeout / 8)]) as Duration,
    storeLatency: pick([0, 1, 5, 5, 20, 100]) as Duration,
    stopTime: pick([0, policy.stopTime, policy.stopTime, Math.floor(policy.stopTime / 2)]) as Duration,
    servers,
    clocks: drawClocks(policy, cast, servers, on, random),
  };
  const busy = random() < 0.4;
  const restless = random() < 0.4;
  return {
    policy,
    asks: asksOf(subject),
    onDatabase: subject.serve === null,
    cast,
    surroundings,
    faults: on,
    figures,
    landmarks: landmarksOf(figures),
    busy,
    restless,
  };
}

/** Requests that the service does not have are not drawn, and sweeps only where the policy waits for one. */
function asksOf(subject: Subject): Setting['asks'] {
  const sweeps = subject.policy.cleanUp.type === 'swept' && hasRequest(subject, 'sweep');
  return [...(hasRequest(subject, 'status') ? (['status'] as const) : []), ...(sweeps ? (['sweep'] as const) : [])];
}

function drawCast(subject: Subject, devices: number, random: () => number): readonly Actor[] {
  return Array.from({ length: devices }, (_, n): readonly Actor[] => {
    const { device, processes } = MACHINES[n] ?? { device: `device${n + 1}`, processes: [`process${n + 1}`] };
    const several = random() < (n === 0 ? 0.5 : 0.1);
    return processes.slice(0, several ? 2 : 1).map((name) => ({
      name,
      device,
      fingerprint: fingerprintOf(device),
      client: subject.client({ name, device }),
    }));
  }).flat();
}

const fingerprints = new Map<string, string>();

/** As scenario files have it, so that a counterexample saved as one is the same run. */
function fingerprintOf(device: string): string {
  let known = fingerprints.get(device);
  if (known === undefined) {
    known = fingerprint({ machine: device, user: 'user', platform: 'any' });
    fingerprints.set(device, known);
  }
  return known;
}

function drawClocks(
  policy: Policy,
  cast: readonly Actor[],
  servers: number,
  faults: ReadonlySet<FaultName>,
  random: () => number,
): readonly Clock[] {
  if (!faults.has('offset') && !faults.has('drift')) return [];
  const names: Clock['clock'][] = [
    ...new Set(cast.map(({ device }) => `device ${device}` as const)),
    ...Array.from({ length: servers }, (_, n) => `server ${n + 1}` as const),
    'store',
  ];
  const bound = Math.floor(policy.clockDrift * 1_000_000);
  return names.flatMap((clock): readonly Clock[] => {
    // What the store's clock shows at the beginning has no meaning: nothing else is compared with it.
    const isOff = faults.has('offset') && clock !== 'store' && random() < 0.5;
    const drifts = faults.has('drift') && bound > 0 && random() < 0.5;
    if (!isOff && !drifts) return [];
    const offset = isOff ? signed(random, [1_000, Math.floor(policy.timeout / 2), policy.timeout, HOUR, 24 * HOUR]) : 0;
    return [{ clock, offset, drift: drifts ? signed(random, [bound, bound, Math.ceil(bound / 2)]) : 0 }];
  });
}

function signed(random: () => number, sizes: readonly number[]): number {
  const size = sizes[Math.floor(random() * sizes.length)] as number;
  return random() < 0.5 ? size : -size;
}
