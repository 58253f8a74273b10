/** The server's rule of any design that keeps its seats in one store: a command runs on it in one piece. */
import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../../core/command.ts';
import { isUsageError, UsageError } from '../../../core/failures.ts';
import type { Policy } from '../../../core/policy.ts';
import type { Reply, RuleReply } from '../../../core/reply.ts';
import type { Fingerprint, Scope, Seat } from '../../../core/seat.ts';
import { NO_TIME, START, type Instant } from '../../../core/time.ts';
import { serverOf, type Design } from '../../../designs/design.ts';
import type { Host, Procedure, ServerProcess, Waiting } from '../../../service/procedure.ts';
import { MemoryStore, StoreFailure, type SeatStore } from '../../../service/store.ts';
import { checkReply } from '../../../service/reply-gate.ts';
import { examinable, failedBy } from '../../../service/uncaught.ts';

export interface Decided {
  /** Of the license, in the order of their scopes. */
  readonly seats: readonly Seat[];
  readonly reply: RuleReply;
  /** Whether no seat was looked at but that of the command, so that the others make no difference. */
  readonly isLocal: boolean;
}

/**
 * `seats` are those of the license, in the order of `scopes`: a rule may look at all of them, for the license has a limit.
 * `caller` is the device of the sender; null for the server's own sweep. By default the store works.
 */
export type ServerRule = (
  seats: readonly Seat[],
  scopes: readonly Scope[],
  command: Command,
  caller: Fingerprint | null,
  now: Instant,
  store?: 'works' | 'fails',
) => Decided;

/** Throws `UsageError` for a design whose server remembers more than one store, takes a device for another, or answers by promises. */
export function serverRuleOf(design: Design, policy: Policy): ServerRule {
  const bench = new Bench(design, policy);
  const process = bench.begin();
  if (design.stores.length !== 1 || process.memory !== undefined || process.boot !== undefined) {
    throw new UsageError(
      `${design.name} keeps its state in more than one store, so its states cannot all be searched; seatproof race can play it`,
    );
  }
  if (design.presents !== undefined) {
    throw new UsageError(`${design.name} presents no fixed name of a device, so its states cannot all be searched`);
  }
  // Those that come along keep nothing in memory, so one process will do for all that is asked.
  if (design.promised !== true) return (...asked) => bench.ask(process, ...asked);
  // Of a service that somebody else wrote it has yet to be seen that it keeps nothing but its store.
  return (...asked) => {
    const decided = bench.ask(bench.begin(), ...asked);
    if (!isDeepStrictEqual(bench.ask(process, ...asked), decided)) {
      throw new UsageError(
        `${design.name} gives another answer after other commands, so it keeps state outside of its store, and its states cannot all be searched; seatproof campaign can play it`,
      );
    }
    return decided;
  };
}

type Statement = Extract<Waiting, { type: 'statement' }>;

/** One store, and a process of the server that is asked one command at a time. */
class Bench {
  readonly #design: Design;
  readonly #host: Host;
  #store: SeatStore = new MemoryStore([]);
  #now = START;
  #fails = false;

