/** Which finding is worse: the one order in which every report lists broken laws. */
import type { DesignFailed } from '../history/history.ts';

/** How a design fails as a service. Nothing else that is judged of such a service means much. */
const FAILURES = Object.keys({
  hung: true,
  threw: true,
  'invalid-reply': true,
} satisfies Record<DesignFailed['how'], true>);

/**
 * Codes in order of what a breach costs: a service that does not answer, two devices at once, lost acknowledged work, a
 * paying user locked out. Laws that are not listed follow in the order of their numbers.
 */
const WORST_FIRST: readonly string[] = [
  [...FAILURES, 'P0'],
  ['P1', 'P2', 'P21'],
  ['P4', 'P5', 'P24'],
  ['P13', 'P14', 'P11'],
].flat();

/** Compares the code of a law, `P1`, or the way in which a design fails, `threw`, with another: negative if `a` is worse. */
export function bySeverity(a: string, b: string): number {
  return rankOf(a) - rankOf(b);
}

/** What is neither listed nor a law, such as `linearizability`, comes last. */
function rankOf(code: string): number {
  const listed = WORST_FIRST.indexOf(code);
  if (listed >= 0) return listed;
  const number = Number(code.slice(1));
  return WORST_FIRST.length + (Number.isNaN(number) ? 100 : number);
}
