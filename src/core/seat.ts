/** The server's record for one scope: the current term, the session it was granted to, and how that session stands. */
import type { Duration, Instant } from './time.ts';

/** What one seat is for. `symbol` is empty where the policy's scope is the license alone. */
export interface Scope {
  readonly license: string;
  readonly symbol: string;
}

/** Names one session for ever; the client chooses it. */
export type SessionId = string;

/** 16 hex digits that name a device. */
export type Fingerprint = string;

/** Rises by one with every grant of a seat: the fencing token. 0 before the first grant. */
export type Term = number;

export interface Session {
  readonly id: SessionId;
  readonly device: Fingerprint;
  /** Server's clock. */
  readonly startedAt: Instant;
  /** The timeout under which it was last granted or renewed. A rival judges it by this and not by a timeout of its own. */
  readonly timeout: Duration;
  /**
   * Until then no other device may have the seat, whatever becomes of this session: an earlier one of the same device,
   * which it replaced, may still work. Null where there was none. Server's clock.
   */
  readonly closedUntil: Instant | null;
  readonly standing: Standing;
}

/** How the latest session of a seat stands. A missing heartbeat means released, and nothing else does. All instants are the server's. */
export type Standing =
  /** It has the seat, until `lastHeartbeat + timeout`. */
  | { readonly type: 'held'; readonly lastHeartbeat: Instant }
  /** Its own client ended it. */
  | { readonly type: 'released' }
  /** The sweep found it expired. */
  | { readonly type: 'swept'; readonly lastHeartbeat: Instant }
  /** Another device took over, and waits for the grace to pass. */
  | {
      readonly type: 'revoked';
      readonly lastHeartbeat: Instant;
      readonly revokedAt: Instant;
      readonly revokedBy: Fingerprint;
    };

/** How the session of the term before this one came to its end. */
export interface Predecessor {
  readonly id: SessionId;
  readonly how: 'expired' | 'replaced' | 'ended';
}

export interface Seat {
  readonly term: Term;
  /** The session of `term`; null before the first grant. */
  readonly latest: Session | null;
  /** The session of `term - 1`; null before the second grant. */
  readonly previous: Predecessor | null;
}

/** A seat that was never granted. */
export const FRESH_SEAT: Seat = { term: 0, latest: null, previous: null };
