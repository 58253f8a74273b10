/** Which relations of which policies a report tells of: those that a suite broke itself. */
import { expect, it } from 'vitest';
import { PRESETS } from '../../src/core/presets/index.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import { s3, s3Rollback } from '../../src/core/presets/s3.ts';
import type { Policy } from '../../src/core/policy.ts';
import { instant } from '../../src/core/time.ts';
import { warnedPolicies } from '../../src/report/policy-warnings.ts';
import { adjust } from '../../src/scenario/words/adjust.ts';

function told(...policies: readonly Policy[]): readonly (readonly [string, ...string[]])[] {
  const played = policies.map((policy) => ({
    history: {
      title: '',
      on: 'model',
      policy,
      cast: [],
      clocks: [],
      stores: null,
      events: [{ type: 'end', at: instant(0) } as const],
    },
  }));
  return warnedPolicies(played).map(({ name, warnings }) => [name, ...warnings.map(({ relation }) => relation)]);
}

it.each<readonly [string, Policy, readonly string[]]>([
  ['a preset with other figures that keep as much', adjust(s3, { heartbeat: '30s', timeout: '90s' }), []],
  [
    'a preset with a timeout that its fence does not keep below',
    adjust(recommended, { timeout: '56s' }),
    ['fence-below-timeout'],
  ],
  ['a preset whose fence was taken away', adjust(recommended, { fence: null }), ['has-fence', 'grace-covers-takeover']],
  [
    'a preset with another rule, so that it is another design',
    adjust(s3, { sameDevice: 'reconnect' }),
    ['tolerates-a-miss', 'has-fence', 'grace-covers-reconnect', 'one-boundary'],
  ],
])('%s', (_what, policy, relations) => {
  expect(told(policy)).toEqual(relations.length === 0 ? [] : [[policy.name, ...relations]]);
});

it('no preset, because designs tells of those', () => {
  expect(told(...PRESETS.map(({ policy }) => policy))).toEqual([]);
});

it('each policy once, whichever scenarios have it', () => {
  const [one, other] = [adjust(recommended, { fence: null }), adjust(s3Rollback, { scope: 'license-and-symbol' })];
  expect(told(one, other, one, other).map(([name]) => name)).toEqual([one.name, other.name]);
});
