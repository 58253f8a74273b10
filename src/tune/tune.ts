/** Chooses a heartbeat and a timeout: closed forms for every pair, simulation where they are to be checked or do not reach, then the choice. */
import type { Duration } from '../core/time.ts';
import type { Conditions, Pair } from './conditions/conditions.ts';
import { paretoFront } from './choose/front.ts';
import { recommend, type Recommendation } from './choose/recommend.ts';
import type { Wish } from './choose/wishes.ts';
import { approximations, gridOf, type Figures } from './forms/figures.ts';
import { ready } from './forms/latency.ts';
import { modelOf } from './forms/model.ts';
import type { Simulated } from './simulate/estimate.ts';
import { simulate, spotCheck, type DoPiece, type Plan } from './simulate/simulate.ts';

export interface Question {
  readonly heartbeats: readonly Duration[];
  readonly timeouts: readonly Duration[];
  readonly conditions: Conditions;
  readonly wishes: readonly Wish[];
  /** Which pairs to simulate: the chosen one, those beside it and some of the front; all; or none. */
  readonly simulate: 'chosen' | 'all' | 'none';
  readonly plan: Plan;
  /** How many pairs are played in a whole world as well. */
  readonly spotChecks: number;
}

export interface Answer {
  /** Closed forms; where those are only near, with what was simulated in their place. */
  readonly grid: readonly Figures[];
  readonly front: readonly Figures[];
  readonly recommendation: Recommendation;
  readonly approximations: readonly string[];
  readonly simulated: readonly (Pair & { readonly closed: number; readonly result: Simulated })[];
}

/** Of the front, so many are simulated beside the chosen pair and its neighbours. */
const FROM_FRONT = 4;

export async function tune(
  question: Question,
  doPiece: DoPiece,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<Answer> {
  await ready;
  const { heartbeats, timeouts, conditions, wishes } = question;
  const closed = gridOf(heartbeats, timeouts, conditions);
  const why = approximations(modelOf(conditions), heartbeats);
  const everyPair = question.simulate === 'all' || (why.length > 0 && question.simulate !== 'none');
  const pairs = everyPair ? closed : question.simulate === 'none' ? [] : worthALook(closed, wishes);
  const checked = pairsToCheck(closed, wishes, question.spotChecks);
  let done = 0;
  const onDone = (): void => onProgress(++done, pairs.length + checked.length);
  const expected = (pair: Pair): number => figuresAt(closed, pair).falseExpiries;
  const results = await simulate(pairs, conditions, question.plan, expected, doPiece, onDone);
  const checks = await spotCheck(checked, conditions, question.plan.seed, doPiece, onDone);
  const simulated = [...withResults(pairs, results), ...withResults(checked, checks)];
  const grid =
    why.length > 0 && everyPair ? closed.map((figures, index) => withSimulated(figures, results[index])) : closed;
  return {
    grid,
    front: paretoFront(grid),
    recommendation: recommend(grid, wishes),
    approximations: why,
    simulated,
  };
}

/** The chosen pair, and those with its heartbeat in which most can be seen: where the timeout is two heartbeats and a little more. */
function pairsToCheck(grid: readonly Figures[], wishes: readonly Wish[], count: number): readonly Figures[] {
  const recommendation = recommend(grid, wishes);
  const chosen = recommendation.type === 'found' ? recommendation.chosen : recommendation.relaxations[0]?.pair;
  if (chosen === undefined) return [];
  const others = grid.filter(
    (figures) =>
      figures.heartbeat === chosen.heartbeat && figures.timeout >= 2 * figures.heartbeat && !isSame(figures, chosen),
  );
  return [chosen, ...others].slice(0, count);
}

function withResults(pairs: readonly Figures[], results: readonly Simulated[]): Answer['simulated'] {
  return pairs.flatMap(({ heartbeat, timeout, falseExpiries }, index) => {
    const result = results[index];
    return result === undefined ? [] : [{ heartbeat, timeout, closed: falseExpiries, result }];
  });
}

/** The chosen pair, those beside it, and some of the front. */
function worthALook(grid: readonly Figures[], wishes: readonly Wish[]): readonly Figures[] {
  const front = paretoFront(grid);
  const every = Math.max(1, Math.ceil(front.length / FROM_FRONT));
  const recommendation = recommend(grid, wishes);
  const chosen =
    recommendation.type === 'found'
      ? [recommendation.chosen, ...recommendation.neighbours]
      : recommendation.relaxations.slice(0, FROM_FRONT).map(({ pair }) => pair);
  const wanted = [...chosen, ...front.filter((_, index) => index % every === 0)];
  return grid.filter((figures) => wanted.some((pair) => isSame(pair, figures)));
}

function withSimulated(figures: Figures, result: Simulated | undefined): Figures {
  if (result === undefined) return figures;
  const { falseExpiries, fenceStops, detectionMean, detectionP95, mistakeLasts } = result;
  // What is too rare to be seen is taken for as much as it can be, and told to be no more than a bound.
  const rate = falseExpiries.value ?? falseExpiries.high;
  const mean = detectionMean.value ?? figures.detection.mean;
  const p95 = detectionP95.value ?? figures.detection.p95;
  return {
    ...figures,
    falseExpiries: rate,
    isBound: falseExpiries.value === null,
    betweenMistakes: rate > 0 ? 86_400_000 / rate : Infinity,
    mistakeLasts: mistakeLasts?.value ?? figures.mistakeLasts,
    fenceStops: fenceStops === null ? figures.fenceStops : (fenceStops.value ?? fenceStops.high),
    detection: { ...figures.detection, mean, p95 },
    // The waits that follow the expiry do not depend on how it came about.
    recovery: {
      ...figures.recovery,
      mean: figures.recovery.mean + mean - figures.detection.mean,
      p95: figures.recovery.p95 + p95 - figures.detection.p95,
    },
  };
}

function figuresAt(grid: readonly Figures[], pair: Pair): Figures {
  const found = grid.find((figures) => isSame(figures, pair));
  if (found === undefined) throw new Error('a pair is simulated after its closed forms are known');
  return found;
}

function isSame(a: Pair, b: Pair): boolean {
  return a.heartbeat === b.heartbeat && a.timeout === b.timeout;
}
