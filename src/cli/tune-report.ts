/** What a run of `seatproof tune` found, as the report that is written of it. */
import { formatAs, formatChange, formatNumber, formatTime } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import { formatSeed } from '../report/run-report.ts';
import type { TuneChoice, TuneDifference, TuneReport, TuneSimulated } from '../report/tune-report.ts';
import { METRICS, type MetricName } from '../tune/choose/wishes.ts';
import type { Recommendation } from '../tune/choose/recommend.ts';
import { judgeClaims } from '../tune/claims.ts';
import type { Answer, Question } from '../tune/tune.ts';
import { COMMAND, PACKAGE } from './package.ts';
import { describeConditions, type TuneFlags } from './tune-flags.ts';
import type { ObservedSource } from './tune-observed.ts';

const DAY = 86_400_000;

export function tuneReport(
  flags: TuneFlags,
  question: Question,
  answer: Answer,
  observed: ObservedSource | null,
  seed: number,
): TuneReport {
  return {
    tool: `seatproof ${PACKAGE.version}`,
    seed,
    conditions: describeConditions(question.conditions),
    wishes: question.wishes.map(({ text }) => text),
    wishesAreUsual: flags.want === undefined,
    heartbeats: question.heartbeats,
    timeouts: question.timeouts,
    grid: answer.grid,
    front: answer.front,
    choice: choiceOf(answer.recommendation),
    approximations: answer.simulated.length === 0 ? [] : answer.approximations,
    simulated: answer.simulated.map(({ result, ...pair }): TuneSimulated => ({ ...pair, ...result })),
    claims: judgeClaims(question.conditions),
    observed,
    warnings: [
      ...unsimulated(answer),
      ...hardlyAlive(answer.recommendation),
      ...edges(question, answer.recommendation),
    ],
    again: again(seed),
  };
}

function choiceOf(recommendation: Recommendation): TuneChoice {
  if (recommendation.type === 'none') {
    return {
      type: 'none',
      relaxations: recommendation.relaxations.map(({ wishes, pair }) => ({
        wishes: wishes.map(({ wish, to }) => ({
          wish: wish.text,
          to: to?.text ?? null,
          change: to === null ? '' : formatChange(wish.bound, to.bound),
        })),
        pair,
      })),
    };
  }
  const { tightest, neighbours } = recommendation;
  return {
    ...recommendation,
    tightest: tightest === null ? null : { wish: tightest.wish.text, spare: tightest.spare },
    neighbours: neighbours.map((neighbour) => ({
      ...neighbour,
      breaks: neighbour.breaks.map(({ wish, value }) => ({
        wish: wish.text,
        value: formatAs(METRICS[wish.metric].unit, value),
      })),
      worse: neighbour.worse.map(asText),
      better: neighbour.better.map(asText),
    })),
  };
}

function asText({
  metric,
  from,
  to,
}: {
  readonly metric: MetricName;
  readonly from: number;
  readonly to: number;
}): TuneDifference {
  const { unit } = METRICS[metric];
  return { metric, from: formatAs(unit, from), to: formatAs(unit, to) };
}

/** Closed forms that are only near, and nothing simulated in their place. */
function unsimulated({ approximations, simulated }: Answer): readonly string[] {
  if (approximations.length === 0 || simulated.length > 0) return [];
  return [`these figures are only near the truth: ${approximations.join('; ')}. Leave out --simulate none`];
}

/** A pair can keep every wish because there is hardly a session left to lose. */
function hardlyAlive(recommendation: Recommendation): readonly string[] {
  if (recommendation.type === 'none') return [];
  const { heartbeat, fence, fenceStops, betweenMistakes, mistakeLasts } = recommendation.chosen;
  const dead = (mistakeLasts ?? 0) / betweenMistakes;
  return [
    ...(dead > 0.01 ? [`a healthy session is held for dead ${formatNumber(dead * 100)} % of the time`] : []),
    ...(fence !== null && fenceStops * heartbeat > 0.1 * DAY
      ? [
          `the fence of ${formatTime(fence)} hardly reaches to the next heartbeat: it stops a healthy client ${formatNumber(fenceStops)} times a day. Leave out --fence, or wish for fence-stops`,
        ]
      : []),
  ];
}

/** Where the pair lies at an end of what was compared, a better one may lie beyond. */
function edges({ heartbeats, timeouts }: Question, recommendation: Recommendation): readonly string[] {
  const pair = recommendation.type === 'found' ? recommendation.chosen : recommendation.relaxations[0]?.pair;
  if (pair === undefined) return [];
  const edge = (flag: string, values: readonly Duration[], value: Duration): readonly string[] => {
    const end = value === values.at(-1) ? 'long' : value === values[0] ? 'short' : null;
    if (values.length < 2 || end === null) return [];
    return [
      `${value / 1000}s is the ${end}est ${flag} that was compared; ${end === 'long' ? 'a longer' : 'a shorter'} one may be better still, so widen --${flag}`,
    ];
  };
  return [...edge('heartbeat', heartbeats, pair.heartbeat), ...edge('timeout', timeouts, pair.timeout)];
}

/** The command line as it was given, with the seed in it and without a password. */
function again(seed: number): string {
  const words = process.argv
    .slice(2)
    .filter((word, index, all) => !word.startsWith('--seed') && all[index - 1] !== '--seed')
    .map((word) => word.replace(/^((?:--observed=)?postgres(?:ql)?:\/\/[^:@/]*):[^@]*@/, '$1@'))
    .map((word) => (/^[\w./:@=,%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`));
  return [COMMAND, ...words, '--seed', formatSeed(seed)].join(' ');
}
