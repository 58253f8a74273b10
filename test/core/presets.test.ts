/** The presets carry the exact figures of the notes. */
import { expect, it } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { PRESETS } from '../../src/core/presets/index.ts';
import { formatDuration } from '../../src/core/time.ts';

/** Every figure and choice of the server's, on one line. */
function rulesOf(policy: Policy): string {
  const { scope, licenseLimit, heartbeat, timeout, expiry, onConflict, sameDevice, lateHeartbeat, cleanUp } = policy;
  const { afterExpiry, afterTakeover } = policy.grace;
  return [
    `${scope} × ${licenseLimit}`,
    `${formatDuration(heartbeat)} and ${formatDuration(timeout)}, expired ${expiry} it`,
    `another device: ${onConflict}`,
    `own device: ${sameDevice}`,
    `late heartbeat: ${lateHeartbeat}`,
    cleanUp.type === 'lazy' ? 'lazy' : `swept every ${formatDuration(cleanUp.every)}`,
    `grace ${formatDuration(afterExpiry)} and ${formatDuration(afterTakeover)}`,
  ].join('; ');
}

/** What the client is told, and what is assumed of it and of clocks. */
function clientOf({ requestTimeout, retries, fence, stopTime, clockDrift, overlap }: Policy): string {
  const fenced = fence === null ? 'no fence' : `fence ${formatDuration(fence)}`;
  return `${formatDuration(requestTimeout)} and ${retries} retries; ${fenced}; stops in ${formatDuration(stopTime)}; drift ${clockDrift}; overlap ${formatDuration(overlap)}`;
}

const UNSTATED = '5s and 0 retries; no fence; stops in 0s; drift 0; overlap 0s';

it.each([
  [
    's0',
    'license × 1; 30s and 2m, expired after it; another device: refuse; own device: join; late heartbeat: revive; lazy; grace 0s and 0s',
    UNSTATED,
  ],
  [
    's1',
    'license × 1; 30s and 1m, expired after it; another device: take-over; own device: reconnect; late heartbeat: revive; swept every 5m; grace 0s and 0s',
    UNSTATED,
  ],
  [
    's2',
    'license-and-symbol × 1; 20s and 1m, expired at it; another device: refuse; own device: join; late heartbeat: revive; lazy; grace 0s and 0s',
    UNSTATED,
  ],
  [
    's3',
    'license × 1; 20s and 40s, expired at it; another device: refuse; own device: refuse; late heartbeat: revive; lazy; grace 0s and 0s',
    UNSTATED,
  ],
  [
    's3-rollback',
    'license × 1; 30s and 1m, expired at it; another device: refuse; own device: refuse; late heartbeat: revive; lazy; grace 0s and 0s',
    UNSTATED,
  ],
  [
    'recommended',
    'license × 1; 20s and 1m, expired at it; another device: ask; own device: reconnect; late heartbeat: reject; lazy; grace 0s and 1m',
    '5s and 2 retries; fence 55s; stops in 2s; drift 0.0002; overlap 0s',
  ],
])('%s', (name, rules, client) => {
  const policy = PRESETS.find((preset) => preset.policy.name === name)?.policy;
  expect(policy).toBeDefined();
  if (policy === undefined) return;
  expect(rulesOf(policy)).toBe(rules);
  expect(clientOf(policy)).toBe(client);
});

it('have names of their own', () => {
  expect(new Set(PRESETS.map(({ policy }) => policy.name)).size).toBe(PRESETS.length);
});
