/** What the session model finds happens in the world too, with the same overlap; and how its instants come about. */
import { describe, expect, it } from 'vitest';
import { clientOf } from '../../../../src/core/client.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import { s1 } from '../../../../src/core/presets/s1.ts';
import { milliseconds, type Duration } from '../../../../src/core/time.ts';
import { designByName } from '../../../../src/designs/all.ts';
import type { Design } from '../../../../src/designs/design.ts';
import { referenceDesign } from '../../../../src/designs/reference.ts';
import { judgeHistory } from '../../../../src/laws/judge.ts';
import { breachIn, checkSessions } from '../../../../src/search/exhaust/session/check.ts';
import type { FaultKind } from '../../../../src/search/exhaust/session/faults.ts';
import { earliestInstants, exactly } from '../../../../src/search/exhaust/session/replay/instants.ts';
import { spellsFor } from '../../../../src/search/exhaust/session/replay/passage.ts';
import { NoInstants, replay } from '../../../../src/search/exhaust/session/replay/replay.ts';
import { optionsFor } from './options.ts';

const NONE = milliseconds(0);

/** No client has a fence, and nobody takes over; a seat is free once the sweep has found its session expired. */
const SWEPT = referenceDesign(
  { ...s1, onConflict: 'refuse', cleanUp: { type: 'swept', every: milliseconds(10_000) } },
  'swept every 10 s',
);

interface Found {
  readonly design: string | Design;
  readonly kinds: readonly FaultKind[];
  readonly faults?: number;
  readonly devices?: number;
  readonly launcher?: boolean;
  readonly says: string;
}

describe('a counterexample happens in the world', () => {
  it.each<Found>([
    { design: 's0-after', kinds: ['stop'], says: 'an end that comes after the next start' },
    { design: 's0-after', kinds: ['delay'], says: 'a heartbeat that is late' },
    { design: 's2-before', kinds: ['stop'], says: 'the end and the next start of one moment' },
    { design: 's2-after', kinds: ['cut', 'stop'], devices: 3, says: 'three devices' },
    { design: 's2-after', kinds: ['sleep'], says: 'a sleep that begins at the instant at which a timer would go off' },
    { design: 's3-before', kinds: ['sleep'], faults: 2, says: 'a sleep within one moment' },
    { design: 's3-after', kinds: ['loss', 'crash'], launcher: true, says: 'a launcher beside the bot' },
    { design: 's3-after', kinds: ['server-restart'], says: 'a server that is down for a part of a moment' },
    { design: 's2-after', kinds: ['server-restart'], faults: 2, says: 'a server that goes down twice' },
    { design: 's3-after', kinds: ['store-failure'], says: 'a store that fails for one command' },
    { design: 'zero-rows-ok', kinds: ['store-failure'], faults: 2, says: 'a store that fails for a start' },
    { design: 'release-before-quiesce', kinds: ['duplicate'], says: 'messages that come twice' },
    { design: 'renew-always-true', kinds: ['cut'], says: 'a timer at the instant at which work comes to rest' },
    { design: 'write-after-end', kinds: ['stop'], says: 'work that comes to rest at once' },
    { design: SWEPT, kinds: ['cut'], says: 'a server that sweeps on the grid, after a grant of the same moment' },
  ])('$says, with $kinds', async ({ design: named, kinds, faults = 1, devices = 2, launcher = false }) => {
    const design = typeof named === 'string' ? designByName(named) : named;
    const options = {
      devices,
      launcher,
      symbols: 1,
      faults,
      kinds,
      unit: null,
      latency: null,
      drift: null,
      allowed: NONE,
      bounds: {},
    };
    const { outcome, grid, model } = await checkSessions(design, options);
    const trace = outcome.laws.find((law) => law.outcome === 'broken')?.trace;
    expect(trace).toBeDefined();
    if (!trace) return;
    const played = await replay(design, grid, model, { name: 'one worker', trace }, NONE);
    // In the model it lasts a unit: in the world as long, but for what keeps things of one moment apart.
    expect(played?.overlap).toBeGreaterThan(grid.unit - 100);
    expect(played?.overlap).toBeLessThanOrEqual(grid.unit);
    const broken = judgeHistory(played!.history).filter(({ outcome: each }) => each === 'broken');
    expect(broken.map(({ code }) => code)).toContain('P2');
  });
});

