/** What is to be expected of the policies that a suite made for itself. Those of the presets are told by `designs`. */
import { PRESETS } from '../core/presets/index.ts';
import { validatePolicy, type PolicyWarning } from '../core/validate-policy.ts';
import type { Played } from './run-report.ts';

export interface WarnedPolicy {
  readonly name: string;
  readonly warnings: readonly PolicyWarning[];
}

/** Each policy once, in the order of the scenarios, with at least one warning. */
export function warnedPolicies(played: readonly Pick<Played, 'history'>[]): readonly WarnedPolicy[] {
  const known = new Set(PRESETS.map(({ policy }) => JSON.stringify(policy)));
  const warned: WarnedPolicy[] = [];
  for (const { history } of played) {
    const text = JSON.stringify(history.policy);
    if (known.has(text)) continue;
    known.add(text);
    const warnings = validatePolicy(history.policy);
    if (warnings.length > 0) warned.push({ name: history.policy.name, warnings });
  }
  return warned;
}
