/** What a run broke: laws, and what no service may do at all. */
import type { DesignFailed, History } from '../../history/history.ts';
import type { Finding } from '../../laws/finding.ts';
import { judgeHistory } from '../../laws/judge.ts';
import type { Law, Verdict } from '../../laws/law.ts';

/** How a design fails as a service, whatever the laws say of it. */
type DesignFailure = DesignFailed['how'];

export interface Breach {
  /** The code of the law, or how the design failed: two runs break the same if this is the same. */
  readonly code: string;
  /** The first of its findings. */
  readonly finding: Finding;
}

export interface JudgedRun {
  /** In order of time, each code once. */
  readonly breaches: readonly Breach[];
  readonly verdicts: readonly Verdict[];
}

export function judgeRun(history: History, by: readonly Law[]): JudgedRun {
  const verdicts = judgeHistory(history, by);
  const broken = verdicts.flatMap(({ code, findings }): readonly Breach[] =>
    findings[0] === undefined ? [] : [{ code, finding: findings[0] }],
  );
  const failures = failuresIn(history);
  // That every command is answered is a law too; where it was not, how the design failed says more.
  const laws = failures.length === 0 ? broken : broken.filter(({ code }) => code !== 'P0');
  const breaches = [...failures, ...laws].sort((a, b) => (a.finding.at ?? 0) - (b.finding.at ?? 0));
  return { breaches, verdicts };
}

/** Each way in which the design failed, once. */
function failuresIn({ events }: History): readonly Breach[] {
  const seen = new Map<string, Breach>();
  for (const event of events) {
    if (event.type !== 'design-failed' || seen.has(event.how)) continue;
    const { at, how, message, call, example } = event;
    const finding = designFinding(how, message, at, call === null ? [] : [call]);
    const fix = example === undefined ? finding.fix : `return for example ${example}`;
    seen.set(how, { code: how, finding: { ...finding, fix } });
  }
  return [...seen.values()];
}

export function designFinding(
  how: DesignFailure,
  message: string,
  at: Finding['at'] = null,
  calls: readonly number[] = [],
): Finding {
  return { kind: 'design', title: TITLES[how], at, message, why: null, fix: FIXES[how], calls, place: null };
}

const TITLES: Readonly<Record<DesignFailure, string>> = {
  threw: 'the design threw',
  hung: 'the design hung',
  'invalid-reply': 'invalid reply',
};

const FIXES: Readonly<Record<DesignFailure, string>> = {
  threw: 'a refusal, or a store that fails, is a reply; whatever else is thrown is a bug of the service',
  hung: 'every command needs an answer; look for a promise that never settles, or an endless loop',
  'invalid-reply': 'return one of the replies to the command, with each field it tells in its form',
};
