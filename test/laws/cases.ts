/** The tables of the laws: each row is a History by hand and what one law must make of it. */
import type { Policy } from '../../src/core/policy.ts';
import type { Finding } from '../../src/laws/finding.ts';
import type { Verdict } from '../../src/laws/law.ts';
import { historyOf, verdictOn, type Line } from './history-of.ts';

export type Case = readonly [outcome: Verdict['outcome'], what: string, policy: Policy, ...lines: readonly Line[]];

/** By the code of the law. */
export type Tables = Readonly<Record<string, readonly Case[]>>;

export function verdictIn(code: string, [, , policy, ...lines]: Case): Verdict {
  return verdictOn(code, historyOf(policy, lines));
}

/** What a verdict says, as the golden files have it: a block a row, empty for a law that is kept or untested. */
export function told(what: string, { outcome, findings, notJudged }: Verdict): string {
  switch (outcome) {
    case 'broken':
      return [`broken: ${what}`, ...findings.map(inLines)].join('\n');
    case 'not-judged':
      return `not judged: ${what}\n  reason   ${notJudged}`;
    case 'kept':
    case 'untested':
      return '';
  }
}

function inLines({ at, cause, message, why, fix, calls }: Finding): string {
  return [
    `  at       ${at} ms`,
    `  cause    ${cause}`,
    `  message  ${message}`,
    `  why      ${why}`,
    `  fix      ${fix}`,
    `  calls    ${calls.join(', ') || 'none'}`,
  ].join('\n');
}
