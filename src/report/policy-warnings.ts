/** What is to be expected of the policies that a suite made for itself. Those of the presets are told by `designs`. */
import { PRESETS } from '../core/presets/index.ts';
import type { Policy } from '../core/policy.ts';
import { validatePolicy, type PolicyWarning } from '../core/validate-policy.ts';
import type { Played } from './run-report.ts';

export interface WarnedPolicy {
  readonly name: string;
  readonly warnings: readonly PolicyWarning[];
}

/**
 * Each policy once, in the order of the scenarios, with at least one warning. Of a policy that has the rules of a preset
 * and figures of its own, only what that preset does not have: the rest was chosen with the preset.
 */
export function warnedPolicies(played: readonly Pick<Played, 'history'>[]): readonly WarnedPolicy[] {
  const seen = new Set<string>();
  const warned: WarnedPolicy[] = [];
  for (const { history } of played) {
    const text = JSON.stringify(history.policy);
    if (seen.has(text)) continue;
    seen.add(text);
    const known = knownRelations(history.policy);
    const warnings = validatePolicy(history.policy).filter(({ relation }) => !known.has(relation));
    if (warnings.length > 0) warned.push({ name: history.policy.name, warnings });
  }
  return warned;
}

/** What is known not to hold of the presets that have the same rules. */
function knownRelations(policy: Policy): ReadonlySet<PolicyWarning['relation']> {
  const akin = PRESETS.filter((preset) => rulesOf(preset.policy) === rulesOf(policy));
  return new Set(akin.flatMap((preset) => validatePolicy(preset.policy).map(({ relation }) => relation)));
}

/** A policy without its name and its figures, as text. That there is no fence is a rule. */
function rulesOf(policy: Policy): string {
  return JSON.stringify({ ...policy, name: '' }, (_key, value: unknown) => (typeof value === 'number' ? 0 : value));
}
