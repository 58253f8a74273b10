/** The systems of the notes: each schedule breaks what is said of it before the fix and after it, and nothing once repaired. */
import { describe, expect, it } from 'vitest';
import { designByName } from '../../src/designs/all.ts';
import { LAWS } from '../../src/laws/all.ts';
import { ROWS } from './seed-schedules.ts';
import { brokenBy } from './schedule.ts';

const judged = new Set(LAWS.map(({ code }) => code));

describe.each(ROWS)('$system: $says', ({ system, schedule, before, after }) => {
  it.each([
    ['before', before],
    ['after', after],
    ['repaired', ''],
  ])('%s', (state, breaks) => {
    const expected = breaks.split(' ').filter((code) => judged.has(code));
    expect(brokenBy(designByName(`${system}-${state}`), schedule)).toEqual(expected);
  });
});
