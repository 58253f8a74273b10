/** The design that a scenario is played with, and where. */
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import { designByName } from '../designs/all.ts';
import { kindOf, type Design } from '../designs/design.ts';
import { referenceDesign } from '../designs/reference.ts';
import { LICENSE } from '../designs/sql/system.ts';
import type { StoreFault } from '../history/history.ts';
import { licensesOf } from '../world/licenses.ts';
import { refuseMissingRequests } from '../world/requests.ts';
import { absentRequestIn, type Script } from '../world/script.ts';
import { needsWorld } from './needs-world.ts';
import type { Scenario } from './words/scenario.ts';

/**
 * Null names the reference under the policy. A design that is named comes with a policy of its own; null takes that one.
 * Throws `UsageError` for a name that no design has, and for a policy with a clean-up job where the design has no sweep.
 */
export function designFor(named: string | Design | null, policy: Policy | null): Design {
  if (named !== null) {
    const design = typeof named === 'string' ? designByName(named) : named;
    if (policy === null) return design;
    const joined = { ...design, policy };
    refuseMissingRequests(joined);
    return joined;
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

/** Whether the reference SQL is replayed: it follows the reference alone, and the clock of a database never goes back. */
export function playsOnDatabase(scenario: Scenario): boolean {
  if (setsStoreBack(scenario.script)) return false;
  if (scenario.design === null) return true;
  const { serve, keepsRule } = designOf(scenario);
  return serve !== null && keepsRule;
}

/** Whether its design is one in SQL alone, which is played on a database and nowhere else. */
export function runsOnDatabaseOnly(scenario: Scenario): boolean {
  return scenario.design !== null && kindOf(designOf(scenario)) === 'sql';
}

/** Why the scenario cannot be played against the design of the command line, which calls it `named`; null where it can. */
export function misfitWith({ design: own, script }: Scenario, design: Design, named: string): string | null {
  if (own !== null) {
    const { name } = designFor(own, null);
    if (name !== design.name) return `it is about the design ${name}`;
  }
  const figures = differingFigures(script.policy, design.policy);
  if (figures.length > 0) return `its policy differs from that of ${design.name} in ${figures.join(', ')}`;
  if (kindOf(design) === 'policy') return null;
  const absent = absentRequestIn(script, design);
  if (absent !== null) return `${design.name} has no ${absent.request} request, which a step of it sends`;
  const inWorld = misfitInWorld(script, named);
  return inWorld ?? (kindOf(design) === 'sql' ? misfitOnDatabase(script) : null);
}

function differingFigures(a: Policy, b: Policy): readonly string[] {
  const figures = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof Policy)[]);
  figures.delete('name');
  return [...figures].filter((figure) => !isDeepStrictEqual(a[figure], b[figure]));
}

function misfitInWorld({ steps }: Script, named: string): string | null {
  if (steps.some(({ actions }) => actions.length > 1)) {
    return `it sends concurrent requests; to play these, run seatproof race --design ${named} --calls start,start`;
  }
  const actions = steps.flatMap((step) => step.actions);
  if (actions.some((action) => 'answer' in action && action.answer === 'lost')) {
    return 'a single answer of it is lost, which only the reference can be played with';
  }
  const types = new Set(actions.map(({ type }) => type));
  if (types.has('store-fault')) return 'its store fails without an end, which only the reference can be played with';
  return types.has('empty-store') ? 'it makes the table of the reference anew' : null;
}

/** What cannot be brought about on a real database, between whole requests. */
export function misfitOnDatabase(script: Script): string | null {
  const actions = script.steps.flatMap((step) => step.actions);
  const refusal = actions.find((action) => action.type === 'store-fails' && !BROUGHT_ABOUT.has(action.fault));
  if (refusal?.type === 'store-fails') return `a real Postgres is not made to fail by '${refusal.fault}'`;
  if (actions.some(({ type }) => type === 'store-lags')) return 'its store has copies that lag behind';
  if (setsStoreBack(script)) return 'it sets the clock of the store back';
  const other = licensesOf(script).find((license) => license !== LICENSE);
  return other === undefined ? null : `it is about license ${other}, and the tables of a design have ${LICENSE}`;
}

const BROUGHT_ABOUT: ReadonlySet<StoreFault> = new Set<StoreFault>(['outage', 'outcome-unknown']);

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
