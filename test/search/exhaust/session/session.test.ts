/** The session model: exact counts, what it proves and finds, and that what it finds really happens. */
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/core/command.ts';
import { clientOf } from '../../../../src/core/client.ts';
import { decide } from '../../../../src/core/decide.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import { recommended } from '../../../../src/core/presets/recommended.ts';
import { s1 } from '../../../../src/core/presets/s1.ts';
import { s2 } from '../../../../src/core/presets/s2.ts';
import { s3 } from '../../../../src/core/presets/s3.ts';
import type { Reply } from '../../../../src/core/reply.ts';
import type { Scope } from '../../../../src/core/seat.ts';
import { parseDuration, type DurationText } from '../../../../src/core/time.ts';
import { designByName } from '../../../../src/designs/all.ts';
import { referenceDesign } from '../../../../src/designs/reference.ts';
import type { Design } from '../../../../src/designs/design.ts';
import { design as written } from '../../../../src/designs/written.ts';
import { judgeHistory } from '../../../../src/laws/judge.ts';
import { exhaust } from '../../../../src/search/exhaust/exhaust.ts';
import {
  breachIn,
  checkSessions,
  measureSessions,
  type SessionCheck,
  type SessionOptions,
} from '../../../../src/search/exhaust/session/check.ts';
import type { FaultKind } from '../../../../src/search/exhaust/session/faults.ts';
import { replay } from '../../../../src/search/exhaust/session/replay/replay.ts';
import { solve } from '../../../../src/search/exhaust/session/solve.ts';
import { modelSource, sessionModelOf, type Figures } from '../../../../src/search/exhaust/session/source.ts';
import { brokenSymmetry } from '../../../../src/search/exhaust/symmetry.ts';
import { LONG } from '../../../long.ts';
import { optionsFor } from './options.ts';
import { countsSessions, looksAtNobody, soldOnce, soldPerSymbol, takesOverOn } from './two-symbols.ts';

const time = (text: DurationText) => parseDuration(text);
const NONE = time('0s');

/** A seat is free as soon as its session has expired, however late its heartbeat may come. */
const LAZY: Policy = { ...s1, cleanUp: { type: 'lazy' } };

/** Nobody takes over, and a seat is free once the sweep has found its session expired. */
const SWEPT: Policy = { ...s1, onConflict: 'refuse', cleanUp: { type: 'swept', every: time('10s') } };

describe('every state of a small world', () => {
  it.each<{ design: string; options: SessionOptions; distinct: number; depth: number }>([
    { design: 'recommended', options: optionsFor([]), distinct: 20, depth: 8 },
    { design: 'recommended', options: optionsFor(['cut', 'crash']), distinct: 1_726, depth: 38 },
    { design: 'recommended', options: optionsFor(['crash'], { devices: 3 }), distinct: 1_087, depth: 26 },
    { design: 's3-after', options: optionsFor([], { launcher: true }), distinct: 20, depth: 7 },
    { design: 's3-after', options: optionsFor(['crash', 'stop']), distinct: 142, depth: 13 },
  ])('of $design, $options.devices devices with $options.kinds', async ({ design, options, distinct, depth }) => {
    const { outcome } = await checkSessions(designByName(design), options);
    expect(outcome).toMatchObject({ result: 'proved', distinct, depth, deadEnds: 0 });
  });
});

it('of a service that does what the reference does is the same, though it never sweeps', async () => {
  const mine = written({
    name: 'mine',
    policy: recommended,
    serve: ({ seats, policy, storeNow }) => {
      const answer = (command: Command & { readonly scope: Scope }): Reply => {
        const { seat, reply } = decide(seats.read(command.scope), command.scope, command, policy, storeNow());
        seats.write(command.scope, seat);
        return reply;
      };
      return { start: answer, heartbeat: answer, end: answer, status: answer } as never;
    },
  });
  const states = async (each: Design) => (await checkSessions(each, optionsFor(['cut']))).outcome.distinct;
  expect(await states(mine)).toBe(await states(designByName('recommended')));
});

