/** The session model: exact counts, what it proves and finds, and that what it finds really happens. */
import { describe, expect, it } from 'vitest';
import { parseDuration, type DurationText } from '../../../../src/core/time.ts';
import { designByName } from '../../../../src/designs/all.ts';
import { checkSessions, measureSessions, type SessionOptions } from '../../../../src/search/exhaust/session/check.ts';
import { replay } from '../../../../src/search/exhaust/session/replay.ts';
import type { FaultKind } from '../../../../src/search/exhaust/session/scene.ts';
import { solve } from '../../../../src/search/exhaust/session/solve.ts';
import { brokenSymmetry } from '../../../../src/search/exhaust/symmetry.ts';

const time = (text: DurationText) => parseDuration(text);
const NONE = time('0s');

const within = (kinds: readonly FaultKind[], changes: Partial<SessionOptions> = {}): SessionOptions => ({
  devices: 2,
  launcher: false,
  faults: kinds.length === 0 ? 0 : 1,
  kinds,
  unit: null,
  latency: null,
  allowed: NONE,
  bounds: {},
  ...changes,
});

describe('every state of a small world', () => {
  it.each<{ design: string; options: SessionOptions; distinct: number; depth: number }>([
    { design: 'recommended', options: within([]), distinct: 220, depth: 21 },
    { design: 'recommended', options: within(['cut', 'crash']), distinct: 40_809, depth: 88 },
    { design: 'recommended', options: within(['crash'], { devices: 3 }), distinct: 43_445, depth: 41 },
    { design: 's3-after', options: within([], { launcher: true }), distinct: 406, depth: 16 },
    { design: 's3-after', options: within(['crash', 'stop']), distinct: 3_845, depth: 48 },
  ])('of $design, $options.devices devices with $options.kinds', async ({ design, options, distinct, depth }) => {
    const { outcome } = await checkSessions(designByName(design), options);
    expect(outcome).toMatchObject({ result: 'proved', distinct, depth, deadEnds: 0 });
  });
});

describe('a counterexample', () => {
  it.each<{ design: string; kinds: readonly FaultKind[]; steps: number; overlap: DurationText; says: string }>([
    { design: 's3-after', kinds: ['cut'], steps: 19, overlap: '5s', says: 'a client without a fence works on' },
    { design: 's3-before', kinds: ['sleep'], steps: 30, overlap: '5s', says: 'it works when it wakes' },
    { design: 's1-after', kinds: [], steps: 7, overlap: '5s', says: 'a takeover without a grace' },
    { design: 'release-before-quiesce', kinds: ['stop'], steps: 10, overlap: '5s', says: 'the work still runs' },
    { design: 'suspend', kinds: ['sleep'], steps: 21, overlap: '5s', says: 'a machine that slept' },
  ])('of $design happens in the world too: $says', async ({ design, kinds, steps, overlap }) => {
    const known = designByName(design);
    const { outcome, grid, model } = await checkSessions(known, within(kinds));
    const trace = outcome.laws.find((law) => law.outcome === 'broken')?.trace ?? null;
    expect(trace?.steps).toHaveLength(steps);
    if (trace === null) return;
    const played = await replay(known, grid, model, trace, NONE);
    expect(Math.round((played?.overlap ?? 0) / 100) * 100).toBe(time(overlap));
  });

  it('is none where the rules are repaired', async () => {
    const { outcome } = await checkSessions(designByName('no-self-fence'), within(['cut']));
    expect(outcome.result).toBe('broken');
    expect((await checkSessions(designByName('recommended'), within(['cut']))).outcome.result).toBe('proved');
  });
});

describe('devices can change places', () => {
  it.each(['recommended', 's3-before'])('in %s', async (design) => {
    const { model } = await checkSessions(
      designByName(design),
      within(['cut', 'loss', 'sleep'], { bounds: { maxStates: 10 } }),
    );
    expect(brokenSymmetry(model, 600)).toBeNull();
  });
});

describe('the longest that something lasts', () => {
  it('is nothing of an overlap, and at most the timeout of a lock-out, under the recommended rules', async () => {
    const overlap = await measureSessions(designByName('recommended'), within(['cut']), 'overlap');
    expect(overlap).toMatchObject({ lasts: NONE, isBounded: true });
    const blocked = await measureSessions(designByName('recommended'), within(['crash']), 'blocked');
    expect(blocked).toMatchObject({ lasts: time('1m'), isBounded: true });
  });

  it('has no bound without a fence', async () => {
    const overlap = await measureSessions(designByName('s3-after'), within(['cut']), 'overlap');
    expect(overlap.isBounded).toBe(false);
  });
});

describe('the edge of a figure agrees with its formula, to the unit', () => {
  it.each<{ figure: 'fence'; found: DurationText; formula: string }>([
    { figure: 'fence', found: '55s', formula: 'timeout less the time to stop: 58s' },
  ])('$figure: $found, by $formula', async ({ figure, found }) => {
    const solved = await solve(designByName('recommended'), within(['cut']), figure);
    expect(solved).toMatchObject({ found: time(found), isInconclusive: false });
  });
});

it.each([
  { design: 's0-before', message: /no fixed name of a device/ },
  { design: 'recommended', unit: '7s' as DurationText, message: null },
  { design: 'recommended', unit: '2m' as DurationText, message: /does not suit a timeout of 1m/ },
])('refuses what it cannot search: $design, $unit', async ({ design, unit, message }) => {
  const options = within([], { unit: unit === undefined ? null : time(unit) });
  const checked = checkSessions(designByName(design), options);
  if (message === null) expect((await checked).abstracted.join()).toMatch(/timeout 1m counts as 56s/);
  else await expect(checked).rejects.toThrow(message);
});
