/** The rules of one session system, as data: every figure and every choice a design makes. */
import type { Duration } from './time.ts';

/** When the server lets go of a session whose heartbeats have stopped. */
export type CleanUp =
  /** Whoever asks next sees it: an expired session stops counting at its expiry. */
  | { readonly type: 'lazy' }
  /** A periodic job removes it: an expired session goes on counting until the next sweep. */
  | { readonly type: 'swept'; readonly every: Duration };

/** Extra waits before the next grant (a lock delay), during which nobody holds the seat. */
export interface Grace {
  /** Counted from the expiry of a session that fell silent. */
  readonly afterExpiry: Duration;
  /**
   * Counted from a takeover; it never lasts beyond the moment at which the victim would have expired anyway. Where a device
   * replaces a session of its own it need not wait itself, but others must, although its new session may have ended.
   */
  readonly afterTakeover: Duration;
}

export interface Policy {
  readonly name: string;
  /** What one seat is: the license, or one symbol of it. */
  readonly scope: 'license' | 'license-and-symbol';
  /** Sessions that one license may hold at once, over all of its seats. Declared, and judged by law P21; a seat can only see itself. */
  readonly licenseLimit: number;

  /** The interval at which a client sends heartbeats. Client's clock. */
  readonly heartbeat: Duration;
  /** Age of the last heartbeat at which the server lets go. Server's clock. */
  readonly timeout: Duration;
  /** Whether a session of exactly that age has expired (`at`) or not yet (`after`). */
  readonly expiry: 'at' | 'after';

  /** What a start meets when another device holds the seat. `ask` refuses, and takes over only the term that the client then names. */
  readonly onConflict: 'refuse' | 'take-over' | 'ask';
  /**
   * What a start meets when its own device holds the seat: a new session that replaces the earlier one (`reconnect`), the
   * earlier session itself, shared by two processes (`join`), or a refusal.
   */
  readonly sameDevice: 'reconnect' | 'join' | 'refuse';
  /** Whether a heartbeat that comes after expiry brings the session back, as long as nobody took or cleared the seat. */
  readonly lateHeartbeat: 'reject' | 'revive';
  readonly cleanUp: CleanUp;
  readonly grace: Grace;

  /** How long two devices may work at once, where a design accepts that they do. Declared, and judged by law P2; true time. */
  readonly overlap: Duration;

  /** How long a client waits for an answer. Client's clock. */
  readonly requestTimeout: Duration;
  /** How often a client repeats a request that failed, before it waits for the next heartbeat. */
  readonly retries: number;
  /** The client stops working when its last acknowledged heartbeat was sent this long ago; null where it never does. Client's clock. */
  readonly fence: Duration | null;
  /** The longest time a client takes to stop once told. */
  readonly stopTime: Duration;
  /** The largest rate error of any clock, as a fraction: 0.0002 is 200 ppm. */
  readonly clockDrift: number;
}
