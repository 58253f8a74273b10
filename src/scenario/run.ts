/** Runs one scenario: plays it, judges what happened, and compares a database with the model. */
import type { UsageError } from '../core/failures.ts';
import type { History } from '../history/history.ts';
import { judgeHistory } from '../laws/judge.ts';
import type { Finding } from '../laws/finding.ts';
import type { Verdict } from '../laws/law.ts';
import type { Deployment } from '../service/port.ts';
import { firstDifference } from './agree.ts';
import { checkExpectations, type Unjudged } from './check.ts';
import { playInWorld } from '../world/play.ts';
import type { DatabasePlayer } from '../world/play-on-database.ts';
import { playSettled } from '../world/play-settled.ts';
import { designOf, playsInWorld } from './design.ts';
import { ordersOf } from './orders.ts';
import { play } from './play.ts';
import { replay } from './replay.ts';
import { placed } from './words/place.ts';
import type { Scenario } from './words/scenario.ts';

/** What became of one scenario on one deployment. */
export interface Outcome {
  readonly result: 'passed' | 'failed' | 'inconclusive';
  /** What it failed by, in order of weight: the first is the one to show. */
  readonly findings: readonly Finding[];
  /** One for each law, over all orders played; where one of them failed, over those up to it. */
  readonly verdicts: readonly Verdict[];
  /** One for each order played, at least one. */
  readonly histories: readonly History[];
  /** The history to draw: the first that shows a finding, otherwise the first. */
  readonly shown: History;
  /** Expectations and claims that could not be judged, because the service does not tell what they are about. */
  readonly unjudged: readonly Unjudged[];
  /** How many expectations were judged, over the orders of `verdicts`. */
  readonly judged: number;
  /** How many orders there are in all; more than there are histories of the model means that a bound was met. */
  readonly orders: number;
  /** Why it is inconclusive, where that is not because of the orders; null otherwise. */
  readonly doubt: string | null;
}

/**
 * Plays every order on a deployment that runs one call at a time; `random` draws orders where there are too many. What needs
 * a world is played in one instead.
 */
export async function runOnModel(scenario: Scenario, deployment: Deployment, random: () => number): Promise<Outcome> {
  if (playsInWorld(scenario)) return runInWorld(scenario);
  const { orders, total } = ordersOf(scenario.script, random);
  const histories: History[] = [];
  const impossible: UsageError[] = [];
  for (const order of orders) {
    histories.push(await play(scenario.script, deployment, { order, impossible: (error) => impossible.push(error) }));
  }
  const { failures, ...told } = judgeUntilFailure(scenario, histories);
  rejectImpossible(impossible, failures);
  const findings = failures.length > 0 ? failures : unkeptClaims(scenario, told.verdicts);
  const doubt = doubtfulProof(scenario, told.verdicts);
  const result = resultOf(findings, histories.length === total && doubt === null);
  return { ...told, result, findings, histories, orders: total, doubt };
}

/**
 * Plays once, concurrent actions really at once, and requires that one of the model's orders explains every reply and
 * row. What the scenario claims of the laws is checked here only where there is one order: of several, this run saw one.
 */
export async function runOnDatabase(
  scenario: Scenario,
  deployment: Deployment,
  model: Pick<Outcome, 'histories' | 'orders'>,
): Promise<Outcome> {
  if (playsInWorld(scenario)) return runReplay(scenario, deployment);
  // What cannot be done here was done on the model, so the difference is what there is to tell.
  const history = await play(scenario.script, deployment, { impossible: 'skip' });
  const difference = firstDifference(model.histories, history);
  // Where the model has not played every order, one that it left out may be the explanation.
  const allOrders = model.histories.length === model.orders;
  const differences = difference === null || !allOrders ? [] : [{ ...difference, place: scenario.place }];
  const { failures, ...told } = judgeUntilFailure(scenario, [history]);
  const found = [...differences, ...failures];
  const findings = found.length > 0 || model.orders > 1 ? found : unkeptClaims(scenario, told.verdicts);
  const doubt = doubtfulProof(scenario, told.verdicts);
  const result = resultOf(findings, (difference === null || allOrders) && doubt === null);
  return { ...told, result, findings, histories: [history], orders: 1, doubt };
}