it('comes to the same on several threads, which have one number for every part', async () => {
  const surroundings = optionsFor(['cut', 'crash', 'sleep']);
  const asked = { allowed: NONE, counts: ['overlap', 'blocked'] as const };
  const search = async (threads: number) => {
    const { model } = sessionModelOf(designByName('s2-repaired'), surroundings, asked);
    const source = modelSource({ type: 'named', name: 's2-repaired' }, surroundings, asked);
    return exhaust(model, { source, threads, threadsFrom: 200 });
  };
  const [alone, together] = [await search(1), await search(2)];
  expect(together.threads).toBe(2);
  expect({ ...together, threads: 1, elapsed: alone.elapsed, bytes: alone.bytes }).toEqual(alone);
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
    const { outcome, grid, model } = await checkSessions(known, optionsFor(kinds));
    const trace = outcome.laws.find((law) => law.outcome === 'broken')?.trace ?? null;
    expect(trace?.steps).toHaveLength(steps);
    if (trace === null) return;
    const played = await replay(known, grid, model, { name: 'one worker', trace }, NONE);
    expect(Math.round((played?.overlap ?? 0) / 100) * 100).toBe(time(overlap));
  });

  it('is none where the rules are repaired', async () => {
    const { outcome } = await checkSessions(designByName('no-self-fence'), optionsFor(['cut']));
    expect(outcome.result).toBe('broken');
    expect((await checkSessions(designByName('recommended'), optionsFor(['cut']))).outcome.result).toBe('proved');
  });
});

describe('work that stands still at once', () => {
  // Heartbeats are due at other times than the fence, so that nothing else happens when it stops.
  const policy = {
    ...recommended,
    heartbeat: time('40s'),
    requestTimeout: time('10s'),
    stopTime: NONE,
    clockDrift: 0,
  };
  const abrupt: Design = { ...designByName('recommended'), policy };

  it.each<{ fence: DurationText; overlap: DurationText }>([
    { fence: '65s', overlap: '5s' },
    ...(LONG
      ? ([
          { fence: '60s', overlap: '0s' },
          { fence: '70s', overlap: '10s' },
        ] as const)
      : []),
  ])(
    'after $fence, with a timeout of 60s, leaves an overlap of $overlap, also one that ends when it has lasted a unit',
    async ({ fence, overlap }) => {
      const options = optionsFor(['cut'], { unit: time('5s'), figures: { fence: time(fence) } });
      const { outcome, grid, model } = await checkSessions(abrupt, options);
      expect(outcome.result).toBe(overlap === '0s' ? 'proved' : 'broken');
      expect((await measureSessions(abrupt, options, 'overlap')).lasts).toBe(time(overlap));
      const trace = outcome.laws.find((law) => law.outcome === 'broken')?.trace;
      expect(trace === undefined).toBe(overlap === '0s');
      if (!trace) return;
      const played = await replay(abrupt, grid, model, { name: 'one worker', trace }, NONE);
      expect(played?.overlap).toBeGreaterThan(time('4s'));
    },
  );
});

it('an overlap that goes on from one device to the next is played in the world without a gap', async () => {
  const base = designByName('s2-swallowed');
  const policy: Policy = {
    ...base.policy,
    onConflict: 'ask',
    sameDevice: 'refuse',
    lateHeartbeat: 'revive',
    expiry: 'after',
    scope: 'license',
    heartbeat: time('3s'),
    timeout: time('4s'),
    fence: time('1s'),
    stopTime: time('1s'),
    clockDrift: 0,
    requestTimeout: time('1s'),
    retries: 2,
    grace: {
      afterExpiry: time('1s'),
      afterTakeover: NONE,
    },
    cleanUp: {
      type: 'swept',
      every: time('3s'),
    },
  };
  const design: Design = { ...base, policy, client: () => clientOf(policy) };
  const allowed = time('2s');
  const options = optionsFor([], { devices: 3, unit: time('1s'), latency: NONE, allowed });
  const { outcome, grid, model } = await checkSessions(design, options);
  const trace = outcome.laws.find((law) => law.outcome === 'broken')?.trace;
  expect(trace).toBeDefined();
  if (!trace) return;
  const played = await replay(design, grid, model, { name: 'one worker', trace }, allowed);
  expect(played?.overlap).toBeGreaterThan(allowed);
});

