/** Each named defect breaks, on the schedule that shows it, the laws that are said of it and no others; the reference keeps all. */
import { describe, expect, it } from 'vitest';
import { designByName } from '../../src/designs/all.ts';
import { DEFECTS } from '../../src/designs/defects/all.ts';
import { SCHEDULES } from './defect-schedules.ts';
import { brokenBy, type Schedule } from './schedule.ts';

describe.each(DEFECTS.map(({ design, breaks }) => ({ design, breaks, schedule: scheduleOf(design.name) })))(
  '$design.name',
  ({ design, breaks, schedule }) => {
    it('breaks the laws that are said of it', () => {
      expect(new Set(brokenBy(design, schedule))).toEqual(new Set(breaks));
    });

    it('does so where the reference keeps every law', () => {
      expect(brokenBy(designByName('recommended'), schedule)).toEqual([]);
    });
  },
);

function scheduleOf(name: string): Schedule {
  const schedule = SCHEDULES[name];
  if (schedule === undefined) throw new Error(`no schedule shows ${name}`);
  return schedule;
}
