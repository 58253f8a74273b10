/** P21: the sessions of one license stay within its limit, over all of its symbols. */
import type { Account, SeatAccount } from './account.ts';
import type { Breach, Judgement, Law } from './law.ts';
import type { Life } from './lives.ts';
import { meetingOf } from './meeting.ts';

export const LICENSE_LIMIT: Omit<Law, 'judge'> = {
  code: 'P21',
  name: 'scope sums',
  kind: 'safety',
  statement: 'across symbols and devices, the sessions of one license never exceed the limit of the license',
};

export function judgeLicenseLimit(account: Account): Judgement {
  const byLicense = new Map<string, SeatAccount[]>();
  for (const seat of account.seats) {
    const seats = byLicense.get(seat.scope.license);
    if (seats === undefined) byLicense.set(seat.scope.license, [seat]);
    else seats.push(seat);
  }
  const { incidents } = account.context.lookup.evidence;
  if (incidents.some((event) => event.type === 'clock-set' && event.clock === 'store' && event.by < 0)) {
    return {
      tested: 0,
      breaches: [],
      notJudged: 'the clock of the store was set back, so one reading stands for two instants',
    };
  }
  let tested = 0;
  const breaches: Breach[] = [];
  for (const [license, seats] of byLicense) {
    // Within one seat this is law P1.
    if (seats.length < 2) continue;
    const lives = seats.flatMap((seat) => seat.lives).sort((a, b) => a.from - b.from);
    tested += lives.length;
    breaches.push(...excess(license, lives, account));
  }
  return { tested, breaches, notJudged: null };
}

function* excess(license: string, lives: readonly Life[], { context }: Account): Iterable<Breach> {
  const { lookup, tell } = context;
  const { licenseLimit } = lookup.evidence.history.policy;
  let live: Life[] = [];
  for (const life of lives) {
    live = live.filter(({ to }) => to > life.from);
    live.push(life);
    if (live.length <= licenseLimit || life.to <= life.from) continue;
    const all = live.map(({ scope, tenure }) => `${tell.device(tenure.device)} on ${tell.scope(scope)}`);
    yield {
      at: life.at,
      message: `license ${license} had ${live.length} live sessions and its limit is ${licenseLimit}: ${all.join(', ')}`,
      ...exceeded(live, life, context),
      calls: live.map(({ tenure }) => tenure.call).sort((a, b) => a - b),
    };
  }
}

function exceeded(
  live: readonly Life[],
  last: Life,
  { lookup, tell }: Account['context'],
): Pick<Breach, 'cause' | 'why' | 'fix'> {
  const other = live.find((life) => life !== last) ?? last;
  const [one, two] = [lookup.operation(other.tenure.call), lookup.operation(last.tenure.call)];
  const names = `${tell.scope(other.scope)} and ${tell.scope(last.scope)}`;
  if (one !== null && two !== null && meetingOf(one, two) !== 'apart') {
    return {
      cause: 'symbols-granted-concurrently',
      why: `the starts on ${names} overlapped, so neither counted the session of the other`,
      fix: 'lock the row of the license before its sessions are counted, and grant under that lock',
    };
  }
  if (last.revived) {
    return {
      cause: 'symbol-revived',
      why: `a heartbeat renewed the session on ${tell.scope(last.scope)} after it had expired and the session on ${tell.scope(other.scope)} was live`,
      fix: `reject a heartbeat that comes after expiry (lateHeartbeat: 'reject'), or count the sessions of the license in it too`,
    };
  }
  return {
    cause: 'symbols-not-counted',
    why: `the starts on ${names} did not overlap, and the later one was granted although the earlier session was live`,
    fix: `count the live sessions of the license before a grant, make the seat the license (scope: 'license'), or declare licenseLimit: ${live.length}`,
  };
}
