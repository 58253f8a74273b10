/** Follows the messages of a server until all that a batch asked for has arrived. Pure. */
import type { Batch, CopyIn, Expected } from './batch.ts';
import type { Message } from './framing.ts';
import { ProtocolViolation } from './problem.ts';
import { readError, readStatus, readTag, UNASKED } from './server-messages.ts';
import type { CommandResult, TransactionStatus } from './step.ts';

export class ReplyTracker {
  readonly results: CommandResult[] = [];
  /** The status after the reply; null where the server reported none, as after a Flush. */
  status: TransactionStatus | null = null;
  /** Set when the server begins to wait for the data of a COPY. */
  copyIn: CopyIn | null = null;
  /** Whether the server ignores what follows up to the next Sync. */
  skipping = false;
  readonly #batch: Batch;
  #expected: Expected[];

  constructor(batch: Batch) {
    this.#batch = batch;
    this.#expected = [...batch.expected];
  }

  get complete(): boolean {
    return this.#expected.length === 0;
  }

  /** Throws `ProtocolViolation` for a message that no client has asked for. */
  take(message: Message): void {
    const head = this.#expected[0]?.type;
    switch (message.type) {
      case 'Z':
        if (head !== 'query' && head !== 'call' && head !== 'sync') this.#reject(message);
        this.status = statusOf(readStatus(message));
        this.#expected.shift();
        break;
      case 'E':
        this.#fail(message);
        break;
      case '1':
        this.#confirm('parse', message);
        break;
      case '2':
        this.#confirm('bind', message);
        break;
      case '3':
        this.#confirm('close', message);
        break;
      case 'T':
      case 'n':
        if (head !== 'query') this.#confirm('describe', message);
        break;
      case 'C':
        this.#executed(readTag(message), message);
        break;
      case 'I':
        this.#executed('', message);
        break;
      case 's':
        this.#executed('SUSPENDED', message);
        break;
      case 'G': {
        // Of the batch nothing but its commands is owed now: a Sync within it was ignored.
        const owed = this.#expected.filter(({ type }) => type !== 'sync');
        this.copyIn = { owed, statements: this.#batch.statements };
        this.#expected = [];
        break;
      }
      default:
        if (head === undefined && !UNASKED.has(message.type)) this.#reject(message);
    }
  }

  #fail(message: Message): void {
    const { code = '', message: text, severity } = readError(message);
    this.results.push({ type: 'error', code, message: text, severity: severity === 'ERROR' ? 'ERROR' : 'FATAL' });
    const head = this.#expected[0]?.type;
    if (head === 'query' || head === 'call') return;
    const sync = this.#expected.findIndex(({ type }) => type === 'sync');
    this.skipping = sync === -1;
    this.#expected = sync === -1 ? [] : this.#expected.slice(sync);
  }

  #executed(tag: string, message: Message): void {
    this.results.push({ type: 'complete', tag });
    if (this.#expected[0]?.type !== 'query') this.#confirm('execute', message);
  }

  #confirm(type: Expected['type'], message: Message): void {
    const [head] = this.#expected;
    if (head?.type !== type) this.#reject(message);
    head?.confirm?.();
    this.#expected.shift();
  }

  #reject(message: Message): never {
    throw new ProtocolViolation('server', `sent a message '${message.type}' that no message of the client asked for`);
  }
}

export function statusOf(indicator: string): TransactionStatus {
  switch (indicator) {
    case 'I':
      return 'idle';
    case 'T':
      return 'open';
    case 'E':
      return 'failed';
    default:
      throw new ProtocolViolation('server', `reported a transaction status '${indicator}', which is not I, T or E`);
  }
}

export const INDICATORS: Readonly<Record<TransactionStatus, string>> = { idle: 'I', open: 'T', failed: 'E' };