describe('clocks that are off', () => {
  // Figures a third of the recommended ones, so that a second as the unit makes a third of the instants.
  const policy: Policy = {
    ...recommended,
    heartbeat: time('6s'),
    timeout: time('20s'),
    fence: time('18s'),
    stopTime: time('1s'),
    requestTimeout: time('2s'),
    grace: { afterExpiry: NONE, afterTakeover: time('20s') },
  };
  const known = referenceDesign(policy, 'figures of a third');

  it.each([
    { drift: 0.02, result: 'proved', says: 'a fence of 18s, 1s to stop and 0.8s for the clocks fit into 20s' },
    { drift: 0.03, result: 'broken', says: 'with 1.2s for the clocks they do not' },
  ])('by $drift: $result, because $says', async ({ drift, result }) => {
    const { outcome, grid, model } = await checkSessions(known, optionsFor(['cut'], { drift, unit: time('1s') }));
    expect(outcome.result).toBe(result);
    const trace = outcome.laws.find((law) => law.outcome === 'broken')?.trace;
    expect(trace === undefined).toBe(result === 'proved');
    if (trace)
      expect((await replay(known, grid, model, { name: 'one worker', trace }, NONE))?.overlap).toBeGreaterThan(0);
  });
});

describe('with a seat for each of two symbols', () => {
  const two = (kinds: readonly FaultKind[], changes: Partial<SessionOptions> = {}): SessionOptions =>
    optionsFor(kinds, { symbols: 2, ...changes });

  it.each<{ says: string; design: Design; options: SessionOptions; distinct: number; depth: number }>([
    { says: 'no fault', design: soldPerSymbol(s2), options: two([]), distinct: 36, depth: 6 },
    { says: 'a crash', design: soldPerSymbol(s2), options: two(['crash']), distinct: 726, depth: 15 },
    {
      says: 'three devices',
      design: soldPerSymbol(s3),
      options: two(['crash'], { devices: 3 }),
      distinct: 1_096,
      depth: 15,
    },
    { says: 'a launcher', design: soldPerSymbol(s3), options: two([], { launcher: true }), distinct: 355, depth: 14 },
    { says: 'sweeps', design: soldPerSymbol(SWEPT), options: two(['crash']), distinct: 3_756, depth: 27 },
    {
      says: 'a rule that looks at both',
      design: countsSessions(s3),
      options: two(['crash']),
      distinct: 303,
      depth: 16,
    },
    {
      says: 'a rule that asks for no age',
      design: looksAtNobody(LAZY),
      options: two(['crash'], { devices: 1 }),
      distinct: 294,
      depth: 19,
    },
    ...(LONG
      ? [
          {
            says: 'takeovers',
            design: soldPerSymbol(recommended),
            options: two(['crash']),
            distinct: 14_773,
            depth: 37,
          },
        ]
      : []),
  ])('every state is searched: $says', async ({ design, options, distinct, depth }) => {
    const { outcome } = await checkSessions(design, options);
    expect(outcome).toMatchObject({ result: 'proved', distinct, depth, deadEnds: 0 });
    expect(outcome.laws.map(({ name }) => name)).toContain('scope sums');
  });

  const shortest = (check: SessionCheck) => {
    const breach = breachIn(check);
    return { name: breach?.name, steps: breach?.trace.steps.length };
  };

  it.each<{ says: string; policy: Policy; kinds: readonly FaultKind[]; steps: number }>([
    { says: 'the end and the next start of one moment', policy: s2, kinds: ['stop'], steps: 13 },
    { says: 'a client without a fence', policy: s3, kinds: ['cut'], steps: 21 },
    { says: 'a takeover without a grace', policy: s1, kinds: [], steps: 7 },
    ...(LONG ? [{ says: 'a sweep', policy: SWEPT, kinds: ['cut'] as const, steps: 35 }] : []),
  ])('seats that see nothing of each other break as one does: $says', async ({ policy, kinds, steps }) => {
    const design = soldPerSymbol(policy);
    const alone = await checkSessions({ ...design, policy: { ...policy, scope: 'license' } }, optionsFor(kinds));
    const both = await checkSessions(design, two(kinds));
    expect(shortest(alone)).toEqual({ name: 'one worker', steps });
    expect(shortest(both)).toEqual({ name: 'one worker', steps });
    const breach = breachIn(both);
    if (breach === null) return;
    expect((await replay(design, both.grid, both.model, breach, NONE))?.overlap).toBeGreaterThan(0);
  });

  it.each(['EURUSD', 'GBPUSD'])('devices that work at once do so on one of them: %s', async (symbol) => {
    const design = takesOverOn(symbol, s3);
    const check = await checkSessions(design, two([]));
    const breach = breachIn(check);
    expect(breach?.trace.steps.map(({ description }) => description)).toContain(`device 2 is started on ${symbol}`);
    if (breach === null) return;
    const played = await replay(design, check.grid, check.model, breach, NONE);
    expect(played).toMatchObject({ broke: 'one worker' });
  });

  it.each<{ says: string; design: Design; options: SessionOptions; steps: number }>([
    { says: 'no seat sees the other', design: designByName('s2-after'), options: two([]), steps: 4 },
    { says: 'whoever starts takes over', design: soldOnce(s1), options: two(['crash'], { devices: 1 }), steps: 5 },
    { says: 'a late heartbeat is not counted', design: countsSessions(s2), options: two(['sleep']), steps: 20 },
  ])('a license has more sessions than it may, in the world too: $says', async ({ design, options, steps }) => {
    const check = await checkSessions(design, options);
    expect(shortest(check)).toEqual({ name: 'scope sums', steps });
    const breach = breachIn(check);
    if (breach === null) return;
    const played = await replay(design, check.grid, check.model, breach, NONE);
    expect(played).toMatchObject({ broke: 'scope sums', overlap: NONE });
    const broken = judgeHistory(played!.history).filter(({ outcome }) => outcome === 'broken');
    expect(broken.map(({ code }) => code)).toContain('P21');
    expect(broken.map(({ code }) => code)).not.toContain('P2');
  });

  it('a grace that the session of the other seat hides is not forgotten', async () => {
    const { outcome } = await checkSessions(countsSessions(recommended), two(['crash'], { unit: time('30s') }));
    expect(outcome.result).toBe('proved');
  });

  it.each([
    { says: 'seats by themselves', design: soldPerSymbol(s2) },
    { says: 'a rule that looks at both', design: countsSessions(s3) },
  ])('devices can change places: $says', async ({ design }) => {
    const { model } = await checkSessions(design, two(['cut', 'loss', 'sleep'], { bounds: { maxStates: 10 } }));
    expect(brokenSymmetry(model, 600)).toBeNull();
  });

  it.each(LONG ? [2] : [])('%d threads come to the same', async (several) => {
    const surroundings = two(['crash', 'sleep']);
    const asked = { allowed: null, counts: ['overlap', 'blocked'] as const };
    const search = async (threads: number) => {
      const { model } = sessionModelOf(designByName('s2-after'), surroundings, asked);
      const source = modelSource({ type: 'named', name: 's2-after' }, surroundings, asked);
      return exhaust(model, { source, threads, threadsFrom: 200 });
    };
    const [alone, together] = [await search(1), await search(several)];
    expect(together.threads).toBe(several);
    expect(alone.result).toBe('proved');
    expect({ ...together, threads: 1, elapsed: alone.elapsed, bytes: alone.bytes }).toEqual(alone);
  });

  it.each([
    { says: 'of a seat', design: soldPerSymbol(s3), blocked: '40s' as DurationText },
    { says: 'of the license, by a session of either seat', design: countsSessions(s3), blocked: '40s' as DurationText },
  ])('the longest lock-out $says is the timeout', async ({ design, blocked }) => {
    const longest = await measureSessions(design, two(['crash']), 'blocked');
    expect(longest).toMatchObject({ lasts: time(blocked), isBounded: true });
  });

  it('a victim is of its own seat', async () => {
    const longest = await measureSessions(soldPerSymbol(s3), two(['crash']), 'astray');
    expect(longest).toMatchObject({ lasts: NONE, isBounded: true });
  });

  it('is refused where a license has one seat', async () => {
    await expect(checkSessions(designByName('recommended'), two([]))).rejects.toThrow(
      /recommended has one seat for the whole license \(scope: 'license'\).*leave out --symbols/,
    );
  });
});

