/** The design that a scenario is played with, and where. */
import { UsageError } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import type { Design } from '../designs/design.ts';
import { referenceDesign, referenceServer } from '../designs/reference.ts';
import { needsWorld } from './needs-world.ts';
import type { Scenario } from './words/scenario.ts';

/** Null names the reference under the policy. Throws `UsageError` for a name that no design has. */
export function designFor(name: string | null, policy: Policy): Design {
  if (name === null) return referenceDesign(policy, 'the reference');
  throw new UsageError(`there is no design '${name}'; leave design out to play the reference under the policy`);
}

export function designOf({ design, script }: Scenario): Design {
  return designFor(design, script.policy);
}

/** Whether a scenario is played in a world, or call by call. */
export function playsInWorld({ design, script }: Scenario): boolean {
  return design !== null || needsWorld(script);
}

/** A database runs the reference in SQL, and no other server. */
export function playsOnDatabase(scenario: Scenario): boolean {
  return scenario.design === null || designOf(scenario).serve === referenceServer;
}
