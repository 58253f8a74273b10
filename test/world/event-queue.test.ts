/** The world's own clock, held to that of fake-timers: the same timers come at the same instants and in the same order. */
import { createClock } from '@sinonjs/fake-timers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { encodeHistory } from '../../src/history/codec.ts';
import { EventQueue, type Clockwork, type Handle } from '../../src/world/event-queue.ts';
import { playInWorld } from '../../src/world/play.ts';
import { TrueTime } from '../../src/world/time.ts';
import { World } from '../../src/world/world.ts';
import { seed } from '../seed.ts';
import { anyWorldScript } from './any-world-script.ts';

/** What a timer does when it comes: sets others, after so long, and takes back one that was set before. */
interface Plan {
  readonly sets: readonly number[];
  readonly takesBack: number;
}

// Few delays, so that many timers come at one instant.
const anyPlan: fc.Arbitrary<Plan> = fc.record({
  sets: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 4 }),
  takesBack: fc.nat(30),
});

/** Which timers come when, by the numbers in which they are set. */
function coming(clock: Clockwork, plans: readonly Plan[]): readonly string[] {
  const set: Handle[] = [];
  const told: string[] = [];
  const carryOut = (plan: Plan | undefined): void => {
    for (const delay of plan?.sets ?? []) {
      const number = set.length;
      const callback = (): void => {
        told.push(`${number} at ${clock.now}`);
        carryOut(plans[number]);
      };
      set.push(clock.setTimeout(callback, delay));
    }
    const handle = set[plan?.takesBack ?? -1];
    if (handle !== undefined) clock.clearTimeout(handle);
  };
  carryOut(plans[0]);
  let ended = false;
  clock.setTimeout(() => (ended = true), 100);
  while (!ended) clock.next();
  return told;
}

describe('the clock of a world', () => {
  it('calls timers back as a clock of fake-timers does', () => {
    fc.assert(
      fc.property(fc.array(anyPlan, { minLength: 1, maxLength: 60 }), (plans) => {
        expect(coming(new EventQueue(), plans)).toEqual(coming(createClock(0), plans));
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('gives the same History to the byte as one of fake-timers', () => {
    const design = referenceDesign(recommended, 'under test');
    fc.assert(
      fc.property(anyWorldScript(recommended, 12), (script) => {
        const world = new World(script, design, new TrueTime(createClock(0)));
        world.time.runUntil(script.until);
        expect(encodeHistory(playInWorld(script, design)) === encodeHistory(world.history())).toBe(true);
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('goes on for longer than the 24.8 days that a timer can be set for elsewhere', () => {
    const clock = new EventQueue();
    let at = 0;
    clock.setTimeout(() => (at = clock.now), 2 ** 32);
    clock.next();
    expect(at).toBe(2 ** 32);
  });
});
