/** The report on a search of every state of a small world around a design. */
import { atLeast, atMost } from '../core/drift.ts';
import type { Policy } from '../core/policy.ts';
import { formatDuration, type Duration } from '../core/time.ts';
import { counted } from './counts.ts';
import type { Finding } from '../laws/finding.ts';
import { exhaustionText, type Exhaustion } from './exhaustion.ts';
import { explanation } from './finding-block.ts';
import { labelled } from './wrap.ts';

export interface SessionSearch {
  /** As on the command line. */
  readonly design: string;
  readonly exhaustion: Exhaustion;
  /** What the model leaves out, in sentences. */
  readonly abstracted: readonly string[];
  readonly longest: readonly LongestLasting[];
  /** The counterexample as it was played again; null where there is none. */
  readonly played: PlayedAgain | null;
  /** Whether the design declares that this law breaks. */
  readonly expected?: boolean;
}

export interface PlayedAgain {
  /** What broke: service answers, one worker, or scope sums. */
  readonly law: 'P0' | 'P2' | 'P21';
  readonly finding: Finding;
  /** The longest for which devices worked at once. */
  readonly overlap: Duration;
  /** The files that it was saved in. */
  readonly scenario: string;
  readonly history: string;
  /** The command lines that show it again. */
  readonly replay: readonly string[];
}

export interface LongestLasting {
  readonly what: 'overlap' | 'blocked' | 'astray';
  readonly lasts: Duration;
  /** Whether counting went on until it was over. */
  readonly isBounded: boolean;
  /** Whether every state was searched. */
  readonly isKnown: boolean;
}

const IN_WORDS: Readonly<Record<LongestLasting['what'], string>> = {
  overlap: 'two devices work at once for',
  blocked: 'a session that nobody has keeps others out for',
  astray: 'a device works on after its seat has gone to another for',
};

/** Ends with a line feed. */
export function sessionSearchText({ exhaustion, abstracted, longest, played, expected }: SessionSearch): string {
  const lines = [
    ...(expected === true
      ? labelled(
          'note',
          'expected to break (declared by the design); the search ended there, so other laws may break as well',
        )
      : []),
    ...longest.flatMap((each, index) => labelled(index === 0 ? 'longest' : '', longestInWords(each))),
    ...(played === null
      ? []
      : [
          ...labelled('played', `again in the world: ${playedInWords(played)}`),
          ...explanation(played.finding),
          // On one line each, however long, so that they can be copied.
          ...played.replay.map((command, index) => `  ${(index === 0 ? 'replay' : '').padEnd(8)}${command}`),
        ]),
    ...abstracted.flatMap((sentence, index) => labelled(index === 0 ? 'assumes' : '', sentence)),
  ];
  return `${exhaustionText(exhaustion)}${lines.join('\n')}\n`;
}

function playedInWords({ law, finding, overlap }: PlayedAgain): string {
  return law === 'P2' ? `two devices worked at once for ${formatDuration(overlap)}` : finding.message;
}

function longestInWords({ what, lasts, isBounded, isKnown }: LongestLasting): string {
  const how = isBounded ? `${formatDuration(lasts)} at most` : `${formatDuration(lasts)} or more: no bound was found`;
  return `${IN_WORDS[what]} ${how}${isKnown ? '' : ', in the states that were searched'}`;
}

export interface SolvedFigure {
  readonly figure: 'fence' | 'timeout' | 'grace';
  readonly found: Duration | null;
  readonly unit: Duration;
  readonly tried: readonly { readonly value: Duration; readonly holds: boolean }[];
  readonly isInconclusive: boolean;
}

/** Ends with a line feed. */
export function solvedText(policy: Policy, { figure, found, unit, tried, isInconclusive }: SolvedFigure): string {
  const superlative = figure === 'fence' ? 'longest' : 'shortest';
  const head = isInconclusive
    ? `? the ${superlative} ${figure} is not known: a search met its bound`
    : found === null
      ? `✗ no ${figure} was found under which devices never work at once`
      : `✓ the ${superlative} ${figure} under which devices never work at once: ${formatDuration(found)}`;
  const lines = [
    head,
    ...labelled('tried', tried.map(({ value, holds }) => `${formatDuration(value)} ${holds ? '✓' : '✗'}`).join(', ')),
    ...labelled('unit', formatDuration(unit)),
    ...labelled('formula', formulaOf(policy, figure)),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is expected of it. */
function formulaOf({ timeout, stopTime, fence, clockDrift }: Policy, figure: SolvedFigure['figure']): string {
  const stopping = `the time to stop, ${formatDuration(stopTime)}${clockDrift === 0 ? '' : `, by clocks that are ${clockDrift * 1e6} ppm off`}`;
  if (figure === 'fence') {
    const most = (atLeast(timeout, clockDrift) - stopTime) * (1 - clockDrift);
    return `timeout ${formatDuration(timeout)} less ${stopping}: ${inWords(Math.floor(most))}`;
  }
  if (fence === null) return `without a fence no ${figure} is long enough`;
  const worksOn = (atMost(fence, clockDrift) + stopTime) * (1 + clockDrift);
  return figure === 'timeout'
    ? `fence ${formatDuration(fence)} and ${stopping}: ${inWords(Math.ceil(worksOn))}`
    : `as long as a victim that hears nothing works on, ${inWords(Math.ceil(worksOn))}, but the timeout of ${formatDuration(timeout)} is enough`;
}

const inWords = (ms: number): string => formatDuration(ms as Duration);

/** Ends with a line feed. */
export function verifiedText(
  certificate: string,
  { result, distinct }: Pick<Exhaustion, 'result' | 'distinct'>,
  differences: readonly string[],
): string {
  const lines =
    differences.length === 0
      ? [`✓ ${certificate} is as it was: ${result}, ${counted(distinct, 'state')}`]
      : [`✗ ${certificate} is not what a search finds now`, ...differences.map((difference) => `  ${difference}`)];
  return `${lines.join('\n')}\n`;
}
