/** Runs one scenario: plays it, judges what happened, and compares a database with the model. */
import type { History } from '../history/history.ts';
import { judgeHistory } from '../laws/judge.ts';
import type { Finding } from '../laws/finding.ts';
import type { Verdict } from '../laws/law.ts';
import type { Deployment } from '../service/port.ts';
import { firstDifference } from './agree.ts';
import { checkExpectations } from './check.ts';
import { ordersOf } from './orders.ts';
import { play } from './play.ts';
import type { Scenario } from './words/scenario.ts';

/** What became of one scenario on one deployment. */
export interface Outcome {
  readonly result: 'passed' | 'failed' | 'inconclusive';
  /** What it failed by, in order of weight: the first is the one to show. */
  readonly findings: readonly Finding[];
  /** One for each law, over all orders played. */
  readonly verdicts: readonly Verdict[];
  /** One for each order played, at least one. */
  readonly histories: readonly History[];
  /** The history to draw: the first that shows a finding, otherwise the first. */
  readonly shown: History;
  /** How many orders there are in all; more than there are histories of the model means that a bound was met. */
  readonly orders: number;
}

/** Plays every order on a deployment that runs one call at a time. `random` draws orders where there are too many. */
export async function runOnModel(scenario: Scenario, deployment: Deployment, random: () => number): Promise<Outcome> {
  const { orders, total } = ordersOf(scenario.script, random);
  const histories: History[] = [];
  for (const order of orders) histories.push(await play(scenario.script, deployment, { order }));
  return conclude(scenario, histories, [], total);
}

/** Plays once, concurrent actions really at once, and requires that one of the model's orders explains every reply and row. */
export async function runOnDatabase(
  scenario: Scenario,
  deployment: Deployment,
  model: readonly History[],
): Promise<Outcome> {
  const history = await play(scenario.script, deployment);
  const difference = firstDifference(model, history);
  const findings = difference === null ? [] : [{ ...difference, place: scenario.place }];
  return conclude(scenario, [history], findings, 1);
}

function conclude(
  scenario: Scenario,
  histories: readonly History[],
  differences: readonly Finding[],
  total: number,
): Outcome {
  const [first] = histories;
  if (first === undefined) throw new Error('a scenario has at least one order');
  const judged = histories.map((history) => ({
    history,
    verdicts: judgeHistory(history),
    unmet: checkExpectations(scenario.script, history),
  }));
  const verdicts = mergeVerdicts(judged.map((run) => run.verdicts));
  const broken = (run: (typeof judged)[number]): readonly Finding[] =>
    run.verdicts.filter((verdict) => !scenario.breaks.includes(verdict.code)).flatMap((verdict) => verdict.findings);
  const failing = judged.find((run) => run.unmet.length > 0 || broken(run).length > 0);
  const findings = [
    ...differences,
    ...(failing === undefined ? [] : inTime([...broken(failing), ...failing.unmet])),
    ...unkeptClaims(scenario, verdicts),
  ];
  return {
    result: findings.length > 0 ? 'failed' : histories.length < total ? 'inconclusive' : 'passed',
    findings,
    verdicts,
    histories,
    shown: failing?.history ?? first,
    orders: total,
  };
}

/** The earliest first, because later ones often follow from it. */
function inTime(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** What the scenario says of the laws, and is not so. */
function unkeptClaims(scenario: Scenario, verdicts: readonly Verdict[]): readonly Finding[] {
  const outcome = new Map(verdicts.map((verdict) => [verdict.code, verdict]));
  const claim = (code: string, message: string): Finding => ({
    kind: 'expectation',
    title: `claim about ${code} ${outcome.get(code)?.name ?? ''}`.trim(),
    at: null,
    message,
    why: outcome.get(code)?.notJudged ?? null,
    fix: null,
    calls: [],
    place: scenario.place,
  });
  return [
    ...scenario.proves
      .filter((code) => outcome.get(code)?.tested === 0)
      .map((code) =>
        claim(code, `the scenario says that it proves ${code}, but nothing in it puts that law to the test`),
      ),
    ...scenario.breaks
      .filter((code) => outcome.get(code)?.outcome !== 'broken')
      .map((code) => claim(code, `the scenario says that ${code} breaks, but it holds`)),
  ];
}

/** One verdict a law: broken if it broke in any order, tested as often as in all of them together. */
function mergeVerdicts(runs: readonly (readonly Verdict[])[]): readonly Verdict[] {
  const [first] = runs;
  if (first === undefined || runs.length === 1) return first ?? [];
  return first.map((verdict, index) => {
    const all = runs.flatMap((run) => run[index] ?? []);
    const worst =
      all.find(({ outcome }) => outcome === 'broken') ?? all.find(({ outcome }) => outcome === 'kept') ?? verdict;
    return { ...worst, tested: all.reduce((sum, { tested }) => sum + tested, 0) };
  });
}
