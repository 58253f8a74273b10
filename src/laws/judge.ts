/** Judges a History by the laws: what became of each, with its findings. */
import type { History } from '../history/history.ts';
import { LAWS } from './all.ts';
import { evidenceOf, type Evidence } from './evidence.ts';
import { FINDINGS_PER_LAW } from './finding.ts';
import type { Law, Verdict } from './law.ts';

/** One verdict for each law, in the order of `laws`. */
export function judgeHistory(history: History, laws: readonly Law[] = LAWS): readonly Verdict[] {
  const evidence = evidenceOf(history);
  return laws.map((law) => judgeBy(law, evidence));
}

function judgeBy(law: Law, evidence: Evidence): Verdict {
  const { code, name } = law;
  const { tested, breaches, notJudged, inDoubt = false } = law.judge(evidence);
  const findings = breaches
    .slice(0, FINDINGS_PER_LAW)
    .map((breach) => ({ kind: 'law' as const, title: `${code} ${name}`, ...breach, place: null }));
  return { code, name, outcome: outcomeOf(breaches.length, tested, notJudged), tested, findings, notJudged, inDoubt };
}

function outcomeOf(breaches: number, tested: number, notJudged: string | null): Verdict['outcome'] {
  if (breaches > 0) return 'broken';
  if (notJudged !== null) return 'not-judged';
  return tested > 0 ? 'kept' : 'untested';
}
