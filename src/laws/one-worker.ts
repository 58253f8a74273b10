/** P2: one device works on a seat at a time. */
import { between, formatDuration } from '../core/time.ts';
import type { Evidence } from './evidence.ts';
import { FINDINGS_PER_LAW } from './finding.ts';
import type { Breach, Law } from './law.ts';
import { isExcessive, overlapsIn, type Overlap } from './overlap.ts';
import { reasonFor } from './overlap-reason.ts';
import { tellingOf, type Telling } from './telling.ts';
import { endOf, workIn, workUnseen, type Worker } from './work.ts';

export const ONE_WORKER: Law = {
  code: 'P2',
  name: 'one worker',
  kind: 'safety',
  statement:
    'at every true instant at most one device works on a seat, apart from overlaps no longer than the policy allows',
  judge: (evidence) => {
    const { history } = evidence;
    const { overlaps, successions } = overlapsIn(workIn(history, evidence.incidents), endOf(history));
    const tell = tellingOf(history);
    const excessive = overlaps.filter(({ from, to }) => isExcessive(between(from, to), history.policy));
    // Why they came about takes a look at the whole History, so only those are told that are shown.
    const breaches = excessive.slice(0, FINDINGS_PER_LAW).map((overlap) => breachOf(overlap, evidence, tell));
    return { tested: successions, breaches, notJudged: workUnseen(history) };
  },
};

function breachOf(overlap: Overlap, evidence: Evidence, tell: Telling): Breach {
  const { scope, from, to, open, workers } = overlap;
  const stale = staleOf(workers);
  const current = currentOf(workers, stale);
  const length = formatDuration(between(from, to));
  const names = [...new Set(workers.map(({ device }) => tell.device(device)))];
  const { overlap: allowed } = evidence.history.policy;
  const bound = allowed === 0 ? '' : `, where the policy allows ${formatDuration(allowed)}`;
  return {
    at: from,
    message: `${listed(names)} worked at once on ${tell.scope(scope)} for ${length}${open ? ', until the run ended' : ''}${bound}`,
    ...reasonFor({ stale, current, from }, evidence, tell),
  };
}

/** The worker whose right to work is the oldest: by the terms, or where none are told by who began first. */
function staleOf(workers: readonly Worker[]): Worker {
  return workers.reduce((oldest, worker) => (isOlder(worker, oldest) ? worker : oldest));
}

function isOlder(a: Worker, b: Worker): boolean {
  return a.term !== null && b.term !== null && a.term < b.term;
}

function currentOf(workers: readonly Worker[], stale: Worker): Worker {
  const others = workers.filter(({ device }) => device !== stale.device);
  return others.reduce((newest, worker) => (isOlder(worker, newest) ? newest : worker), others[0] ?? stale);
}

function listed(names: readonly string[]): string {
  return names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
