/** Gathers the messages of one client into batches: all that it sends up to a Query, Sync or Flush. Pure. */
import { statementsOf } from '../postgres/sql-text.ts';
import {
  readBind,
  readExecute,
  readFunctionCall,
  readParse,
  readQuery,
  readTarget,
  writeParse,
  writeQuery,
} from './client-messages.ts';
import type { Message } from './framing.ts';
import { MissingSync, ProtocolViolation } from './problem.ts';
import type { StepKind, WireStatement } from './step.ts';
import { controlsTransaction } from './transaction-control.ts';

/** An answer that the server owes for one message of a client. */
export interface Expected {
  readonly type: 'parse' | 'bind' | 'describe' | 'execute' | 'close' | 'sync' | 'query' | 'call';
  /** What the answer makes true, for example that a prepared statement exists. */
  readonly confirm?: () => void;
}

export interface Batch {
  /** As they go to the server. */
  readonly bytes: readonly Buffer[];
  readonly end: 'query' | 'sync' | 'flush' | 'copy';
  /** Null where no statement is bound or executed: then there is nothing to schedule. */
  readonly kind: StepKind | null;
  readonly statements: readonly WireStatement[];
  readonly expected: readonly Expected[];
  /** What `rewrite` threw; null where it did not. */
  readonly refused: unknown;
}

/** A COPY FROM STDIN whose data the server waits for. */
export interface CopyIn {
  /** What the server still owes of the batch that began it. */
  readonly owed: readonly Expected[];
  readonly statements: readonly WireStatement[];
}

export type Rewrite = (sql: string) => string;

