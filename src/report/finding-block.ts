/** One failed scenario as people read it: what broke, the timeline around it, why, how to mend it, how to see it again. */
import type { Colors } from 'picocolors/types.js';
import { formatInstant } from '../core/time.ts';
import type { Finding } from '../laws/finding.ts';
import { grouped } from './counts.ts';
import { replayCommand } from './replay.ts';
import type { Played, RunReport } from './run-report.ts';
import { timeline } from './timeline.ts';
import { labelled, wrap, WIDTH } from './wrap.ts';

/** How many findings of a scenario are told in a line each, after the one that is told in full. */
const MOST_OTHERS = 4;

/** The block of a scenario that did not pass. `on` names every target on which it failed in this same way. */
export function findingBlock(
  played: Played,
  on: readonly string[],
  report: RunReport,
  colours: Colors,
): readonly string[] {
  const [finding, ...others] = played.findings;
  const head = [
    `${colours.red('✗')} ${colours.bold(played.title)}`,
    `  ${colours.dim(`${placeOf(played)}  on ${on.join(' and ')}`)}`,
  ];
  // On one line, however long, so that it can be copied.
  const replay = [`  replay  ${replayCommand(played, report)}`];
  if (finding === undefined) return [...head, ...inconclusive(played), ...replay];
  return [
    ...head,
    ...headline(finding).map((line) => `  ${colours.red(line)}`),
    ...timeline(played.history, finding).map((line) => `    ${line}`),
    ...explanation(finding, placeOf(played)),
    ...others.slice(0, MOST_OTHERS).flatMap((other) => labelled('also', headline(other).join(' '))),
    ...(others.length > MOST_OTHERS ? labelled('also', `${others.length - MOST_OTHERS} more, in report.json`) : []),
    ...replay,
  ];
}

/** `scenarios/s3/crash.scenario.ts:14`. */
export function placeOf({ file, line }: { readonly file: string; readonly line: number | null }): string {
  return line === null ? file : `${file}:${line}`;
}

/** `P1 one holder broke at 61.3s: two sessions held the seat of license L1`, in as many lines as it takes. */
export function headline({ kind, title, at, message }: Finding): readonly string[] {
  const what = { law: `${title} broke`, expectation: `${title} not met`, difference: title, design: title }[kind];
  return wrap(`${what}${at === null ? '' : ` at ${formatInstant(at)}`}: ${message}`, WIDTH - 2);
}

/** The lines `why`, `fix` and, for what a user wrote elsewhere than `known`, `where`. */
export function explanation({ why, fix, place }: Finding, known: string | null = null): readonly string[] {
  const where = place === null ? null : placeOf({ file: place.file, line: place.line ?? null });
  return [
    ...(why === null ? [] : labelled('why', why)),
    ...(fix === null ? [] : labelled('fix', fix)),
    ...(where === null || where === known ? [] : labelled('where', where)),
  ];
}

function inconclusive(played: Played): readonly string[] {
  return wrap(`inconclusive: ${doubtIn(played)}`, WIDTH - 2).map((line) => `  ${line}`);
}

/** Why a scenario is inconclusive. */
export function doubtIn({ doubt, orders }: Pick<Played, 'doubt' | 'orders'>): string {
  return (
    doubt ??
    `${grouped(orders.played)} of ${grouped(orders.total)} orders of its concurrent steps were played, and nothing broke in them; ` +
      `take fewer steps into one together(…)`
  );
}
