/** What can go wrong on the wire by itself, by name. A problem ends one connection at most, and never the process. */

export type ProblemKind =
  /** A client speaks another protocol, or breaks this one. */
  | 'client-protocol'
  /** The server speaks another protocol, or breaks this one. */
  | 'server-protocol'
  /** The server cannot be reached. */
  | 'server-unreachable'
  /** A client left, or sent more than the proxy keeps, and never ended its messages with Sync or Flush. */
  | 'no-sync'
  /** The controller threw, or `rewrite` did. */
  | 'controller';

export interface Problem {
  readonly kind: ProblemKind;
  /** A sentence that begins with the party that caused it. */
  readonly message: string;
  readonly cause?: unknown;
}

export type Party = 'client' | 'server';

/** Bytes that are no message of the protocol, or a message out of place. The message begins with the party. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
  readonly party: Party;

  constructor(party: Party, deed: string, options?: ErrorOptions) {
    super(`the ${party} ${deed}`, options);
    this.party = party;
  }
}

/** Messages that pile up without the Sync or Flush that would make them a step. */
export class MissingSync extends Error {
  override readonly name = 'MissingSync';
}

export interface WireError {
  /** SQLSTATE, five characters. */
  readonly code: string;
  readonly message: string;
  /** `FATAL` where the server ends the connection with it; `ERROR` by default. */
  readonly severity?: 'ERROR' | 'FATAL';
}
