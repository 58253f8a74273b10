/** What the model leaves out in a moment makes no difference to what the moment leaves behind. */
import { describe, expect, it } from 'vitest';
import { clientOf, type ClientConfig } from '../../../../src/core/client.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import { s1 } from '../../../../src/core/presets/s1.ts';
import { milliseconds, NO_TIME } from '../../../../src/core/time.ts';
import { designByName } from '../../../../src/designs/all.ts';
import { FAULTS, type FaultKind } from '../../../../src/search/exhaust/session/faults.ts';
import { serverRuleOf } from '../../../../src/search/exhaust/session/server-rule.ts';
import { sessionModel, type SessionModel } from '../../../../src/search/exhaust/session/session-model.ts';
import { gridFor, sessionModelOf } from '../../../../src/search/exhaust/session/source.ts';
import { LONG } from '../../../long.ts';
import { optionsFor } from './options.ts';
import { differences } from './settled.ts';
import { soldPerSymbol } from './two-symbols.ts';

const SWEPT = soldPerSymbol({ ...s1, name: 'swept', cleanUp: { type: 'swept', every: milliseconds(30_000) } });

interface Row {
  readonly name: string;
  readonly kinds: readonly FaultKind[];
  readonly faults: number;
  readonly launcher: boolean;
  readonly symbols: number;
}

function modelOf({ name, kinds, faults, launcher, symbols }: Row): SessionModel {
  const design = name === SWEPT.name ? SWEPT : designByName(name);
  const grid = gridFor(design, optionsFor(kinds));
  const rule = serverRuleOf(design, grid.policy);
  return sessionModel({
    name,
    grid,
    isService: false,
    rule,
    devices: 2,
    launcher,
    symbols,
    faults,
    kinds,
    allowed: NO_TIME,
    counts: ['overlap'],
  });
}

describe('every moment leaves behind the same, whether or not all that can happen in it is tried in every order', () => {
  it.each<Row>([
    ...FAULTS.map((kind) => ({ name: 's0-after', kinds: [kind], faults: 1, launcher: false, symbols: 1 })),
    { name: 's2-after', kinds: ['crash', 'stop'], faults: 1, launcher: false, symbols: 2 },
    ...(LONG
      ? [
          { name: 's3-after', kinds: FAULTS, faults: 1, launcher: true, symbols: 1 },
          { name: 's0-after', kinds: FAULTS, faults: 1, launcher: true, symbols: 1 },
          { name: 's3-after', kinds: FAULTS, faults: 2, launcher: false, symbols: 1 },
          { name: 's2-after', kinds: FAULTS, faults: 1, launcher: false, symbols: 2 },
          { name: 's2-after', kinds: ['crash'], faults: 1, launcher: true, symbols: 2 } as const,
          { name: SWEPT.name, kinds: ['stop'], faults: 1, launcher: false, symbols: 2 } as const,
          ...FAULTS.map((kind) => ({ name: 'recommended', kinds: [kind], faults: 1, launcher: false, symbols: 1 })),
        ]
      : []),
  ])('$name with $faults of $kinds, launcher: $launcher, symbols: $symbols', async (row) => {
    const found = await differences(modelOf(row));
    expect(found?.settled).toBeGreaterThan(10);
    expect(found).toMatchObject({ missing: [], extra: [] });
  });
});

it('a session is remembered that changes what another session is answered, though no client knows it any more', async () => {
  // The server renews any session of a license that has one, so a heartbeat after a takeover depends on the taker's.
  const known = designByName('renew-always-true');
  const figures = { heartbeat: 1000, timeout: 3000, fence: 1000, requestTimeout: 1000, stopTime: 0 } as const;
  const grace = { afterExpiry: NO_TIME, afterTakeover: NO_TIME };
  const policy = { ...known.policy, ...figures, grace, onConflict: 'take-over', retries: 0 } as Policy;
  const client = (): ClientConfig => ({ ...clientOf(policy), pace: 'fixed', fenceFrom: 'send', onFailure: 'stop' });
  const options = optionsFor(['cut'], { unit: milliseconds(1000), latency: NO_TIME, drift: 0 });
  const { model } = sessionModelOf({ ...known, policy, client }, options, { allowed: null, counts: ['overlap'] });
  expect(await differences(model)).toMatchObject({ missing: [], extra: [] });
});
