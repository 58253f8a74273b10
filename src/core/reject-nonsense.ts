/** Refuses a policy that no system could have, by the name of the field and with a correct example. */
import { UsageError } from './failures.ts';
import type { Policy } from './policy.ts';
import { formatDuration, NO_TIME, type Duration } from './time.ts';

/** Throws `UsageError`. */
export function rejectNonsense(policy: Policy): void {
  const reject = (message: string): never => {
    throw new UsageError(`policy '${policy.name}': ${message}`);
  };
  rejectWrongShape(policy, reject);
  const durations: Record<string, Duration> = {
    heartbeat: policy.heartbeat,
    timeout: policy.timeout,
    'grace.afterExpiry': policy.grace.afterExpiry,
    'grace.afterTakeover': policy.grace.afterTakeover,
    overlap: policy.overlap,
    requestTimeout: policy.requestTimeout,
    stopTime: policy.stopTime,
    fence: policy.fence ?? NO_TIME,
    'cleanUp.every': policy.cleanUp.type === 'swept' ? policy.cleanUp.every : NO_TIME,
  };
  for (const [field, value] of Object.entries(durations)) {
    if (!Number.isSafeInteger(value) || value < 0) {
      reject(`${field} is ${String(value)}; write a duration with a unit, for example ${field}: '20s'`);
    }
  }
  if (policy.heartbeat === 0) reject(`heartbeat is 0; write for example heartbeat: '20s'`);
  if (policy.heartbeat >= policy.timeout) {
    reject(
      `heartbeat ${formatDuration(policy.heartbeat)} is not below timeout ${formatDuration(policy.timeout)}, so every ` +
        `healthy session expires; write for example heartbeat: '20s', timeout: '60s'`,
    );
  }
  if (policy.fence === 0)
    reject(`fence is 0, so no client ever works; write for example fence: '55s', or null for none`);
  if (policy.cleanUp.type === 'swept' && policy.cleanUp.every === 0) {
    reject(`cleanUp.every is 0; write for example cleanUp: { every: '5m' }, or 'lazy'`);
  }
  if (!Number.isSafeInteger(policy.retries) || policy.retries < 0) {
    reject(`retries is ${String(policy.retries)}; write a whole number from 0 up, for example retries: 2`);
  }
  if (!Number.isSafeInteger(policy.licenseLimit) || policy.licenseLimit < 1) {
    reject(
      `licenseLimit is ${String(policy.licenseLimit)}; write a whole number from 1 up, for example licenseLimit: 1`,
    );
  }
  if (policy.licenseLimit > 1 && policy.scope === 'license') {
    reject(
      `licenseLimit is ${policy.licenseLimit}, and one seat for each license holds one session; several sessions for each ` +
        `license need several seats: write for example scope: 'license-and-symbol', or licenseLimit: 1`,
    );
  }
  if (!(policy.clockDrift >= 0 && policy.clockDrift < 1)) {
    reject(
      `clockDrift is ${String(policy.clockDrift)}; write a fraction from 0 to below 1, for example 0.0002 for 200 ppm`,
    );
  }
}

/** What each choice can be. A policy that was written without types can hold anything. */
const CHOICES: {
  readonly [Field in 'scope' | 'expiry' | 'onConflict' | 'sameDevice' | 'lateHeartbeat']: readonly Policy[Field][];
} = {
  scope: ['license', 'license-and-symbol'],
  expiry: ['at', 'after'],
  onConflict: ['refuse', 'take-over', 'ask'],
  sameDevice: ['reconnect', 'join', 'refuse'],
  lateHeartbeat: ['reject', 'revive'],
};

function rejectWrongShape(policy: Policy, reject: (message: string) => never): void {
  for (const [field, values] of Object.entries(CHOICES)) {
    const value: unknown = policy[field as keyof typeof CHOICES];
    if (!(values as readonly unknown[]).includes(value)) {
      reject(
        `${field} is ${JSON.stringify(value)}; write one of ${values.map((each) => `'${each}'`).join(', ')}, for example ${field}: '${values[0]}'`,
      );
    }
  }
  const { grace, cleanUp } = policy as { readonly grace?: unknown; readonly cleanUp?: { readonly type?: unknown } };
  if (typeof grace !== 'object' || grace === null) {
    reject(`grace is ${String(grace)}; write for example grace: { afterExpiry: '0s', afterTakeover: '60s' }`);
  }
  if (cleanUp?.type !== 'lazy' && cleanUp?.type !== 'swept') {
    reject(`cleanUp is ${JSON.stringify(cleanUp)}; write for example cleanUp: 'lazy', or { every: '5m' }`);
  }
}
