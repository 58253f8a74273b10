/** A race in memory: the in-process server of a design, each of whose statements to a store is a step. */
import type { Command } from '../../core/command.ts';
import { UsageError } from '../../core/failures.ts';
import type { Reply } from '../../core/reply.ts';
import type { Fingerprint } from '../../core/seat.ts';
import { formatDuration, START, type Instant } from '../../core/time.ts';
import { unreachable } from '../../core/unreachable.ts';
import { hasRequest, REQUESTS, type Design } from '../../designs/design.ts';
import type { Host, Procedure, ServerProcess, Waiting } from '../../service/procedure.ts';
import type { SessionService } from '../../service/port.ts';
import { randomFrom } from '../../service/random.ts';
import { MemoryStore } from '../../service/store.ts';
import { currentActor } from './actor.ts';
import type { RaceTools } from './call.ts';
import { LICENSE } from '../../designs/sql/system.ts';
import { memoryGround } from './ground.ts';
import { stepOf } from './local-step.ts';
import type { Place } from './stage.ts';

/** Throws `UsageError` for a design in SQL. */
export function inMemory(design: Design): Place {
  const { serve } = design;
  if (serve === null) {
    throw new UsageError(
      `${design.name} is a design in SQL, which runs on a Postgres only; race it with --on postgres`,
    );
  }
  let server = new Server(design, serve);
  /** The commands that bring the seat into its state: a process cannot be copied, so each execution repeats them. */
  let prepared: readonly Prepared[] = [];
  let beginning: Instant = START;
  const renew = async (): Promise<void> => {
    server = new Server(design, serve);
    await server.boot();
    for (const { command, at } of prepared) {
      server.now = at;
      await server.alone(command);
    }
    server.now = beginning;
  };
  return {
    name: design.name,
    policy: design.policy,
    keepsRule: design.keepsRule,
    errors: design.errors ?? [],
    has: (request) => hasRequest(design, request),
    fault: null,
    ground: memoryGround(renew, (to) => {
      server.now = to;
    }),
    service: ({ step }) => serviceOf(design, (command) => server.handle(command, step)),
    async begin(_, prepare) {
      [prepared, beginning] = [[], START];
      await renew();
      const said: Prepared[] = [];
      beginning = await prepare({
        service: serviceOf(design, (command) => {
          said.push({ command, at: server.now });
          return server.alone(command);
        }),
        setClock: (to) => {
          server.now = to;
          return Promise.resolve();
        },
      });
      prepared = said;
    },
    rows: () => Promise.resolve(server.rows()),
    rowsTellAll: false,
    atRest: () => Promise.resolve(serviceOf(design, (command) => server.alone(command))),
    giveUp: () => Promise.resolve(),
  };
}

interface Prepared {
  readonly command: Command;
  readonly at: Instant;
}

type Step = RaceTools['step'];

const AT_ONCE: Step = async (_label, work) => work();

/** One process of the design's server, and its stores. */
class Server {
  now: Instant = START;
  readonly #stores: ReadonlyMap<string, MemoryStore>;
  readonly #decides: MemoryStore;
  readonly #process: ServerProcess;
  /** What presents each session as its device: later requests of a session name only the session. */
  readonly #callers = new Map<string, Fingerprint>();
  /** Work that goes on after the answer of its command. */
  readonly #spawned = new Set<Promise<unknown>>();

  constructor({ stores, policy }: Design, serve: (host: Host) => ServerProcess) {
    this.#stores = new Map(stores.map((name) => [name, new MemoryStore([LICENSE])]));
    this.#decides = this.#store(stores[0] ?? '');
    this.#process = serve({
      policy,
      server: 1,
      now: () => this.now,
      random: randomFrom(1),
      lives: () => true,
      wait: (waiting, done) => {
        const actor = currentActor();
        this.#perform(waiting, actor === undefined ? AT_ONCE : stepOf(actor)).then(
          (value) => done({ value }),
          (error: unknown) => done({ error }),
        );
      },
      atOnce: ({ store, run }) => run(this.#store(store), this.now),
    });
  }

  rows(): ReturnType<MemoryStore['rows']> {
    return this.#decides.rows();
  }

  async boot(): Promise<void> {
    if (this.#process.boot !== undefined) await this.#drive(this.#process.boot(), AT_ONCE);
  }

  /** A command with no other under way, and everything that it leaves to go on by itself. */
  async alone(command: Command): Promise<Reply> {
    const reply = await this.handle(command, AT_ONCE);
    while (this.#spawned.size > 0) await Promise.all(this.#spawned);
    return reply;
  }

  handle(command: Command, step: Step): Promise<Reply> {
    if (command.type === 'start') this.#callers.set(command.session, command.device);
    const caller =
      command.type === 'start'
        ? command.device
        : 'session' in command
          ? (this.#callers.get(command.session) ?? null)
          : null;
    return this.#drive(this.#process.handle(command, caller), step);
  }

  async #drive<R>(procedure: Procedure<R>, step: Step): Promise<R> {
    let turn = procedure.next();
    while (turn.done !== true) {
      let value: unknown;
      let failure: { readonly error: unknown } | null = null;
      try {
        value = await this.#perform(turn.value, step);
      } catch (error) {
        failure = { error };
      }
      turn = failure === null ? procedure.next(value) : procedure.throw(failure.error);
    }
    return turn.value;
  }

  #perform(waiting: Waiting, step: Step): Promise<unknown> {
    switch (waiting.type) {
      case 'statement':
        return step(
          waiting.label,
          () => waiting.run(this.#store(waiting.store), this.now),
          waiting.access === 'write' ? 'writes' : 'reads',
        );
      case 'pause':
        // Time is the explorer's, so a pause is only a place at which other calls may come.
        return step(`wait ${formatDuration(waiting.lasts)}`, () => undefined);
      case 'promise':
        return waiting.promise;
      case 'spawn': {
        const spawned = this.#drive(waiting.procedure, step)
          .catch(() => undefined)
          .finally(() => this.#spawned.delete(spawned));
        this.#spawned.add(spawned);
        return Promise.resolve();
      }
      default:
        return unreachable(waiting);
    }
  }

  #store(name: string): MemoryStore {
    const store = this.#stores.get(name);
    if (store === undefined) throw new Error(`there is no store '${name}'`);
    return store;
  }
}

function serviceOf(design: Design, handle: (command: Command) => Promise<Reply>): SessionService {
  const methods = REQUESTS.filter((request) => hasRequest(design, request)).map((request) => [request, handle]);
  return Object.fromEntries(methods) as SessionService;
}
