/** Which moments of a long run explain a finding. */
import type { Finding } from '../laws/finding.ts';
import type { Moment } from './timeline.ts';

/**
 * Positions of at most `most` moments, in order: the calls that show the finding first of all, then what changed
 * something shortly before it, then the rest of what lies near.
 */
export function nearest(moments: readonly Moment[], finding: Finding, most: number): readonly number[] {
  const centre = centreOf(moments, finding);
  const weighed = moments.map((moment, index) => ({ index, weight: weightOf(moment, index, centre, finding) }));
  return weighed
    .toSorted((a, b) => a.weight - b.weight || b.index - a.index)
    .slice(0, most)
    .map(({ index }) => index)
    .toSorted((a, b) => a - b);
}

/** Where the finding shows: its last call, otherwise the last moment that is not after it, otherwise the end. */
function centreOf(moments: readonly Moment[], { calls, at }: Finding): number {
  const called = moments.findLastIndex(({ call }) => call !== null && calls.includes(call));
  if (called >= 0) return called;
  if (at === null) return moments.length - 1;
  return Math.max(
    0,
    moments.findLastIndex((moment) => moment.at <= at),
  );
}

/** Small is near. What comes after the finding explains little, and what changed nothing explains less than what did. */
function weightOf(moment: Moment, index: number, centre: number, { calls }: Finding): number {
  if (moment.call !== null && calls.includes(moment.call)) return -1;
  const distance = index <= centre ? centre - index : 6 + (index - centre) * 4;
  return moment.quiet ? distance * 3 : distance;
}
