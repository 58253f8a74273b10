/** Scripts for tests of the world, in few words. */
import { clientOf, type ClientConfig } from '../../src/core/client.ts';
import type { Policy } from '../../src/core/policy.ts';
import { instant, parseDuration, type Duration, type DurationText, type Instant } from '../../src/core/time.ts';
import type { Actor } from '../../src/history/history.ts';
import { fingerprint } from '../../src/service/fingerprint.ts';
import { STILL, type Action, type Script, type Surroundings } from '../../src/world/script.ts';

export const SCOPE = { license: 'L1', symbol: '' };

export const time = (text: DurationText): Duration => parseDuration(text);

export const at = (text: DurationText): Instant => instant(parseDuration(text));

/** A process on a machine, with the client that the policy wants but for these changes; led by hand where they are null. */
export function actor(name: string, device: string, policy: Policy, changes: Partial<ClientConfig> | null = {}): Actor {
  return {
    name,
    device,
    fingerprint: fingerprint({ machine: device, user: 'user', platform: 'any' }),
    client: changes === null ? null : { ...clientOf(policy), ...changes },
  };
}

export const starts = (who: string, takeOver = false): Action => ({
  type: 'user-starts',
  actor: who,
  scope: SCOPE,
  takeOver,
});

export const stops = (who: string): Action => ({ type: 'user-stops', actor: who });

export interface Setting {
  readonly policy: Policy;
  readonly cast: readonly Actor[];
  readonly until: DurationText;
  readonly surroundings?: Partial<Surroundings>;
}

/** What happens when; several actions at one time in their order. */
export function scriptOf(setting: Setting, happenings: readonly (readonly [DurationText, ...Action[]])[]): Script {
  const { policy, cast, until, surroundings } = setting;
  return {
    title: 'by hand',
    policy,
    cast,
    surroundings: { ...STILL, ...surroundings },
    steps: happenings.map(([when, ...actions]) => ({ at: at(when), actions, expectations: [], place: null })),
    until: at(until),
  };
}
