/** What minimising promises: a simpler Script that breaks the same, found in the same way each time, within its bound. */
import { describe, expect, it } from 'vitest';
import { recommended } from '../../../src/core/presets/recommended.ts';
import type { Instant } from '../../../src/core/time.ts';
import { minimise, type Breaks } from '../../../src/search/minimise/minimise.ts';
import type { Script } from '../../../src/world/script.ts';
import { actor, at, scriptOf, starts, stops, time } from '../../world/script-of.ts';

const cut = {
  type: 'network',
  actor: 'laptop',
  messages: 'requests',
  fault: { type: 'cut' },
  lasts: time('71234ms'),
} as const;

const LONG: Script = scriptOf(
  {
    policy: recommended,
    cast: [
      actor('laptop', 'laptop', recommended),
      actor('desktop', 'desktop', recommended),
      actor('tablet', 'tablet', recommended),
    ],
    until: '10m',
    surroundings: {
      latency: time('50ms'),
      servers: 3,
      clocks: [
        { clock: 'device tablet', offset: 1_000, drift: 200 },
        { clock: 'device laptop', offset: 0, drift: -200 },
        { clock: 'server 3', offset: 1_000, drift: 0 },
      ],
    },
  },
  [
    ['0s', starts('laptop')],
    ['1s', starts('tablet')],
    ['3.217s', cut],
    ['20s', stops('tablet')],
    ['65.1s', starts('desktop', true)],
    ['90s', stops('laptop')],
    ['95s', stops('desktop')],
    ['96s', { type: 'crash-server', server: 3, lasts: time('1s') }],
    ['97s', { type: 'set-clock', clock: 'server 2', by: 1_000 }],
  ],
);

/** Breaks when a cut of 60 s or more is followed by a start, at least 60 s after it began. */
const cutThenStart: Breaks = (script) => {
  let begun: Instant | null = null;
  for (const { at: when, actions } of script.steps) {
    for (const action of actions) {
      if (action.type === 'network' && (action.lasts ?? 0) >= 60_000) begun = when;
      if (action.type === 'user-starts' && begun !== null && when >= begun + 60_000) return Promise.resolve(when);
    }
  }
  return Promise.resolve(null);
};

describe('minimising', () => {
  it('leaves the steps that matter, on round times, in still surroundings, with whom they need', async () => {
    const { script, complete } = await minimise(LONG, cutThenStart);
    expect(script.steps.map(({ at: when, actions }) => [when, ...actions])).toEqual([
      [at('0s'), { ...cut, actor: script.cast[0]?.name, messages: 'both', lasts: time('60s') }],
      [at('60s'), starts(script.cast[0]?.name ?? '')],
    ]);
    expect(script.cast).toHaveLength(1);
    expect(script.surroundings).toEqual({ latency: 0, storeLatency: 0, stopTime: 0, servers: 1, clocks: [] });
    expect(script.until).toBe(60_000);
    expect(complete).toBe(true);
  });

  it('does the same each time', async () => {
    expect(await minimise(LONG, cutThenStart)).toEqual(await minimise(LONG, cutThenStart));
  });

  it('never takes what does not break', async () => {
    const taken: Script[] = [];
    const small = await minimise(LONG, async (script) => {
      const broke = await cutThenStart(script);
      if (broke !== null) taken.push(script);
      return broke;
    });
    expect(taken).toContainEqual(small.script);
  });

  it.each([0, 1, 10, 40])('plays at most %i candidates, and says that the bound was met', async (most) => {
    let played = 0;
    const breaks: Breaks = (script) => {
      played += 1;
      return cutThenStart(script);
    };
    const small = await minimise(LONG, breaks, most);
    expect(small.played).toBeLessThanOrEqual(Math.max(most, 1));
    // It also asks at what time the Script itself breaks.
    expect(played).toBeLessThanOrEqual(most + 2);
    expect(small.complete).toBe(false);
  });

  it('leaves alone what cannot be simpler', async () => {
    const { script } = await minimise(LONG, cutThenStart);
    expect((await minimise(script, cutThenStart)).script).toEqual(script);
  });
});
