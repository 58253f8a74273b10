/** What became of a scenario, in the form that reports are made of. */
import type { Finding } from '../laws/finding.ts';
import type { Played } from '../report/run-report.ts';
import type { Outcome } from '../scenario/run.ts';
import { nearPath } from './failures.ts';
import type { Entry } from './suite.ts';

export function asPlayed({ scenario, file, group }: Entry, outcome: Outcome, durationMs: number): Played {
  const { script, about, proves, breaks, declared, place } = scenario;
  return {
    title: script.title,
    about,
    file,
    line: place?.line ?? null,
    group,
    on: outcome.shown.on,
    result: outcome.result,
    doubt: outcome.doubt,
    findings: outcome.findings.map(nearFinding),
    proves,
    breaks,
    declared,
    verdicts: outcome.verdicts,
    unjudged: outcome.unjudged.map(({ what, why }) => ({ what, why })),
    orders: { played: outcome.histories.length, total: outcome.orders },
    commands: outcome.histories.reduce(
      (sum, { events }) => sum + events.filter(({ type }) => type === 'answered').length,
      0,
    ),
    history: outcome.shown,
    historyFile: null,
    durationMs,
  };
}

function nearFinding(finding: Finding): Finding {
  return finding.place === null
    ? finding
    : { ...finding, place: { ...finding.place, file: nearPath(finding.place.file) } };
}