/** What fails is played once more: a design that is not a function of the scenario may fail once and not again. */
async function runInWorld(scenario: Scenario): Promise<Outcome> {
  const outcome = await inWorld(scenario);
  const [first] = outcome.findings;
  if (first === undefined) return outcome;
  const again = await inWorld(scenario);
  const ways = new Set(again.findings.map(wayOf));
  const findings = outcome.findings.filter((finding) => ways.has(wayOf(finding)));
  const verdicts = outcome.verdicts.map((verdict, index) =>
    verdict.outcome === 'broken' && again.verdicts[index]?.outcome !== 'broken' ? unrepeated(verdict) : verdict,
  );
  if (findings.length > 0) return { ...outcome, findings, verdicts };
  const doubt =
    `it failed and, played again, did not fail in the same way, so the design is not deterministic; ` +
    `the first time: ${first.title}, ${first.message}`;
  return { ...outcome, result: 'inconclusive', findings, verdicts, doubt };
}

function unrepeated(verdict: Verdict): Verdict {
  const notJudged = 'it broke once, and not when the scenario was played again';
  return { ...verdict, outcome: 'not-judged', findings: [], notJudged };
}

/** Two findings are alike if a law, or an expectation in one place, failed in both. */
function wayOf({ title, place }: Finding): string {
  return `${title} ${place?.line ?? ''}`;
}

/** Plays a scenario of a design in SQL, once: its statements run on a database while simulated time stands still. */
export async function runDesignOnDatabase(
  scenario: Scenario,
  { play: onDatabase }: Pick<DatabasePlayer, 'play'>,
): Promise<Outcome> {
  const impossible: UsageError[] = [];
  const history = await onDatabase(scenario.script, (error) => impossible.push(error));
  return outcomeOf(scenario, { ...history, on: 'postgres' }, impossible);
}

/** A world is played once, because the order of what happens in it is not open. */
async function inWorld(scenario: Scenario): Promise<Outcome> {
  const { script, place } = scenario;
  const design = designOf(scenario);
  const errors: UsageError[] = [];
  const impossible = (error: UsageError): void => void errors.push(error);
  const history =
    design.promised === true
      ? await playSettled(script, design, { impossible })
      : placed(place, () => playInWorld(script, design, impossible));
  return outcomeOf(scenario, { ...history, on: 'model' }, errors);
}

/** The database does what the store of the world did, one command after the other. */
async function runReplay(scenario: Scenario, deployment: Deployment): Promise<Outcome> {
  const { history, difference } = await replay(scenario.script, designOf(scenario), deployment);
  const outcome = outcomeOf(scenario, history);
  if (difference === null) return outcome;
  const findings = [{ ...difference, place: scenario.place }, ...outcome.findings];
  return { ...outcome, result: 'failed', findings };
}

function outcomeOf(scenario: Scenario, history: History, impossible: readonly UsageError[] = []): Outcome {
  const { failures, ...told } = judgeUntilFailure(scenario, [history]);
  rejectImpossible(impossible, failures);
  const findings = failures.length > 0 ? failures : unkeptClaims(scenario, told.verdicts);
  const doubt = doubtfulProof(scenario, told.verdicts);
  return { ...told, result: resultOf(findings, doubt === null), findings, histories: [history], orders: 1, doubt };
}

/**
 * A scenario that tells somebody to name a session that they do not have is wrong, unless some answer was: then that
 * is why they do not have it, and the failure is what there is to tell.
 */
function rejectImpossible(impossible: readonly UsageError[], failures: readonly Finding[]): void {
  const [first] = impossible;
  if (first !== undefined && !failures.some(({ calls }) => calls.length > 0)) throw first;
}

