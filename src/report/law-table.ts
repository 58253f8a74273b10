/** What a whole run says about each law. */
import { bySeverity } from '../laws/severity.ts';
import type { Played } from './run-report.ts';

export interface LawSummary {
  readonly code: string;
  readonly name: string;
  readonly status: LawStatus;
  /** How often it was tested, over everything played. */
  readonly tested: number;
  /** Groups whose scenarios or designs declare that it breaks, and in which it did. */
  readonly brokenBy: readonly string[];
  /** Whether a design declares that it breaks. */
  readonly byDesign: boolean;
  /** Why it was not judged, in the first scenario that could not; null where all could. */
  readonly notJudged: string | null;
}

export type LawStatus =
  /** Tested, and never broken. */
  | 'kept'
  /** Broken in a scenario that does not declare it: a finding. */
  | 'broken'
  /** Broken only in scenarios that declare it. */
  | 'broken-as-asserted'
  /** Never tested, so the run says nothing about it. */
  | 'untested'
  /** In no scenario could it be judged. */
  | 'not-judged';

/** One for each law, in the order of the verdicts. */
export function summariseLaws(
  played: readonly Pick<Played, 'group' | 'breaks' | 'declared' | 'verdicts'>[],
): readonly LawSummary[] {
  const codes = new Map(played.flatMap(({ verdicts }) => verdicts.map(({ code, name }) => [code, name] as const)));
  return [...codes].map(([code, name]) => {
    const judged = played.flatMap(({ group, breaks, declared = [], verdicts }) =>
      verdicts
        .filter((verdict) => verdict.code === code)
        .map((verdict) => {
          const byDesign = declared.includes(code);
          return { group, asserted: byDesign || breaks.includes(code), byDesign, verdict };
        }),
    );
    const broken = judged.filter(({ verdict }) => verdict.outcome === 'broken');
    const status = broken.some(({ asserted }) => !asserted)
      ? 'broken'
      : broken.length > 0
        ? 'broken-as-asserted'
        : judged.some(({ verdict }) => verdict.outcome === 'kept')
          ? 'kept'
          : judged.every(({ verdict }) => verdict.outcome === 'not-judged')
            ? 'not-judged'
            : 'untested';
    return {
      code,
      name,
      status,
      tested: judged.reduce((sum, { verdict }) => sum + verdict.tested, 0),
      byDesign: broken.some(({ byDesign }) => byDesign),
      brokenBy: [...new Set(broken.filter(({ asserted }) => asserted).map(({ group }) => group))],
      notJudged: judged.find(({ verdict }) => verdict.notJudged !== null)?.verdict.notJudged ?? null,
    };
  });
}

/** The laws of a run in a few sentences; what broke is in order of severity. */
export function lawsInWords(laws: readonly LawSummary[]): readonly string[] {
  const having = (status: LawStatus): readonly LawSummary[] => laws.filter((law) => law.status === status);
  const codes = (list: readonly LawSummary[]): string => list.map(({ code }) => code).join(' ');
  const worstFirst = (list: readonly LawSummary[]): readonly LawSummary[] =>
    list.toSorted((a, b) => bySeverity(a.code, b.code));
  const kept = having('kept');
  const broken = worstFirst(having('broken'));
  const expected = worstFirst(having('broken-as-asserted'));
  const asserted = expected.filter(({ byDesign }) => !byDesign);
  const declared = expected.filter(({ byDesign }) => byDesign);
  const untested = having('untested');
  return [
    `${kept.length} of ${laws.length} kept${kept.length === 0 ? '' : `: ${codes(kept)}`}`,
    ...(broken.length === 0 ? [] : [`broken: ${codes(broken)}`]),
    ...(asserted.length === 0
      ? []
      : [
          `expected to break (declared by the scenarios): ${asserted.map(({ code, brokenBy }) => `${code} (${brokenBy.join(', ')})`).join(', ')}`,
        ]),
    ...(declared.length === 0 ? [] : [`expected to break (declared by the design): ${codes(declared)}`]),
    ...(untested.length === 0 ? [] : [`not tested: ${codes(untested)}`]),
    ...having('not-judged').map(({ code, notJudged }) => `${code} not judged: ${notJudged ?? ''}`),
  ];
}
