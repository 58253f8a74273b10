/** P21: the sessions of one license stay within its limit, over all of its symbols. */
import { after, type Instant } from '../core/time.ts';
import type { Scope } from '../core/seat.ts';
import type { Account, SeatAccount } from './account.ts';
import type { Breach, Judgement, Law } from './law.ts';
import type { Tenure } from './ledger.ts';

export const LICENSE_LIMIT: Omit<Law, 'judge'> = {
  code: 'P21',
  name: 'scope sums',
  kind: 'safety',
  statement: 'across symbols and devices, the sessions of one license never exceed the limit of the license',
};

/** A session was certainly live from `from` until `to`, by the store's clock. */
interface Life {
  readonly scope: Scope;
  readonly tenure: Tenure;
  readonly from: Instant;
  to: Instant;
  /** True time of the grant. */
  readonly at: Instant;
}

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
    const lives = seats.flatMap((seat) => livesIn(seat, account)).sort((a, b) => a.from - b.from);
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
      why: 'each symbol has a seat of its own, and no seat sees the others',
      fix: `count the sessions of the license before a grant, make the seat the license (scope: 'license'), or declare licenseLimit: ${live.length}`,
      calls: live.map(({ tenure }) => tenure.call).sort((a, b) => a - b),
    };
  }
}

function livesIn(seat: SeatAccount, { context }: Account): readonly Life[] {
  // Lives of an order that is in doubt prove nothing.
  if (seat.doubtful !== 0) return [];
  const lives: Life[] = [];
  let open: Life | null = null;
  let sign: Tenure['sign'] | null = null;
  for (const { moment } of seat.moments) {
    if (!('operation' in moment)) continue;
    const { tenure } = moment.after;
    if (tenure === null || tenure === moment.before.tenure) continue;
    const { storeTime, slack } = moment.operation.answer;
    const same = open !== null && open.tenure.id === tenure.id && open.tenure.term === tenure.term;
    if (!same || tenure.standing.type !== 'held') {
      // A grant that does not own up to replacing the one before leaves that one to its expiry; law P1 speaks of it.
      if (open !== null) open.to = Math.min(open.to, storeTime - slack) as Instant;
      if (tenure.standing.type !== 'held') continue;
    }
    if (tenure.sign === sign) continue;
    ({ sign } = tenure);
    const to = after(sign.earliest, context.bounds.boundary);
    if (same && open !== null && open.to >= sign.latest) {
      open.to = to;
      continue;
    }
    open = { scope: seat.scope, tenure, from: sign.latest, to, at: moment.operation.answer.at };
    lives.push(open);
  }
  return lives;
}
