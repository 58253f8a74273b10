/** The figures that the note on S4 wants, before its fixes, after them, and repaired: 100 % found, none not found, P95 below 100 ms, no orphans, no zombies. */
import { describe, expect, it } from 'vitest';
import { designByName } from '../../../src/designs/all.ts';
import { measureSessions, type Weather } from '../../../src/search/compare/session-workload.ts';

describe.each<[string, Weather, object]>([
  [
    's4-before',
    'fair',
    { lookUps: 900, found: 821, notFound: 79, creationP50: 0, creationP95: 0, orphans: 0, zombies: 100 },
  ],
  [
    's4-before',
    'foul',
    { lookUps: 895, found: 812, notFound: 83, creationP50: 0, creationP95: 0, orphans: 30, zombies: 0 },
  ],
  // Whoever answers after the commit answers as late as the database commits, so the fix misses the target for creation.
  [
    's4-after',
    'fair',
    { lookUps: 590, found: 590, notFound: 0, creationP50: 128, creationP95: 206, orphans: 0, zombies: 0 },
  ],
  [
    's4-after',
    'foul',
    { lookUps: 585, found: 585, notFound: 0, creationP50: 128, creationP95: 206, orphans: 0, zombies: 0 },
  ],
  [
    's4-repaired',
    'fair',
    { lookUps: 900, found: 900, notFound: 0, creationP50: 5, creationP95: 5, orphans: 0, zombies: 0 },
  ],
  [
    's4-repaired',
    'foul',
    { lookUps: 895, found: 895, notFound: 0, creationP50: 5, creationP95: 5, orphans: 0, zombies: 0 },
  ],
])('%s in %s weather', (name, weather, figures) => {
  it('has these figures', () => {
    expect(measureSessions(designByName(name), weather)).toEqual(figures);
  });
});