describe('devices can change places', () => {
  it.each(['recommended', 's3-before'])('in %s', async (design) => {
    const { model } = await checkSessions(
      designByName(design),
      optionsFor(['cut', 'loss', 'sleep'], { bounds: { maxStates: 10 } }),
    );
    expect(brokenSymmetry(model, 600)).toBeNull();
  });
});

describe('the longest that something lasts', () => {
  it.runIf(LONG)(
    'is nothing of an overlap, and at most the timeout of a lock-out, under the recommended rules',
    async () => {
      const overlap = await measureSessions(designByName('recommended'), optionsFor(['cut']), 'overlap');
      expect(overlap).toMatchObject({ lasts: NONE, isBounded: true });
      const blocked = await measureSessions(designByName('recommended'), optionsFor(['crash']), 'blocked');
      expect(blocked).toMatchObject({ lasts: time('1m'), isBounded: true });
    },
  );

  it('has no bound without a fence', async () => {
    const overlap = await measureSessions(designByName('s3-after'), optionsFor(['cut']), 'overlap');
    expect(overlap.isBounded).toBe(false);
  });
});

describe('the edge of a figure agrees with its formula, to the unit', () => {
  it.each<{ figure: keyof Figures; found: DurationText; formula: string }>([
    { figure: 'timeout', found: '1m', formula: 'fence and the time to stop: 57s' },
    ...(LONG
      ? [
          { figure: 'fence' as const, found: '55s' as const, formula: 'timeout less the time to stop: 58s' },
          { figure: 'grace' as const, found: '1m' as const, formula: 'as long as a victim works on: 57s' },
        ]
      : []),
  ])('$figure: $found, by $formula', async ({ figure, found }) => {
    const solved = await solve(designByName('recommended'), optionsFor(['cut']), figure);
    expect(solved).toMatchObject({ found: time(found), isInconclusive: false });
  });
});

it('refuses a policy with a clean-up job for a design without a sweep', async () => {
  const swept = { ...designByName('s2-before'), policy: SWEPT };
  await expect(checkSessions(swept, optionsFor([]))).rejects.toThrow(/has a clean-up job .* has no sweep/);
});

it.each([
  { design: 's0-before', message: /no fixed name of a device/ },
  { design: 'recommended', unit: '7s' as DurationText, message: null },
  { design: 'recommended', unit: '2m' as DurationText, message: /does not suit a timeout of 1m/ },
])('refuses what it cannot search: $design, $unit', async ({ design, unit, message }) => {
  const options = optionsFor([], { unit: unit === undefined ? null : time(unit) });
  const checked = checkSessions(designByName(design), options);
  if (message === null) expect((await checked).abstracted.join()).toMatch(/timeout 1m counts as 56s/);
  else await expect(checked).rejects.toThrow(message);
});
