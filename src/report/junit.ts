/** The report that CI systems read: JUnit XML, one suite for each group on each target. */
import junit, { type Builder } from 'junit-report-builder';
import picocolors from 'picocolors';
import { groupsOf } from './counts.ts';
import { doubtIn, findingBlock, headline } from './finding-block.ts';
import { formatSeed, type Played, type RunReport } from './run-report.ts';

/** A whole XML document. What is inconclusive is an error, because it is neither a pass nor a failure. */
export function junitReport(report: RunReport): string {
  const builder = junitBuilder.newBuilder();
  builder.name('seatproof');
  for (const { name } of report.targets) {
    for (const group of groupsOf(report.played)) {
      const played = report.played.filter((each) => each.group === group && each.on === name);
      if (played.length === 0) continue;
      const suite = builder.testSuite().name(allowed(`${group} on ${name}`));
      suite.timestamp(report.startedAt);
      suite.time(seconds(played.reduce((sum, { durationMs }) => sum + durationMs, 0)));
      suite.property('seed', formatSeed(report.seed));
      for (const each of played) addCase(suite, each, report);
    }
  }
  return `${builder.build()}\n`;
}

// The package's types say `export default`, its code `module.exports =`, so that the import is already the builder.
const junitBuilder = junit as unknown as typeof junit.default;

type Suite = ReturnType<Builder['testSuite']>;

function addCase(suite: Suite, played: Played, report: RunReport): void {
  const test = suite
    .testCase()
    .className(allowed(`${played.group}.${played.on}`))
    .name(allowed(played.title))
    .file(allowed(played.file))
    .time(seconds(played.durationMs));
  const { unjudged = [] } = played;
  if (unjudged.length > 0) {
    test.standardOutput(inCdata(allowed(unjudged.map(({ what, why }) => `not judged: ${what}: ${why}`).join('\n'))));
  }
  if (played.result === 'passed') return;
  const [finding] = played.findings;
  const text = allowed(findingBlock(played, [played.on], report, picocolors.createColors(false)).join('\n'));
  if (played.result === 'inconclusive') {
    test.error(allowed(doubtIn(played)), 'inconclusive', inCdata(text));
  } else {
    test.failure(
      allowed(finding === undefined ? played.result : headline(finding).join(' ')),
      finding?.kind ?? 'failed',
    );
    test.stacktrace(inCdata(text));
  }
}

/** To the microsecond. */
function seconds(ms: number): number {
  return Number((ms / 1000).toFixed(6));
}

/** The builder puts this text between CDATA marks as it is, so an end mark in it is divided between two of them. */
function inCdata(text: string): string {
  return text.replaceAll(']]>', ']]]]><![CDATA[>');
}

/** Without the characters that XML 1.0 forbids, escaped or not: most control characters, halves of pairs, two noncharacters. */
export function allowed(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