it('a counterexample whose steps contradict the order of an earlier moment has no instants', async () => {
  // The answer to the start is as late as the request timeout, and yet comes first; then the fence and the expiry of
  // one moment come in the other order.
  const figures = { heartbeat: 2000, timeout: 3000, fence: 3000, requestTimeout: 1000, stopTime: 1000 } as const;
  const known = designByName('recommended');
  const policy = { ...known.policy, ...figures, onConflict: 'refuse', retries: 0 } as Policy;
  const design: Design = {
    ...known,
    policy,
    client: () => ({ ...clientOf(policy), pace: 'after-answer', onGone: 'work-on' }),
  };
  const second = milliseconds(1000);
  const check = await checkSessions(design, optionsFor(['delay'], { unit: second, latency: second, drift: 0 }));
  const breach = breachIn(check);
  expect(breach).not.toBeNull();
  await expect(replay(design, check.grid, check.model, breach!, NONE)).rejects.toBeInstanceOf(NoInstants);
});

describe('instants', () => {
  it('are the earliest that keep their distances', () => {
    const distances = [{ from: 0, to: 1, least: 2 }, ...exactly(1, 2, 60)];
    expect(earliestInstants([0, 0, 50], distances, 50)).toEqual([0, 2, 62]);
  });

  it('are none where distances contradict each other', () => {
    const distances = [...exactly(0, 1, 60), { from: 1, to: 0, least: -59 }];
    expect(earliestInstants([0, 50], distances, 50)).toBeNull();
  });
});

describe('what the network does', () => {
  const forEver = milliseconds(1000);
  const lasting = (ms: number): Duration => milliseconds(ms);

  it.each([
    { says: 'nothing to what arrives at once', passages: [{ sentAt: 5, arrivals: [5] }], spells: [] },
    {
      says: 'slows what is late, and brings it again where it comes twice',
      passages: [{ sentAt: 5, arrivals: [30, 9] }],
      spells: [
        {
          at: 5,
          lasts: lasting(1),
          faults: [
            { type: 'slow', by: 4 },
            { type: 'repeated', after: 21 },
          ],
        },
      ],
    },
    {
      says: 'cuts off once for all that is lost in a row',
      passages: [
        { sentAt: 5, arrivals: [] },
        { sentAt: 9, arrivals: [] },
      ],
      spells: [{ at: 5, lasts: lasting(5), faults: [{ type: 'cut' }] }],
    },
    {
      says: 'cuts off twice where something comes through meanwhile',
      passages: [
        { sentAt: 1, arrivals: [7] },
        { sentAt: 5, arrivals: [] },
        { sentAt: 9, arrivals: [] },
      ],
      spells: [
        { at: 1, lasts: lasting(1), faults: [{ type: 'slow', by: 6 }] },
        { at: 5, lasts: lasting(1), faults: [{ type: 'cut' }] },
        { at: 9, lasts: lasting(1), faults: [{ type: 'cut' }] },
      ],
    },
    {
      says: 'cuts nobody off at the instant at which something comes through',
      passages: [
        { sentAt: 1, arrivals: [5] },
        { sentAt: 5, arrivals: [] },
      ],
      spells: [
        { at: 1, lasts: lasting(1), faults: [{ type: 'slow', by: 4 }] },
        { at: 5, lasts: lasting(1), faults: [{ type: 'slow', by: forEver }] },
      ],
    },
  ])('$says', ({ passages, spells }) => {
    expect(spellsFor(passages, forEver)).toMatchObject(spells);
    expect(spellsFor(passages, forEver)).toHaveLength(spells.length);
  });
});
