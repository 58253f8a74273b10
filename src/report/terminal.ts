/** The report that people read: each failed scenario in a block of its own, then a summary that fits a screen. */
import picocolors from 'picocolors';
import { findingBlock } from './finding-block.ts';
import { headline, placeOf } from './finding-block.ts';
import type { Played, RunReport } from './run-report.ts';
import { summary } from './summary.ts';

/** Scenarios that are told in full; the others get one line each. */
const MOST_BLOCKS = 10;

/** Ends with a line feed. Escape codes are in it only where `colour` says so. */
export function terminalReport(report: RunReport, colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const failures = alike(report.played.filter(({ result }) => result !== 'passed'));
  const blocks = failures
    .slice(0, MOST_BLOCKS)
    .flatMap(({ played, on }) => [...findingBlock(played, on, report, colours), '']);
  const rest = failures
    .slice(MOST_BLOCKS)
    .map(({ played, on }) => `${colours.red('✗')} ${placeOf(played)}  on ${on.join(' and ')}: ${inShort(played)}`);
  const lines = [...blocks, ...rest, ...(rest.length === 0 ? [] : ['']), ...summary(report, colours)];
  return `${lines.join('\n')}\n`;
}

function inShort({ findings, result }: Played): string {
  const [finding] = findings;
  return finding === undefined ? result : (headline(finding)[0] ?? finding.title);
}

/** What failed in the same way on several targets is told once. */
function alike(failed: readonly Played[]): readonly { readonly played: Played; readonly on: readonly string[] }[] {
  const groups = new Map<string, { played: Played; on: string[] }>();
  for (const played of failed) {
    const [finding] = played.findings;
    const key = JSON.stringify([
      played.file,
      played.line,
      played.title,
      played.result,
      finding?.title,
      finding?.at,
      finding?.message,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { played, on: [played.on] });
    else group.on.push(played.on);
  }
  return [...groups.values()];
}
