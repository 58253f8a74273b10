/** The interface between the proxy and the code that decides in which order steps go on: a controller. */
import type { Socket } from 'node:net';
import type { Parameter } from './client-messages.ts';
import type { WireError } from './problem.ts';

/** Of a connection, as the server reports it: outside of a transaction, in one, or in one that failed. */
export type TransactionStatus = 'idle' | 'open' | 'failed';

/** One connection of a client through the proxy, as it is at the moment of reading. */
export interface WireConnection {
  /** Counted from 1, in the order in which clients connected. */
  readonly id: number;
  readonly user: string;
  readonly database: string;
  /** As last set, by the startup message or later. */
  readonly applicationName: string;
  /** The server process, as in `pg_stat_activity.pid` and `pg_blocking_pids`; null until the server has sent it. */
  readonly pid: number | null;
  readonly status: TransactionStatus;
  /** Whether the server owes an answer, also to messages that are no step: a Parse waits for the lock of a table, too. */
  readonly isAtServer: boolean;
  /** Whether the client still listens. Its steps take effect without it, as on a real server. */
  readonly clientIsOpen: boolean;
  /** The text of a prepared statement as the client wrote it; null where the server has none of this name. */
  prepared(name: string): string | null;
  /** The TCP connection of the client, for its port and the bytes that it has carried, those of TLS included. */
  readonly peer: Pick<Socket, 'remotePort' | 'bytesRead' | 'bytesWritten'>;
  /** Whether the server has accepted the client. */
  readonly isReady: boolean;
  /**
   * Executes SQL of the controller's own on the server's side of the connection; the client receives nothing of it. Only
   * while no step is at the server. Rejects with the server's message; resolves also when the connection has ended.
   */
  execute(sql: string): Promise<void>;
  /** Resets the client's connection and ends the server's, which rolls its transaction back. */
  reset(): void;
}

export interface WireStatement {
  /** As the client wrote it, before `rewrite`. One statement, also where a simple query holds several. */
  readonly text: string;
  /** In the order of `$1`, `$2`, …; empty in a simple query. */
  readonly parameters: readonly Parameter[];
  /** The name it was prepared under; empty where it has none. */
  readonly name: string;
  /** False for a statement that is only bound: the server plans it and takes its snapshot, and runs it in a later step. */
  readonly executed: boolean;
}

/**
 * - `simple`: a simple query, or a call by the function call protocol.
 * - `extended`: statements that are bound or executed by the extended protocol.
 * - `control`: only BEGIN, COMMIT, ROLLBACK, SAVEPOINT and the like; or, without statements, a Sync that commits what was
 *   executed and flushed before.
 * - `copy`: the end of the data of a COPY FROM STDIN, with which it takes effect.
 */
export type StepKind = 'simple' | 'extended' | 'control' | 'copy';

/** What a client sends up to the point where it waits for an answer: up to a Query, Sync or Flush, or the end of COPY data. */
export interface WireStep {
  /** Counted from 1 over all connections of the proxy, in the order of arrival. */
  readonly id: number;
  readonly connection: WireConnection;
  readonly kind: StepKind;
  readonly statements: readonly WireStatement[];
  /** Of the connection, before the step. */
  readonly status: TransactionStatus;
}

/** What becomes of a step. */
export type Release =
  /** Goes to the server; the whole reply is held until `onReply` is done. */
  | { readonly type: 'forward' }
  /** Goes to the server; the reply is passed on as it arrives, and `onReply` is not called. */
  | { readonly type: 'pass' }
  /** Never reaches the server, which is left as if it had rejected the step: an open transaction fails. */
  | { readonly type: 'fail'; readonly error: WireError }
  /** Goes to the server, and the connection is reset after `onReply`: the client never learns that a COMMIT took effect. */
  | { readonly type: 'lose-reply' }
  /** Never reaches the server: the connection is reset. */
  | { readonly type: 'reset' };

export type CommandResult =
  /** The tag of a command that completed, for example `UPDATE 1`; empty for an empty query, `SUSPENDED` at a row limit. */
  { readonly type: 'complete'; readonly tag: string } | ({ readonly type: 'error' } & WireError);

export interface WireReply {
  /** One for each command that was executed; an error is the last of them. */
  readonly results: readonly CommandResult[];
  /** Of the connection, after the step. */
  readonly status: TransactionStatus;
  /** Whether the server waits for the data of a COPY; a step of the kind `copy` follows. */
  readonly copyIn: boolean;
  /** Whether the connection ended before the reply was complete. */
  readonly closed: boolean;
}

export interface Opening {
  readonly user: string;
  readonly database: string;
  readonly applicationName: string;
  /** Settings that the client asks for, as in `-c work_mem=1MB`; empty where it asks for none. */
  readonly options: string;
}

/**
 * Whether a client may connect: it may, receives an error as from a server that is full (53300), or is cut off. `options`
 * replaces the settings that the client asks for.
 */
export type Admission =
  | { readonly type: 'accept'; readonly options?: string }
  | { readonly type: 'reject'; readonly error: WireError }
  | { readonly type: 'reset' };

/**
 * Decides when steps go on. Of each connection one step at a time is under way; what the client sends meanwhile waits. A
 * method that throws or rejects ends the connection and is reported as a problem.
 */
export interface Controller {
  onConnect?(opening: Opening): Admission | Promise<Admission>;
  /** The step is parked until this resolves. */
  onStep(step: WireStep): Release | Promise<Release>;
  /**
   * The client receives the reply when this resolves. Called once for each step that was released to `forward`,
   * `lose-reply` or `fail`, also when the connection ends first.
   */
  onReply?(step: WireStep, reply: WireReply): void | Promise<void>;
  /** The client has closed its connection. The server's side ends when this resolves, and the server rolls back what is open. */
  onLeave?(connection: WireConnection): void | Promise<void>;
  /** Both ends are closed. Of a step that is parked nothing more is heard. */
  onClose?(connection: WireConnection): void;
}
