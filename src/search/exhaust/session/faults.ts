/** What can go wrong in the session model. Imports nothing, so that the command line reads it at once. */

/** What can go wrong, each time at the cost of one fault. */
export const FAULTS = [
  'cut',
  'loss',
  'delay',
  'duplicate',
  'crash',
  'sleep',
  'store-failure',
  'server-restart',
  'stop',
] as const;
export type FaultKind = (typeof FAULTS)[number];

export function mayOf(kinds: readonly FaultKind[]): Readonly<Record<FaultKind, boolean>> {
  return Object.fromEntries(FAULTS.map((kind) => [kind, kinds.includes(kind)])) as Record<FaultKind, boolean>;
}
