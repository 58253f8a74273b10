/** The design that a scenario is played with, and where. */
import { UsageError } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import type { Design } from '../designs/design.ts';
import { designByName } from '../designs/all.ts';
import { referenceDesign, referenceServer } from '../designs/reference.ts';
import { needsWorld } from './needs-world.ts';
import type { Scenario } from './words/scenario.ts';

/**
 * Null names the reference under the policy. A design that is named comes with a policy of its own; null takes that one.
 * Throws `UsageError` for a name that no design has.
 */
export function designFor(name: string | null, policy: Policy | null): Design {
  if (name !== null) return policy === null ? designByName(name) : { ...designByName(name), policy };
  if (policy === null) throw new UsageError(`a scenario needs a policy, for example policy: recommended`);
  return referenceDesign(policy, 'the reference');
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
