/** The table of all laws, in the order of their codes. */
import { UsageError } from '../core/failures.ts';
import { lawsOf, type Manner } from './account.ts';
import { HONEST_ACKNOWLEDGEMENT } from './acknowledgement.ts';
import { clockProof } from './clock-proof.ts';
import { DURABLE_HEARTBEAT } from './durability.ts';
import { NO_EARLY_EXPIRY } from './early-expiry.ts';
import type { Evidence } from './evidence.ts';
import { FEW_FALSE_EXPIRIES } from './false-expiry.ts';
import { FENCED_EFFECTS } from './fenced-effects.ts';
import type { Law } from './law.ts';
import { judgeLicenseLimit, LICENSE_LIMIT } from './license-limit.ts';
import { NO_FALSE_LOCK_OUT, RECOVERY } from './lock-out.ts';
import { ONE_BOUNDARY } from './one-boundary.ts';
import { ONE_HOLDER } from './one-holder.ts';
import { ONE_WORKER } from './one-worker.ts';
import { NO_ORPHAN } from './orphan.ts';
import { databaseOutage } from './outage.ts';
import { READ_YOUR_WRITES } from './read-your-writes.ts';
import { SCOPED_RELEASE } from './release.ts';
import { ONE_MEANING_OF_NULL } from './released.ts';
import { NO_RESURRECTION } from './resurrection.ts';
import { IDEMPOTENT_START } from './retry.ts';
import { SERVICE_ANSWERS } from './service-answers.ts';
import { STORES_AGREE } from './stores-agree.ts';
import type { Rule } from './rule.ts';
import { CONDITIONAL_SWEEP } from './sweep.ts';
import { ONE_TAKEOVER_WINNER } from './takeover.ts';
import { VICTIM_LEARNS } from './victim.ts';
import { HONEST_WAIT } from './wait.ts';

const RULES: readonly Rule[] = [
  ONE_HOLDER,
  NO_RESURRECTION,
  DURABLE_HEARTBEAT,
  HONEST_ACKNOWLEDGEMENT,
  READ_YOUR_WRITES,
  ONE_TAKEOVER_WINNER,
  NO_ORPHAN,
  NO_EARLY_EXPIRY,
  NO_FALSE_LOCK_OUT,
  RECOVERY,
  HONEST_WAIT,
  SCOPED_RELEASE,
  ONE_BOUNDARY,
  CONDITIONAL_SWEEP,
  IDEMPOTENT_START,
  ONE_MEANING_OF_NULL,
];

export const LAWS: readonly Law[] = lawsIn({ plainly: true });

/** All laws; the manner makes a difference to how long they take, and to nothing else. */
export function lawsIn(manner: Manner): readonly Law[] {
  const { laws, account } = lawsOf(RULES, manner);
  const madeOf = ({ code }: Rule): Law => {
    const law = laws.find((each) => each.code === code);
    if (law === undefined) throw new Error(`no law was made of ${code}`);
    return law;
  };
  return [
    ...laws,
    { ...LICENSE_LIMIT, judge: (evidence: Evidence) => judgeLicenseLimit(account(evidence)) },
    SERVICE_ANSWERS,
    ONE_WORKER,
    FENCED_EFFECTS,
    STORES_AGREE,
    VICTIM_LEARNS,
    FEW_FALSE_EXPIRIES,
    clockProof([madeOf(ONE_HOLDER), ONE_WORKER]),
    databaseOutage(madeOf(DURABLE_HEARTBEAT)),
  ].sort((a, b) => numberOf(a) - numberOf(b));
}

/** The law of a code. Throws `UsageError` for a code that is not in the table. */
export function lawByCode(code: string): Law {
  const law = LAWS.find((known) => known.code === code);
  if (law !== undefined) return law;
  throw new UsageError(
    `there is no law '${code}'; known codes are ${LAWS.map((known) => known.code).join(', ')}; write for example 'P1'`,
  );
}

function numberOf({ code }: Law): number {
  return Number(code.slice(1));
}
