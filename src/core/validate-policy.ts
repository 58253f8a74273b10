/** Whether a policy makes sense, and which relations that the field relies on it does not keep. */
import type { Policy } from './policy.ts';
import { rejectNonsense } from './reject-nonsense.ts';
import { formatDuration, type Duration } from './time.ts';

/** A relation that does not hold. The policy can be run, and this is what to expect of it. */
export interface PolicyWarning {
  /** Names the relation, for machines. */
  readonly relation:
    | 'tolerates-a-miss'
    | 'has-fence'
    | 'fence-below-timeout'
    | 'fence-above-heartbeats'
    | 'grace-covers-takeover'
    | 'grace-covers-reconnect'
    | 'retries-fit'
    | 'sweep-lock-out'
    | 'own-device-locked-out'
    | 'one-boundary'
    | 'license-bounded';
  /** The inequality with its figures, and what follows. */
  readonly message: string;
}

/**
 * Rejects nonsense with a `UsageError` that names the field, and returns a warning for every relation that does not hold.
 * Let h be the heartbeat interval, T the timeout, τ the request timeout, F the fence, w the stop time, ρ the drift.
 */
export function validatePolicy(policy: Policy): readonly PolicyWarning[] {
  rejectNonsense(policy);
  return [
    ...warnOfMisses(policy),
    ...warnOfFence(policy),
    ...warnOfTakeover(policy),
    ...warnOfLockOut(policy),
    ...warnOfBoundaries(policy),
  ];
}

function* warnOfMisses(policy: Policy): Iterable<PolicyWarning> {
  const { heartbeat: h, timeout: T, requestTimeout, retries } = policy;
  if (T <= 2 * h + requestTimeout) {
    yield {
      relation: 'tolerates-a-miss',
      message:
        `timeout ${formatDuration(T)} ≤ 2 × heartbeat ${formatDuration(h)} + request timeout ` +
        `${formatDuration(requestTimeout)}: one missed heartbeat can end a healthy session`,
    };
  }
  if ((retries + 1) * requestTimeout > h) {
    yield {
      relation: 'retries-fit',
      message:
        `${retries + 1} attempts × request timeout ${formatDuration(requestTimeout)} > heartbeat ${formatDuration(h)}: ` +
        `the last retry runs into the next heartbeat`,
    };
  }
}

function* warnOfFence(policy: Policy): Iterable<PolicyWarning> {
  const { heartbeat: h, timeout: T, requestTimeout, fence: F, stopTime: w, clockDrift } = policy;
  if (F === null) {
    yield {
      relation: 'has-fence',
      message: `no fence: a client that cannot reach the server works on without end, while the server lets go after ${formatDuration(T)}`,
    };
    return;
  }
  // Strictly below: at equality both may work at one and the same instant.
  if (F / (1 - clockDrift) + w >= T / (1 + clockDrift)) {
    yield {
      relation: 'fence-below-timeout',
      message:
        `fence ${formatDuration(F)} / (1 − ${clockDrift}) + stop time ${formatDuration(w)} ≥ timeout ` +
        `${formatDuration(T)} / (1 + ${clockDrift}): a client that is cut off can still work when the next one is admitted`,
    };
  }
  if (F < 2 * h + requestTimeout) {
    yield {
      relation: 'fence-above-heartbeats',
      message:
        `fence ${formatDuration(F)} < 2 × heartbeat ${formatDuration(h)} + request timeout ` +
        `${formatDuration(requestTimeout)}: one missed heartbeat stops a healthy client`,
    };
  }
}

function* warnOfTakeover(policy: Policy): Iterable<PolicyWarning> {
  const { fence: F, stopTime: w, grace, overlap } = policy;
  if (F !== null && grace.afterTakeover + overlap >= F + w) return;
  const covered = `grace after a takeover ${formatDuration(grace.afterTakeover)}`;
  const worksOn =
    F === null ? 'without end (no fence)' : `for up to fence ${formatDuration(F)} + stop time ${formatDuration(w)}`;
  const consequence =
    'two devices can work at once' + (overlap === 0 ? '' : ` for longer than the ${formatDuration(overlap)} allowed`);
  if (policy.onConflict !== 'refuse') {
    yield {
      relation: 'grace-covers-takeover',
      message: `${covered}, while a victim that is cut off works on ${worksOn}: ${consequence}`,
    };
  } else if (policy.sameDevice === 'reconnect') {
    yield {
      relation: 'grace-covers-reconnect',
      message:
        `${covered}, while a process that another one of its device replaced works on ${worksOn} once cut off: ` +
        `if that other one ends meanwhile, ${consequence}`,
    };
  }
}

function* warnOfLockOut(policy: Policy): Iterable<PolicyWarning> {
  const { timeout: T, cleanUp } = policy;
  if (cleanUp.type === 'swept') {
    yield {
      relation: 'sweep-lock-out',
      message:
        `timeout ${formatDuration(T)} + sweep every ${formatDuration(cleanUp.every)} = ` +
        `${formatDuration((T + cleanUp.every) as Duration)}: so long can a silent session go on counting`,
    };
  }
  if (policy.sameDevice === 'refuse') {
    yield {
      relation: 'own-device-locked-out',
      message: `the same device is refused: after a crash a user is locked out of their own device for up to ${formatDuration(T)}`,
    };
  }
}

function* warnOfBoundaries(policy: Policy): Iterable<PolicyWarning> {
  if (policy.lateHeartbeat === 'revive') {
    yield {
      relation: 'one-boundary',
      message: `late heartbeats revive: past timeout ${formatDuration(policy.timeout)} a heartbeat still succeeds where a start or a sweep would succeed too`,
    };
  }
  if (policy.scope === 'license-and-symbol') {
    yield {
      relation: 'license-bounded',
      message: `one seat for each symbol: n symbols give n sessions, while the license limit is ${policy.licenseLimit}`,
    };
  }
}