function resultOf(findings: readonly Finding[], complete: boolean): Outcome['result'] {
  if (findings.length > 0) return 'failed';
  return complete ? 'passed' : 'inconclusive';
}

/** Judges one history after another, and none after the first that fails: one is enough to tell. */
function judgeUntilFailure(
  scenario: Scenario,
  histories: readonly History[],
): Pick<Outcome, 'verdicts' | 'unjudged' | 'judged' | 'shown'> & { readonly failures: readonly Finding[] } {
  const [first] = histories;
  if (first === undefined) throw new Error('a scenario has at least one order');
  const runs: (readonly Verdict[])[] = [];
  const open: Unjudged[] = [];
  let judged = 0;
  let [failures, shown]: readonly [readonly Finding[], History] = [[], first];
  for (const history of histories) {
    const verdicts = judgeHistory(history);
    runs.push(verdicts);
    const expected = [...scenario.breaks, ...scenario.declared];
    const unexpected = verdicts.filter(({ code }) => !expected.includes(code));
    const checked = checkExpectations(scenario.script, history);
    judged += checked.judged;
    for (const each of checked.unjudged) if (!open.some((known) => isSame(known, each))) open.push(each);
    failures = inTime([...unexpected.flatMap(({ findings }) => findings), ...checked.unmet]);
    if (failures.length === 0) continue;
    shown = history;
    break;
  }
  const verdicts = mergeVerdicts(runs);
  return { failures, verdicts, unjudged: [...open, ...unjudgedClaims(scenario, verdicts)], judged, shown };
}

function isSame(a: Unjudged, b: Unjudged): boolean {
  return a.what === b.what && a.why === b.why;
}

/** Why a law that the scenario proves is in doubt, because a search met its bound; null where there is none. */
function doubtfulProof({ proves }: Scenario, verdicts: readonly Verdict[]): string | null {
  const law = verdicts.find(
    ({ code, outcome, inDoubt }) => inDoubt && outcome === 'not-judged' && proves.includes(code),
  );
  return law === undefined ? null : `the scenario proves ${law.code}, which was not judged: ${law.notJudged ?? ''}`;
}

/** What the scenario claims of laws that were not judged; against a design that it was not written for, or not tested. */
function unjudgedClaims(scenario: Scenario, verdicts: readonly Verdict[]): readonly Unjudged[] {
  const claimed = [...scenario.proves, ...scenario.breaks];
  return verdicts
    .filter((verdict) => claimed.includes(verdict.code) && isOpen(scenario, verdict) && !verdict.inDoubt)
    .map(({ code, name, notJudged }) => ({
      what: `${code} ${name}`,
      why: notJudged ?? 'no request of the scenario tests it on this design',
      place: scenario.place,
    }));
}

function isOpen({ isAgainst }: Scenario, { outcome }: Verdict): boolean {
  return outcome === 'not-judged' || (isAgainst && outcome === 'untested');
}

/** Why nothing of a scenario could be judged: no expectation, and no law that it proves was tested. Null where something was. */
export function nothingJudged({ proves }: Scenario, outcome: Outcome): string | null {
  const { result, judged, unjudged, verdicts } = outcome;
  const isTested = verdicts.some(({ code, tested }) => proves.includes(code) && tested > 0);
  if (result !== 'passed' || judged > 0 || isTested || unjudged.length === 0) return null;
  return `nothing of it can be judged: ${[...new Set(unjudged.map(({ why }) => why))].join('; ')}`;
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
    why: null,
    fix: null,
    calls: [],
    place: scenario.place,
  });
  return [
    ...scenario.proves
      .filter((code) => outcome.get(code)?.outcome === 'untested' && !scenario.isAgainst)
      .map((code) =>
        claim(code, `the scenario says that it proves ${code}, but nothing in it puts that law to the test`),
      ),
    ...scenario.breaks
      .filter((code) => {
        const verdict = outcome.get(code);
        return verdict !== undefined && verdict.outcome !== 'broken' && !isOpen(scenario, verdict);
      })
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
