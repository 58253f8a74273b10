/** The design that a scenario is played with, and where. */
import { UsageError } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import type { Design } from '../designs/design.ts';
import { designByName } from '../designs/all.ts';
import { referenceDesign, referenceServer } from '../designs/reference.ts';
import type { Script } from '../world/script.ts';
import { needsWorld } from './needs-world.ts';
import type { Scenario } from './words/scenario.ts';

/**
 * Null names the reference under the policy. A design that is named comes with a policy of its own; null takes that one.
 * Throws `UsageError` for a name that no design has.
 */
export function designFor(named: string | Design | null, policy: Policy | null): Design {
  if (named !== null) {
    const design = typeof named === 'string' ? designByName(named) : named;
    return policy === null ? design : { ...design, policy };
  }
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

/** A database runs the reference in SQL and no other server, and its clock never goes back. */
export function playsOnDatabase(scenario: Scenario): boolean {
  if (setsStoreBack(scenario.script)) return false;
  return scenario.design === null || designOf(scenario).serve === referenceServer;
}

/** Whether the clock of the store shows what is before the beginning, or what it has shown before. */
export function setsStoreBack({ steps, surroundings }: Script): boolean {
  const startsBehind = surroundings.clocks.some(({ clock, offset }) => clock === 'store' && offset < 0);
  return (
    startsBehind ||
    steps.some(({ actions }) =>
      actions.some((action) => action.type === 'set-clock' && action.clock === 'store' && action.by < 0),
    )
  );
}
