/** The words that rules are written in. */
import type { Policy } from '../../src/core/policy.ts';
import type { Scope } from '../../src/core/seat.ts';
import { NO_TIME, seconds } from '../../src/core/time.ts';
import type { StoreRefusal } from '../../src/history/history.ts';
import type { Expected, Moment } from './conformance.ts';

/** A timeout of 40 s, refuses other devices, lets the own one reconnect, cleans up lazily, and has no grace. */
export const PLAIN: Policy = {
  name: 'plain',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(20),
  timeout: seconds(40),
  expiry: 'at',
  onConflict: 'refuse',
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  cleanUp: { type: 'lazy' },
  grace: { afterExpiry: NO_TIME, afterTakeover: NO_TIME },
  overlap: NO_TIME,
  requestTimeout: seconds(5),
  retries: 0,
  fence: null,
  stopTime: NO_TIME,
  clockDrift: 0,
};

/** The timeout of `PLAIN`, ms. */
export const T = 40_000;

const KEY_1: Scope = { license: 'key-1', symbol: '' };

export function starts(at: number, session: string, device: string, reply: Expected, also: StartDetails = {}): Moment {
  const { scope = KEY_1, takeOver = null } = also;
  return { type: 'command', at, command: { type: 'start', scope, session, device, takeOver }, reply };
}

interface StartDetails {
  readonly scope?: Scope;
  readonly takeOver?: number;
}

export function beats(at: number, session: string, term: number, reply: Expected, scope = KEY_1): Moment {
  return { type: 'command', at, command: { type: 'heartbeat', scope, session, term, device: session }, reply };
}

export function ends(at: number, session: string, term: number, reply: Expected, scope = KEY_1): Moment {
  return { type: 'command', at, command: { type: 'end', scope, session, term, device: session }, reply };
}

export function asks(at: number, reply: Expected, scope = KEY_1): Moment {
  return { type: 'command', at, command: { type: 'status', scope }, reply };
}

/** Sessions that the sweep lets go of. */
export function sweeps(at: number, ...sessions: readonly string[]): Moment {
  const reply = { type: 'swept', sessions: sessions.map((session) => ({ session })) } as const;
  return { type: 'command', at, command: { type: 'sweep' }, reply };
}

export function fails(at: number, fault: StoreRefusal | null): Moment {
  return { type: 'fault', at, fault };
}

export function restarts(at: number): Moment {
  return { type: 'restart', at };
}

export const granted = (term: number, also: object = {}): Expected => ({ type: 'granted', term, ...also });
export const refused = (reason: string, retryAfter: number, also: object = {}): Expected => {
  return { type: 'refused', reason, retryAfter, replaced: null, ...also };
};
export const renewed = (expiry: number): Expected => ({ type: 'renewed', expiry });
export const gone = (why: string, by: string | null): Expected => ({ type: 'gone', why, by });
export const ended: Expected = { type: 'ended' };
export const active = (session: string, expiry: number): Expected => ({ type: 'active', holder: { session }, expiry });
export const idle = (retryAfter: number): Expected => ({ type: 'idle', retryAfter });
export const failed = (why: string): Expected => ({ type: 'failed', why });
