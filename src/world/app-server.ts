/** The app servers of a world: processes that take commands in turn, crash, and come up again. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint } from '../core/seat.ts';
import { formatDuration, type Duration, type Instant } from '../core/time.ts';
import { serverOf, type Design } from '../designs/design.ts';
import {
  OutcomeUnknown,
  type Host,
  type Outcome,
  type Procedure,
  type ServerProcess,
  type Waiting,
} from '../service/procedure.ts';
import { checkReply, invalidReplyInWords, type InvalidReply } from '../service/reply-gate.ts';
import { failedBy } from '../service/uncaught.ts';
import { randomFrom } from '../service/random.ts';
import type { Stores } from './stores.ts';
import type { DriftingClock } from './drifting-clock.ts';
import { BY_ITSELF, type OpenAnswer, type Origin, type Recorder } from './recorder.ts';
import { runProcedure, type Task } from './run-procedure.ts';
import { Call, Chore, type CallKeeper, type Life } from './server-task.ts';
import type { TrueTime } from './time.ts';

/** A command on its way to a server. */
export interface Request {
  readonly actor: string | null;
  /** What it presents as its device. */
  readonly caller: Fingerprint | null;
  readonly sent: Instant;
  readonly origin: Origin;
  readonly command: Command;
  /** Told the answer, if there is one. */
  answered(answer: OpenAnswer): void;
}

interface Server {
  readonly number: number;
  readonly clock: DriftingClock;
  /** Null while it is down, or not up yet. */
  process: ServerProcess | null;
  life: Life;
}

export class AppServers {
  readonly #design: Design;
  readonly #serve: NonNullable<Design['serve']>;
  readonly #time: TrueTime;
  readonly #recorder: Recorder;
  readonly #stores: Stores;
  readonly #servers: readonly Server[];
  /** Calls without an answer so far, to processes that could leave one so for ever. */
  readonly #open = new Map<number, { readonly process: ServerProcess; readonly since: Instant }>();
  readonly #keeper: CallKeeper;
  /** The call whose code is running, of a design that answers by promises. */
  readonly #running = new AsyncLocalStorage<Call>();
  #turn = 0;

  constructor(design: Design, time: TrueTime, recorder: Recorder, stores: Stores, clocks: readonly DriftingClock[]) {
    this.#design = design;
    this.#serve = serverOf(design);
    this.#time = time;
    this.#recorder = recorder;
    this.#stores = stores;
    this.#servers = clocks.map((clock, index) => ({ number: index + 1, clock, process: null, life: { over: false } }));
    this.#keeper = {
      ended: (call, outcome) => this.#ended(call, outcome),
      // A call that died with its process is under way until its last statement has taken effect.
      abandoned: () => stores.done(),
      failed: (call, error) => this.#failed(call, error),
    };
    for (const server of this.#servers) this.#boot(server);
  }

  /** Hands a request to the next server that is up. False where none is, so that nobody takes it. */
  take(request: Request): boolean {
    for (let tried = 0; tried < this.#servers.length; tried += 1) {
      const server = this.#servers[this.#turn++ % this.#servers.length] as Server;
      if (server.process === null) continue;
      this.#carryOut(server, server.process, request);
      return true;
    }
    return false;
  }

