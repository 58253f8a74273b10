/** Nonsense is refused by name, and a policy that leaves out what the field relies on is told so with the figures. */
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { PRESETS } from '../../src/core/presets/index.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import { NO_TIME, seconds, type Duration } from '../../src/core/time.ts';
import { validatePolicy, type PolicyWarning } from '../../src/core/validate-policy.ts';

const like = (changes: Partial<Policy>): Policy => ({ ...recommended, ...changes });
const relations = (policy: Policy): readonly PolicyWarning['relation'][] =>
  validatePolicy(policy).map((warning) => warning.relation);

describe('nonsense', () => {
  const cases: readonly (readonly [string, Partial<Policy>, string])[] = [
    ['a heartbeat as long as the timeout', { heartbeat: seconds(60) }, 'heartbeat 1m is not below timeout 1m'],
    ['a heartbeat of nothing', { heartbeat: NO_TIME }, 'heartbeat is 0'],
    ['a negative timeout', { timeout: -1 as Duration }, 'timeout is -1'],
    ['a timeout that is no number', { timeout: Number.NaN as Duration }, 'timeout is NaN'],
    ['a fraction of a millisecond', { stopTime: 0.5 as Duration }, 'stopTime is 0.5'],
    ['a fence that never lets anyone work', { fence: NO_TIME }, 'fence is 0'],
    ['a sweep without pause', { cleanUp: { type: 'swept', every: NO_TIME } }, 'cleanUp.every is 0'],
    ['half a retry', { retries: 0.5 }, 'retries is 0.5'],
    ['a license for nobody', { licenseLimit: 0 }, 'licenseLimit is 0'],
    [
      'several sessions on one seat',
      { licenseLimit: 2 },
      "licenseLimit is 2, and one seat for each license holds one session; several sessions for each license need several seats: write for example scope: 'license-and-symbol', or licenseLimit: 1",
    ],
    ['a clock that stands still', { clockDrift: 1 }, 'clockDrift is 1'],
    [
      'an answer to a conflict that there is not',
      { onConflict: 'takeover' as never },
      "onConflict is \"takeover\"; write one of 'refuse', 'take-over', 'ask', for example",
    ],
    ['an overlap without a unit', { overlap: '5s' as never }, 'overlap is 5s'],
    ['no grace', { grace: undefined as never }, 'grace is undefined'],
    ['a clean-up that there is not', { cleanUp: 'weekly' as never }, 'cleanUp is "weekly"'],
    ['a negative drift', { clockDrift: -0.1 }, 'clockDrift is -0.1'],
  ];
  it.each(cases)('%s is refused, with the name of the policy and an example', (_what, changes, message) => {
    expect(() => validatePolicy(like(changes))).toThrow(`policy 'recommended': ${message}`);
    expect(() => validatePolicy(like(changes))).toThrow(/for example/);
  });
});

describe('each relation, kept and broken by one step', () => {
  const cases: readonly (readonly [PolicyWarning['relation'], Partial<Policy>, Partial<Policy>])[] = [
    ['tolerates-a-miss', { timeout: seconds(45.001) }, { timeout: seconds(45) }],
    ['retries-fit', { retries: 3 }, { retries: 4 }],
    ['has-fence', {}, { fence: null }],
    ['fence-below-timeout', { clockDrift: 0, fence: seconds(57.999) }, { clockDrift: 0, fence: seconds(58) }],
    ['fence-below-timeout', { fence: seconds(57) }, { fence: seconds(57), clockDrift: 0.02 }],
    ['fence-above-heartbeats', { fence: seconds(45) }, { fence: seconds(44.999) }],
    [
      'grace-covers-takeover',
      { grace: { afterExpiry: NO_TIME, afterTakeover: seconds(57) } },
      { grace: { afterExpiry: NO_TIME, afterTakeover: seconds(56.999) } },
    ],
    [
      'grace-covers-takeover',
      { grace: { afterExpiry: NO_TIME, afterTakeover: seconds(50) }, overlap: seconds(7) },
      { grace: { afterExpiry: NO_TIME, afterTakeover: seconds(50) }, overlap: seconds(6.999) },
    ],
    [
      'grace-covers-reconnect',
      { onConflict: 'refuse', grace: { afterExpiry: NO_TIME, afterTakeover: seconds(57) } },
      { onConflict: 'refuse', grace: { afterExpiry: NO_TIME, afterTakeover: seconds(56.999) } },
    ],
    ['sweep-lock-out', { cleanUp: { type: 'lazy' } }, { cleanUp: { type: 'swept', every: seconds(300) } }],
    ['own-device-locked-out', { sameDevice: 'join' }, { sameDevice: 'refuse' }],
    ['one-boundary', { lateHeartbeat: 'reject' }, { lateHeartbeat: 'revive' }],
    ['license-bounded', { scope: 'license' }, { scope: 'license-and-symbol' }],
  ];
  it.each(cases)('%s', (relation, kept, broken) => {
    expect(relations(like(kept))).not.toContain(relation);
    expect(relations(like(broken))).toContain(relation);
  });

  it('says the inequality with its figures', () => {
    expect(validatePolicy(like({ timeout: seconds(40), fence: seconds(30) }))[0]?.message).toBe(
      'timeout 40s ≤ 2 × heartbeat 20s + request timeout 5s: one missed heartbeat can end a healthy session',
    );
  });

  it('does not ask a policy that never takes over for a grace', () => {
    const grace = { afterExpiry: NO_TIME, afterTakeover: NO_TIME };
    expect(relations(like({ onConflict: 'refuse', sameDevice: 'join', grace }))).toEqual([]);
  });
});

describe('the presets', () => {
  it('are warned of what their notes leave open, the recommended policy of nothing', () => {
    const warnings = Object.fromEntries(PRESETS.map(({ policy }) => [policy.name, relations(policy)]));
    expect(warnings).toEqual({
      recommended: [],
      s0: ['has-fence', 'one-boundary'],
      s1: ['tolerates-a-miss', 'has-fence', 'grace-covers-takeover', 'sweep-lock-out', 'one-boundary'],
      s2: ['has-fence', 'one-boundary', 'license-bounded'],
      s3: ['tolerates-a-miss', 'has-fence', 'own-device-locked-out', 'one-boundary'],
      's3-rollback': ['tolerates-a-miss', 'has-fence', 'own-device-locked-out', 'one-boundary'],
    });
  });
});
