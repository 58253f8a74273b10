/** What a whole run says about each law. */
import type { Played } from './run-report.ts';

export interface LawSummary {
  readonly code: string;
  readonly name: string;
  readonly status: LawStatus;
  /** How often it was put to the test, over everything played. */
  readonly tested: number;
  /** Groups in which it breaks by the nature of their policies, as their scenarios say. */
  readonly brokenBy: readonly string[];
  /** Why it could not be judged, where that was ever so. */
  readonly notJudged: string | null;
}

export type LawStatus =
  /** Kept wherever it was put to the test. */
  | 'kept'
  /** Broken where a scenario does not say so: a finding. */
  | 'broken'
  /** Broken, and only where scenarios say that it breaks; kept elsewhere. */
  | 'broken-as-asserted'
  /** Never put to the test, so the run says nothing about it. */
  | 'untested';

/** One for each law, in the order of the verdicts. */
export function summariseLaws(played: readonly Pick<Played, 'group' | 'breaks' | 'verdicts'>[]): readonly LawSummary[] {
  const codes = new Map(played.flatMap(({ verdicts }) => verdicts.map(({ code, name }) => [code, name] as const)));
  return [...codes].map(([code, name]) => {
    const judged = played.flatMap(({ group, breaks, verdicts }) =>
      verdicts
        .filter((verdict) => verdict.code === code)
        .map((verdict) => ({ group, asserted: breaks.includes(code), verdict })),
    );
    const broken = judged.filter(({ verdict }) => verdict.outcome === 'broken');
    const status = broken.some(({ asserted }) => !asserted)
      ? 'broken'
      : broken.length > 0
        ? 'broken-as-asserted'
        : judged.some(({ verdict }) => verdict.outcome === 'kept')
          ? 'kept'
          : 'untested';
    return {
      code,
      name,
      status,
      tested: judged.reduce((sum, { verdict }) => sum + verdict.tested, 0),
      brokenBy: [...new Set(broken.filter(({ asserted }) => asserted).map(({ group }) => group))],
      notJudged: judged.find(({ verdict }) => verdict.notJudged !== null)?.verdict.notJudged ?? null,
    };
  });
}

/** The laws of a run in a few sentences. */
export function lawsInWords(laws: readonly LawSummary[]): readonly string[] {
  const having = (status: LawStatus): readonly LawSummary[] => laws.filter((law) => law.status === status);
  const codes = (list: readonly LawSummary[]): string => list.map(({ code }) => code).join(' ');
  const [kept, broken, asserted, untested] = [
    having('kept'),
    having('broken'),
    having('broken-as-asserted'),
    having('untested'),
  ];
  return [
    `${kept.length} of ${laws.length} kept wherever tested${kept.length === 0 ? '' : `: ${codes(kept)}`}`,
    ...(broken.length === 0 ? [] : [`broken: ${codes(broken)}`]),
    ...(asserted.length === 0
      ? []
      : [
          `broken by nature, as the scenarios say: ${asserted.map(({ code, brokenBy }) => `${code} (${brokenBy.join(', ')})`).join(', ')}`,
        ]),
    ...(untested.length === 0 ? [] : [`not put to the test: ${codes(untested)}`]),
  ];
}
