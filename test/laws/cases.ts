/** How the tables of the laws are run: each row is a History by hand and what one law must make of it. */
import { expect, test } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { historyOf, verdictOn, type Line } from './history-of.ts';

export type Case = readonly [
  outcome: 'kept' | 'broken' | 'untested' | 'not-judged',
  what: string,
  policy: Policy,
  ...lines: readonly Line[],
];

export function judgesBy(code: string, cases: readonly Case[]): void {
  test.each(cases.map((one) => [one[1], one] as const))(`${code}: %s`, (_what, [outcome, , policy, ...lines]) => {
    const verdict = verdictOn(code, historyOf(policy, lines));
    expect([verdict.outcome, ...verdict.findings.map(({ message }) => message)].slice(0, 1)).toEqual([outcome]);
    if (outcome === 'kept') expect(verdict.tested).toBeGreaterThan(0);
    for (const { message, why, calls } of verdict.findings) {
      expect(`${message} ${why ?? ''}`).not.toMatch(/\.$|undefined|NaN|[0-9a-f]{16}/);
      expect(calls.length).toBeGreaterThan(0);
    }
  });
}
