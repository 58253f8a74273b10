/** The kinds of fault that a campaign can bring about, by the names of the command line. */

export interface FaultKind {
  readonly name: FaultName;
  /** What happens, in one line. */
  readonly about: string;
}

export type FaultName =
  | 'loss'
  | 'cut'
  | 'delay'
  | 'repeat'
  | 'crash'
  | 'hang'
  | 'sleep'
  | 'server-crash'
  | 'store-outage'
  | 'store-slow'
  | 'store-unknown'
  | 'store-lag'
  | 'offset'
  | 'drift'
  | 'clock-jump'
  | 'store-clock-jump';

/** What happens in the field. Each run switches some of them off, so that the others are not drowned. */
const FAULT_KINDS: readonly FaultKind[] = [
  { name: 'loss', about: 'single messages are lost' },
  { name: 'cut', about: 'an actor is cut off, one way or both, for a time' },
  { name: 'delay', about: 'messages are late, for a time' },
  { name: 'repeat', about: 'messages come twice' },
  { name: 'crash', about: 'a process dies' },
  { name: 'hang', about: 'a process stands still and does not know' },
  { name: 'sleep', about: 'a machine sleeps' },
  { name: 'server-crash', about: 'an app server dies and comes up again' },
  { name: 'store-outage', about: 'the store cannot be reached, has lost its table, or refuses writes' },
  { name: 'store-slow', about: 'statements take longer' },
  { name: 'store-unknown', about: 'writes take effect, but their outcome is not reported' },
  { name: 'store-lag', about: 'copies that are only read from lag behind' },
  { name: 'offset', about: 'wall clocks of devices and servers are off from the beginning' },
  { name: 'drift', about: 'clocks run fast or slow, within what the policy allows' },
  { name: 'clock-jump', about: 'the wall clock of a device or a server is set' },
];

/**
 * What no lease survives, and so only comes when it is asked for: a store whose clock is set forward lets go of a holder
 * that it has just acknowledged, and nothing at all can be known of ages while it is set back.
 */
const OPT_IN_KINDS: readonly FaultKind[] = [
  { name: 'store-clock-jump', about: "the store's own clock is set; no lease survives that" },
];

export const DEFAULT_FAULTS: readonly FaultName[] = FAULT_KINDS.map(({ name }) => name);
export const ALL_FAULTS: readonly FaultName[] = [...FAULT_KINDS, ...OPT_IN_KINDS].map(({ name }) => name);