  constructor(design: Design, policy: Policy) {
    this.#design = design;
    this.#host = {
      policy,
      server: 1,
      now: () => this.#now,
      random: () => 0,
      lives: () => true,
      wait: () => this.#promises(),
      atOnce: (statement) => this.#execute(statement),
    };
  }

  begin(): ServerProcess {
    return serverOf(this.#design)(this.#host);
  }

  ask(
    process: ServerProcess,
    seats: readonly Seat[],
    scopes: readonly Scope[],
    command: Command,
    caller: Fingerprint | null,
    now: Instant,
    store: 'works' | 'fails' = 'works',
  ): Decided {
    const kept = new MemoryStore([scopes[0]!.license]);
    for (let which = 0; which < scopes.length; which++) kept.write(scopes[which]!, seats[which]!);
    const watched = scopes.length === 1 ? null : new WatchedStore(kept, 'scope' in command ? command.scope : null);
    this.#store = watched ?? kept;
    this.#now = now;
    this.#fails = store === 'fails';
    const reply = this.#checked(command, this.#answer(process, command, caller));
    const isLocal = watched === null || watched.isLocal;
    const after = scopes.map((scope) => kept.read(scope));
    const complete = this.#completed(command, reply);
    this.#refuseForeignTerm(command, reply, after);
    return { seats: after, reply: complete, isLocal };
  }

  /**
   * The search follows sessions by their terms, so those must be told. No client looks at the other fields here, and
   * where they are absent they stay empty.
   */
  #completed(command: Command, reply: Reply): RuleReply {
    switch (reply.type) {
      case 'granted': {
        const { session = 'session' in command ? command.session : '', term = this.#untold(command, 'the term') } =
          reply;
        return { type: 'granted', session, term, expiry: START, replaced: null, notice: null };
      }
      case 'refused': {
        const term = reply.holder?.term ?? this.#untold(command, 'the term of the holder');
        const { reason = 'other-device' } = reply;
        const holder = { session: '', device: '', ...reply.holder, term };
        return { type: 'refused', reason, holder, retryAfter: NO_TIME, replaced: null, notice: '' };
      }
      case 'renewed':
        return { type: 'renewed', term: reply.term ?? this.#untold(command, 'the term'), expiry: START };
      case 'gone':
        return { type: 'gone', why: reply.why ?? this.#untold(command, 'why a session is gone'), by: reply.by ?? null };
      case 'active':
        return { type: 'active', holder: { session: '', device: '', term: 0, ...reply.holder }, expiry: START };
      case 'idle':
        return { type: 'idle', retryAfter: NO_TIME, notice: '' };
      case 'swept':
        return { type: 'swept', sessions: [] };
      case 'failed':
        return { type: 'failed', why: reply.why ?? 'store', message: '' };
      case 'ended':
        return reply;
    }
  }

  #untold(command: Command, what: string): never {
    throw new UsageError(
      `${this.#design.name} does not tell ${what} in its reply to a ${command.type}, so its states cannot all be searched; seatproof campaign can play it`,
    );
  }

  /** Terms are counted from the current one here, so one that comes from elsewhere says nothing. */
  #refuseForeignTerm(command: Command, reply: Reply, seats: readonly Seat[]): void {
    const isForeign =
      (reply.type === 'granted' && !seats.some(({ term }) => term === reply.term)) ||
      (reply.type === 'renewed' && command.type === 'heartbeat' && reply.term !== command.term);
    if (!isForeign) return;
    throw new UsageError(
      `${this.#design.name} answers a ${command.type} with a term that is neither that of its seat in the store of Seatproof nor that of the request: ${JSON.stringify(reply)}. The search saves and restores this store only, so a service must keep its sessions in it, by seats.read and seats.write; seatproof campaign can play every service`,
    );
  }

  #checked(command: Command, value: Reply): Reply {
    if (this.#design.promised !== true) return value;
    const checked = checkReply(command, value);
    // The replay in the world shows how the reply is invalid.
    return 'reply' in checked ? checked.reply : { type: 'failed', why: 'error' };
  }

  #answer(process: ServerProcess, command: Command, caller: Fingerprint | null): Reply {
    try {
      return this.#run(process.handle(command, caller));
    } catch (thrown) {
      const error = examinable(thrown);
      if (isUsageError(error) || this.#design.promised !== true) throw error;
      const failed = failedBy(error, this.#design.errors);
      // The error may be that of the store, which was made to fail.
      return this.#fails ? { ...failed, why: 'store' } : failed;
    }
  }

  /** Pauses take no time, and what is left to go on by itself goes on at once. */
  #run<R>(procedure: Procedure<R>): R {
    let next = procedure.next();
    while (next.done !== true) {
      const waiting = next.value;
      if (waiting.type === 'statement') next = this.#resume(procedure, waiting);
      else {
        if (waiting.type === 'spawn') this.#run(waiting.procedure);
        if (waiting.type === 'promise') this.#refuse(waiting.promise);
        next = procedure.next();
      }
    }
    return next.value;
  }

  #resume<R>(procedure: Procedure<R>, statement: Statement): IteratorResult<Waiting, R> {
    let value: unknown;
    try {
      value = this.#execute(statement);
    } catch (error) {
      return procedure.throw(error);
    }
    return procedure.next(value);
  }

  #execute({ run }: Statement): unknown {
    if (this.#fails) throw new StoreFailure('store', 'the store cannot be reached');
    return run(this.#store, this.#now);
  }

  #refuse(promise: Promise<unknown>): never {
    // That it fails as well is nobody's business any more.
    promise.catch(() => undefined);
    return this.#promises();
  }

  #promises(): never {
    throw new UsageError(
      `${this.#design.name} answers by promises, so its states cannot all be searched; let it answer at once, by 'seats' in place of 'store', or play it with seatproof campaign`,
    );
  }
}

/** Notes whether any seat but one is read or written. */
class WatchedStore implements SeatStore {
  isLocal = true;
  readonly #store: SeatStore;
  readonly #own: Scope | null;

  constructor(store: SeatStore, own: Scope | null) {
    this.#store = store;
    this.#own = own;
  }

  read(scope: Scope): Seat {
    this.#note(scope);
    return this.#store.read(scope);
  }

  write(scope: Scope, seat: Seat): void {
    this.#note(scope);
    this.#store.write(scope, seat);
  }

  all(): ReturnType<SeatStore['all']> {
    this.isLocal = false;
    return this.#store.all();
  }

  #note({ license, symbol }: Scope): void {
    this.isLocal &&= license === this.#own?.license && symbol === this.#own.symbol;
  }
}
