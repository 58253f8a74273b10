/** The presets carry the exact figures of the notes. */
import { expect, it } from 'vitest';
import { PRESETS } from '../../src/core/presets/index.ts';
import { formatDuration } from '../../src/core/time.ts';

it.each([
  ['s0', { heartbeat: '30s', timeout: '2m', expiry: 'after', onConflict: 'refuse', sameDevice: 'join' }],
  ['s1', { heartbeat: '30s', timeout: '1m', expiry: 'after', onConflict: 'take-over', cleanUp: 'every 5m' }],
  ['s2', { heartbeat: '20s', timeout: '1m', scope: 'license-and-symbol' }],
  ['s3', { heartbeat: '20s', timeout: '40s', expiry: 'at', onConflict: 'refuse', sameDevice: 'refuse' }],
  ['s3-rollback', { heartbeat: '30s', timeout: '1m', expiry: 'at', sameDevice: 'refuse' }],
  ['recommended', { heartbeat: '20s', timeout: '1m', onConflict: 'ask', fence: '55s', cleanUp: 'lazy' }],
])('%s', (name, figures) => {
  const policy = PRESETS.find((preset) => preset.policy.name === name)?.policy;
  expect(policy).toBeDefined();
  if (policy === undefined) return;
  const { cleanUp } = policy;
  expect({
    ...policy,
    heartbeat: formatDuration(policy.heartbeat),
    timeout: formatDuration(policy.timeout),
    fence: policy.fence === null ? 'none' : formatDuration(policy.fence),
    cleanUp: cleanUp.type === 'lazy' ? 'lazy' : `every ${formatDuration(cleanUp.every)}`,
  }).toMatchObject(figures);
});

it('have names of their own', () => {
  expect(new Set(PRESETS.map(({ policy }) => policy.name)).size).toBe(PRESETS.length);
});
