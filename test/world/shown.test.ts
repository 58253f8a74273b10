/** Which rows of a store are written down: those that differ from what was written down last, and at rest once more. */
import { expect, it } from 'vitest';
import { FRESH_SEAT, type Seat } from '../../src/core/seat.ts';
import { MemoryStore } from '../../src/service/store.ts';
import { Shown } from '../../src/world/shown.ts';

const scope = (license: string): { license: string; symbol: string } => ({ license, symbol: '' });
const granted = (term: number): Seat => ({ ...FRESH_SEAT, term });

/** A store that is written to, and what is written down of it: license and term. */
function watched(): { write: (license: string, term: number) => void; told: (atRest: boolean) => readonly string[] } {
  const store = new MemoryStore(['L1', 'L2', 'L3']);
  const shown = new Shown();
  return {
    write: (license, term) => store.write(scope(license), granted(term)),
    told: (atRest) => (shown.update(store.rows(), atRest) ?? []).map((row) => `${row.scope.license} ${row.seat.term}`),
  };
}

it('tells what differs, once', () => {
  const { write, told } = watched();
  write('L1', 1);
  write('L3', 1);
  expect(told(true)).toEqual(['L1 1', 'L3 1']);
  expect(told(true)).toEqual([]);
  write('L3', 2);
  expect(told(true)).toEqual(['L3 2']);
});

it('tells a new row alone, although it moves those behind it', () => {
  const { write, told } = watched();
  write('L1', 1);
  write('L3', 1);
  told(true);
  write('L2', 1);
  expect(told(true)).toEqual(['L2 1']);
});

it('tells what was seen in the middle of calls once more when they are over, and not a third time', () => {
  const { write, told } = watched();
  write('L1', 1);
  expect(told(true)).toEqual(['L1 1']);
  write('L2', 1);
  expect(told(false)).toEqual(['L2 1']);
  expect(told(false)).toEqual([]);
  expect(told(true)).toEqual(['L2 1']);
  expect(told(true)).toEqual([]);
});
