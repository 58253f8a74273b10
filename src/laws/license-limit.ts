/** P21: the sessions of one license stay within its limit, over all of its symbols. */
import type { Account, SeatAccount } from './account.ts';
import type { Breach, Judgement, Law } from './law.ts';
import type { Life } from './lives.ts';

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
      why: 'each symbol has a seat of its own, and no seat sees the others',
      fix: `count the sessions of the license before a grant, make the seat the license (scope: 'license'), or declare licenseLimit: ${live.length}`,
      calls: live.map(({ tenure }) => tenure.call).sort((a, b) => a - b),
    };
  }
}