/** Messages without a Sync or Flush are kept up to this size, in bytes. */
const MOST_KEPT = 256 * 1024 * 1024;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Batches {
  readonly #rewrite: Rewrite;
  /** Prepared statements that the server has confirmed, by name. */
  readonly #prepared = new Map<string, string>();
  readonly #portals = new Map<string, WireStatement>();
  // Of the batch that is being gathered.
  #bytes: Buffer[] = [];
  #size = 0;
  #statements: Mutable<WireStatement>[] = [];
  #expected: Expected[] = [];
  #parsed = new Map<string, string>();
  #bound = new Map<string, Mutable<WireStatement>>();
  #refused: unknown = null;
  #copy: CopyIn | null = null;
  #copyDone = false;
  /** Something was executed and flushed, and no Sync has committed it. */
  #uncommitted = false;
  #skipping = false;
  /** Whether the server was outside of a transaction when it was last ready. */
  #idle = true;

  constructor(rewrite: Rewrite) {
    this.#rewrite = rewrite;
  }

  prepared(name: string): string | null {
    return this.#prepared.get(name) ?? null;
  }

  /** The server has begun a COPY FROM STDIN. */
  beginCopy(copy: CopyIn): void {
    this.#copy = copy;
    this.#copyDone = false;
  }

  get copyIsOpen(): boolean {
    return this.#copy !== null;
  }

  /** After an error in the extended protocol, a server ignores all messages up to the next Sync. */
  skipToSync(): void {
    this.#skipping = true;
    this.#uncommitted = false;
  }

  /** The batch goes to the server. */
  sent({ end, statements }: Batch): void {
    if (end === 'flush' && statements.length > 0) this.#uncommitted = true;
  }

  /** Whether statements were executed in a transaction that the next Sync commits. */
  get uncommitted(): boolean {
    return this.#uncommitted;
  }

  /** The server is ready for a query. Portals end with their transaction. */
  ready(idle: boolean): void {
    this.#skipping = false;
    this.#uncommitted = false;
    this.#idle = idle;
    if (idle) this.#portals.clear();
  }

  /** A statement that was sent, but not ended with Sync or Flush; null where there is none. */
  get unfinished(): string | null {
    return this.#statements[0]?.text ?? null;
  }

  /**
   * What a message completes: a batch, nothing yet (null), or a message that needs no answer and goes to the server at once
   * (`forward`). Throws `ProtocolViolation` and `MissingSync`.
   */
  take(message: Message): Batch | 'forward' | null {
    const { type } = message;
    if (this.#copy !== null && !this.#copyDone) return this.#takeCopy(message, this.#copy);
    if (type === 'd' || type === 'c' || type === 'f') return null; // Of a COPY that has failed; the server ignores them too.
    if (type === 'S') return this.#end('sync', message.bytes);
    if (this.#skipping) return null;
    switch (type) {
      case 'Q':
        return this.#query(message);
      case 'F':
        this.#statements.push(statement(`function call ${readFunctionCall(message)}`, true));
        this.#expected.push({ type: 'call' });
        return this.#end('query', message.bytes);
      case 'H':
        return this.#end('flush', message.bytes);
      default:
        this.#gather(message.bytes, () => this.#extended(message));
        return null;
    }
  }

  #takeCopy(message: Message, { owed, statements }: CopyIn): Batch | 'forward' | null {
    switch (message.type) {
      case 'd':
      case 'S':
      case 'H':
        // The server ignores Sync and Flush while it waits for data.
        return 'forward';
      case 'c':
      case 'f':
        this.#copyDone = true;
        this.#statements = statements.map((each) => ({ ...each }));
        this.#expected = [...owed];
        if (owed[0]?.type === 'query') return this.#end('copy', message.bytes);
        this.#gather(message.bytes, () => undefined);
        return null;
      default:
        throw new ProtocolViolation('client', `sent a message '${message.type}' within the data of a COPY`);
    }
  }

  #query(message: Message): Batch {
    const text = readQuery(message);
    for (const each of statementsOf(text)) this.#statements.push(statement(each, true));
    this.#expected.push({ type: 'query' });
    const rewritten = this.#rewritten(text);
    return this.#end('query', rewritten === text ? message.bytes : writeQuery(rewritten));
  }

  #extended(message: Message): Buffer | undefined {
    switch (message.type) {
      case 'P':
        return this.#parse(message);
      case 'B': {
        const { portal, statement: name, parameters } = readBind(message);
        // SQL's own PREPARE makes statements whose text the proxy does not know.
        const text = this.#parsed.get(name) ?? this.#prepared.get(name) ?? `EXECUTE ${name}`;
        const bound = { text, parameters, name, executed: false };
        this.#statements.push(bound);
        this.#bound.set(portal, bound);
        this.#portals.set(portal, bound);
        this.#expected.push({ type: 'bind' });
        return undefined;
      }
      case 'E':
        this.#execute(readExecute(message));
        return undefined;
      case 'D':
        this.#expected.push({ type: 'describe' });
        return undefined;
      case 'C': {
        const { kind, name } = readTarget(message);
        const names = kind === 'S' ? this.#prepared : this.#portals;
        this.#expected.push({ type: 'close', confirm: () => names.delete(name) });
        return undefined;
      }
      default:
        throw new ProtocolViolation('client', `sent a message '${message.type}' out of place`);
    }
  }

  #parse(message: Message): Buffer {
    const { name, text, types } = readParse(message);
    this.#parsed.set(name, text);
    this.#expected.push({ type: 'parse', confirm: () => this.#prepared.set(name, text) });
    const rewritten = this.#rewritten(text);
    return rewritten === text ? message.bytes : writeParse({ name, text: rewritten, types });
  }

  #execute(portal: string): void {
    const bound = this.#bound.get(portal);
    if (bound === undefined) {
      const earlier = this.#portals.get(portal) ?? statement(`EXECUTE ${portal}`, true);
      const executed = { ...earlier, executed: true };
      this.#statements.push(executed);
      this.#bound.set(portal, executed);
    } else {
      bound.executed = true;
    }
    this.#expected.push({ type: 'execute' });
  }

  #rewritten(text: string): string {
    // It is not in UTF-8, and could not be written as it was.
    if (text.includes('\uFFFD')) return text;
    try {
      return this.#rewrite(text);
    } catch (error) {
      this.#refused ??= error;
      return text;
    }
  }

  /** Keeps a message, as `read` rewrites it, until the batch ends. */
  #gather(bytes: Buffer, read: () => Buffer | undefined): void {
    this.#bytes.push(read() ?? bytes);
    this.#size += bytes.length;
    if (this.#size > MOST_KEPT) {
      throw new MissingSync(
        `the client sent ${this.#size} bytes without a Sync or Flush; at most ${MOST_KEPT} are kept`,
      );
    }
  }

  #end(end: Batch['end'], last: Buffer): Batch {
    if (end === 'sync') this.#expected.push({ type: 'sync' });
    const copied = this.#copy !== null;
    const batch: Batch = {
      bytes: [...this.#bytes, last],
      end,
      kind: copied ? 'copy' : this.#kindOf(end),
      statements: this.#statements,
      expected: this.#expected,
      refused: this.#refused,
    };
    this.#bytes = [];
    this.#size = 0;
    this.#statements = [];
    this.#expected = [];
    this.#parsed = new Map();
    this.#bound = new Map();
    this.#refused = null;
    this.#copy = null;
    return batch;
  }

  #kindOf(end: Batch['end']): StepKind | null {
    if (this.#statements.length === 0) return end === 'sync' && this.#uncommitted && this.#idle ? 'control' : null;
    if (this.#statements.every(({ text }) => controlsTransaction(text))) return 'control';
    return end === 'query' ? 'simple' : 'extended';
  }
}

const statement = (text: string, executed: boolean): WireStatement => ({ text, parameters: [], name: '', executed });
