/** Each named defect breaks, on the schedule that shows it, the laws that are said of it and no others; the reference keeps all. */
import { describe, expect, it } from 'vitest';
import { designByName } from '../../src/designs/all.ts';
import { DEFECTS } from '../../src/designs/defects/all.ts';
import { LAWS } from '../../src/laws/all.ts';
import { SCHEDULES } from './defect-schedules.ts';
import { brokenBy } from './schedule.ts';

const judged = new Set(LAWS.map(({ code }) => code));

describe.each(DEFECTS)('$design.name', ({ design, breaks }) => {
  const schedule = SCHEDULES[design.name];

  it('breaks the laws that are said of it', () => {
    expect(schedule).toBeDefined();
    if (schedule === undefined) return;
    expect(new Set(brokenBy(design, schedule))).toEqual(new Set(breaks.filter((code) => judged.has(code))));
  });

  it('does so where the reference keeps every law', () => {
    if (schedule !== undefined) expect(brokenBy(designByName('recommended'), schedule)).toEqual([]);
  });
});