  /** The clean-up job, on the first server that is up; missed where none is. */
  sweep(): void {
    const server = this.#servers.find(({ process }) => process !== null);
    if (server === undefined || server.process === null) return;
    this.#carryOut(server, server.process, {
      actor: null,
      caller: null,
      sent: this.#time.now,
      origin: BY_ITSELF,
      command: { type: 'sweep' },
      answered: (answer) => (answer.arrived = true),
    });
  }

  crash(number: number, lasts: Duration): void {
    const server = this.#servers[number - 1];
    if (server === undefined) return;
    server.process = null;
    server.life.over = true;
    const life = { over: false };
    server.life = life;
    this.#stores.forget(server.number);
    this.#recorder.add({ type: 'server-crashed', at: this.#time.now, server: number });
    this.#time.in(lasts, () => {
      if (life.over) return;
      this.#recorder.add({ type: 'server-restarted', at: this.#time.now, server: number });
      this.#boot(server);
    });
  }

  /** Writes down the calls that a live process has left without an answer for so long, and with nothing that it waits for. */
  writeHung(patience: Duration): void {
    for (const [call, { process, since }] of this.#open) {
      const isAlive = this.#servers.some((server) => server.process === process);
      if (!isAlive || process.waits?.() !== false || this.#time.now - since < patience) continue;
      const message = `no answer came within ${formatDuration(patience)}, and nothing that could bring one was left`;
      this.#recorder.add({ type: 'design-failed', at: this.#time.now, call, how: 'hung', message });
    }
  }

  #boot(server: Server): void {
    const { policy } = this.#design;
    const { life } = server;
    const failed = (error: unknown): void => this.#failed(null, error);
    const process = this.#served({
      policy,
      server: server.number,
      now: () => server.clock.read(this.#time.now),
      random: randomFrom(server.number),
      lives: () => !life.over,
      wait: (waiting, done) => {
        if (!life.over) this.#run(waitFor(waiting), new Chore(life, done, failed, this.#running.getStore()));
      },
      atOnce: (statement) => {
        const value = this.#stores.database(statement.store).executeAtOnce(statement);
        this.#running.getStore()?.ran(this.#stores.nextPosition(), statement.access === 'write');
        return value;
      },
    });
    if (process === null) return;
    this.#stores.watch(server.number, () => process.memory?.() ?? []);
    if (process.boot === undefined) {
      server.process = process;
      return;
    }
    const booted = (outcome: Outcome<void>): void => {
      if ('error' in outcome) failed(outcome.error);
      else server.process = process;
    };
    this.#run(process.boot(), new Chore(life, booted, failed));
  }

  /** Null for a process that did not come up. */
  #served(host: Host): ServerProcess | null {
    try {
      return this.#serve(host);
    } catch (error) {
      this.#failed(null, error);
      return null;
    }
  }

  #carryOut({ life, number: server }: Server, process: ServerProcess, request: Request): void {
    const { sent, actor, origin, command, caller } = request;
    const call = this.#recorder.called(this.#time.now, sent, actor, origin, command);
    this.#stores.begun();
    if (process.waits !== undefined) this.#open.set(call, { process, since: this.#time.now });
    const task = new Call(life, server, call, request, this.#keeper);
    const run = (): void => this.#run(process.handle(command, caller), task);
    if (this.#design.promised === true) this.#running.run(task, run);
    else run();
  }

  #run<R>(procedure: Procedure<R>, task: Task<R>): void {
    runProcedure(procedure, task, this.#time, this.#stores);
  }

  #ended(call: Call, outcome: Outcome<Reply>): void {
    this.#open.delete(call.number);
    if (!('error' in outcome)) this.#check(call, outcome.value);
    // A service that cannot know what its store did does not answer.
    else if (!(outcome.error instanceof OutcomeUnknown))
      this.#answer(call, failedBy(outcome.error, this.#design.errors));
    this.#stores.done();
  }

  /** The servers of designs that come with Seatproof answer in its own types; what a user's service returns is checked. */
  #check(call: Call, value: Reply): void {
    if (this.#design.promised !== true) {
      this.#answer(call, value);
      return;
    }
    const checked = checkReply(call.request.command, value);
    if ('reply' in checked) this.#answer(call, checked.reply);
    else this.#invalid(call.number, checked.invalid);
  }

  #answer({ number, request, server, statements: ran }: Call, reply: Reply): void {
    // Where a request is one step, its own statements are not seen.
    const statements = this.#design.granularity === 'request' ? undefined : ran;
    const answer = this.#recorder.answered(this.#time.now, number, this.#stores.now(), reply, statements);
    if (ran === undefined && this.#servers.length > 1) answer.fromMemoryOf = server;
    request.answered(answer);
  }

  #invalid(call: number, invalid: InvalidReply): void {
    const message = invalidReplyInWords(invalid);
    const { example } = invalid;
    this.#recorder.add({ type: 'design-failed', at: this.#time.now, call, how: 'invalid-reply', message, example });
  }

  #failed(call: number | null, error: unknown): void {
    if (error instanceof OutcomeUnknown) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#recorder.add({ type: 'design-failed', at: this.#time.now, call, how: 'threw', message });
  }
}

/** One thing to wait for, as a procedure. */
function* waitFor(waiting: Waiting): Procedure<unknown> {
  return yield waiting;
}
