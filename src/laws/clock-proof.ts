/** P18: no reading of a clock leads to two holders or two workers. */
import { clockInWords, clockTroubles, undeclaredDrift } from './clocks.ts';
import type { Evidence } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';

/** `guarded` are the laws that must hold whatever clocks show. */
export function clockProof(guarded: readonly Law[]): Law {
  return {
    code: 'P18',
    name: 'clock-proof',
    kind: 'safety',
    statement: 'P1 and P2 hold under any offset, zone and jump of a clock, and under drift up to the declared bound',
    judge: (evidence) => judge(evidence, guarded),
  };
}

function judge(evidence: Evidence, guarded: readonly Law[]): Judgement {
  const troubles = clockTroubles(evidence);
  if (troubles.length === 0) return { tested: 0, breaches: [], notJudged: null };
  const undeclared = undeclaredDrift(evidence);
  if (undeclared.length > 0) {
    const notJudged = `${undeclared.map(clockInWords).join(', ')} drifts more than the policy declares`;
    return { tested: 0, breaches: [], notJudged };
  }
  const judged = guarded.map((law) => law.judge(evidence));
  return {
    tested: judged.reduce((sum, { tested }) => sum + tested, 0),
    breaches: judged
      .flatMap(({ breaches }) => breaches)
      .filter(({ cause }) => !CLOCKLESS.has(cause))
      .map((breach) => ({ ...breach, why: `${troubles.join(', ')}; ${breach.why}`, ...trustOf(evidence) }))
      .sort((a, b) => (a.at ?? 0) - (b.at ?? 0)),
    notJudged: judged.every(({ notJudged }) => notJudged !== null) ? (judged[0]?.notJudged ?? null) : null,
  };
}

/** Causes of the guarded laws that do not depend on a clock: a breach by one of them is none of P18. */
const CLOCKLESS: ReadonlySet<string> = new Set([
  'overlapping-starts',
  'check-then-claim',
  'overlapping-statements',
  'foreign-release',
  'foreign-renewal',
  'memory-lost',
  'granted-from-memory',
  'ungranted-row',
  'released-during-work',
  'gone-ignored',
  'granted-concurrently',
  'device-relieved-itself',
  'victim-without-fence',
  'takeover-without-wait',
  'slow-to-stop',
  'no-fence',
]);

/** Which clock the design must not trust, by the clocks that were off: the store's own decides before all others. */
function trustOf({ history, incidents }: Evidence): Pick<Breach, 'cause' | 'fix'> {
  const off = new Set([
    ...history.clocks.filter(({ offset }) => offset !== 0).map(({ clock }) => clock),
    ...incidents.flatMap((event) => (event.type === 'clock-set' ? [event.clock] : [])),
  ]);
  if (off.has('store')) {
    return {
      cause: 'store-clock-trusted',
      fix: 'let no write move the last heartbeat of a session back, and let resources check terms, because the clock of the store can be set',
    };
  }
  if ([...off].some((clock) => clock.startsWith('server'))) {
    return {
      cause: 'server-clock-trusted',
      fix: 'compare ages by the clock of the store in its own statements, not by the clock of a server process',
    };
  }
  if (off.size > 0 && history.cast.some(({ client }) => client?.clock === 'wall')) {
    return {
      cause: 'wall-clock-fence',
      fix: `count the fence of the client on a clock that cannot be set: clock: 'monotonic'`,
    };
  }
  if (off.size > 0) {
    return {
      cause: 'device-clock-trusted',
      fix: 'compare ages by the clock of the store, and ignore every instant that a device sends',
    };
  }
  return {
    cause: 'drift-not-allowed-for',
    fix: `let the fence end before the timeout also on a clock that drifts by ${history.policy.clockDrift * 1e6} ppm, the declared bound`,
  };
}
