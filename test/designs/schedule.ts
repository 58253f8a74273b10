/** Schedules for whole systems, in few words: who is there, what happens when, in surroundings that take their time. */
import { parseDuration, type DurationText, type Duration } from '../../src/core/time.ts';
import type { Design } from '../../src/designs/design.ts';
import type { Actor, NetworkFault } from '../../src/history/history.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { fingerprint } from '../../src/service/fingerprint.ts';
import { playInWorld } from '../../src/world/play.ts';
import type { Action, Script, Surroundings } from '../../src/world/script.ts';
import { SCOPE, scriptOf } from '../world/script-of.ts';

export interface Schedule {
  /** Processes by the machine that they run on. */
  readonly cast?: Readonly<Record<string, string>>;
  readonly surroundings?: Partial<Surroundings>;
  readonly happenings: readonly (readonly [DurationText, ...Action[]])[];
  readonly until: DurationText;
}

/** A process of this name is led by hand. */
export const BY_HAND = 'hand';

/** Two devices, unless the schedule says otherwise. */
const TWO = { laptop: 'laptop', desktop: 'desktop' };

/** The schedule with the policy and the clients of the design. */
export function onto(design: Design, { cast = TWO, surroundings, happenings, until }: Schedule): Script {
  const actors = Object.entries(cast).map(([name, device]): Actor => ({
    name,
    device,
    fingerprint: fingerprint({ machine: device, user: 'user', platform: 'any' }),
    client: name === BY_HAND ? null : design.client({ name, device }),
  }));
  const around = { latency: ms(50), storeLatency: ms(10), ...surroundings };
  const asked = happenings.map(
    ([when, ...actions]) => [when, ...actions.map((action) => seatOf(action, design))] as const,
  );
  return scriptOf({ policy: design.policy, cast: actors, until, surroundings: around }, asked);
}

/** Where the seat is the license, its clients do not ask for a symbol. */
function seatOf(action: Action, { policy }: Design): Action {
  if (!('scope' in action) || policy.scope !== 'license') return action;
  return { ...action, scope: { ...action.scope, symbol: '' } };
}

export const ms = (n: number): Duration => n as Duration;

export const lasting = (text: DurationText): Duration => parseDuration(text);

export const cut = (actor: string, messages: 'requests' | 'answers' | 'both', lasts: DurationText | null): Action => ({
  type: 'network',
  actor,
  messages,
  fault: { type: 'cut' },
  lasts: lasts === null ? null : lasting(lasts),
});

export const disturbed = (
  actor: string,
  messages: 'requests' | 'answers' | 'both',
  fault: NetworkFault,
  lasts: DurationText,
): Action => ({ type: 'network', actor, messages, fault, lasts: lasting(lasts) });

export const asks = (actor: string): Action => ({ type: 'status', actor, scope: SCOPE });

export const crashes = (actor: string): Action => ({ type: 'crash', actor });

export const serverCrashes = (server: number, lasts: DurationText): Action => ({
  type: 'crash-server',
  server,
  lasts: lasting(lasts),
});

/** The codes of the laws that the design breaks on the schedule. */
export function brokenBy(design: Design, schedule: Schedule): readonly string[] {
  const verdicts = judgeHistory(playInWorld(onto(design, schedule), design));
  return verdicts.filter(({ outcome }) => outcome === 'broken').map(({ code }) => code);
}
