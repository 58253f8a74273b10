/** One performance of a Script: what each action sends, what is learnt from the answer, and what is written down of it. */
import type { ClientRequest, Command } from '../core/command.ts';
import { isUsageError, UsageError } from '../core/failures.ts';
import type { Reply, StartReply } from '../core/reply.ts';
import { FRESH_SEAT, type Scope } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { History, HistoryEvent, SeatRow } from '../history/history.ts';
import type { Deployment, Eventually } from '../service/port.ts';
import { Credentials } from '../service/credentials.ts';
import { send } from '../service/send.ts';
import { Memory } from '../world/memory.ts';
import type { Order } from './orders.ts';
import type { Action, Script, Step } from '../world/script.ts';

export interface PlayOptions {
  /** The order of concurrent actions where the deployment runs one call at a time; by default as written. */
  readonly order?: Order;
  /**
   * What becomes of an action that names a session its actor does not have. A scenario that says so is wrong; in a
   * generated script, whose parts come and go as it is shrunk, it just does not happen; a function is told of it, too. By
   * default `reject`.
   */
  readonly impossible?: 'reject' | 'skip' | ((error: UsageError) => void);
}

/** Has the deployment carry out a command. */
type CarryOut = (command: Command) => Eventually<Reply>;

/** Time is the caller's business: it says when a step or a sweep is due, one at a time. */
export class Performance {
  readonly #script: Script;
  readonly #deployment: Deployment;
  readonly #options: PlayOptions;
  readonly #memory: Memory;
  /** Session ids of the actors differ, so one store serves them all. */
  readonly #credentials = new Credentials();
  readonly #events: HistoryEvent[] = [];
  readonly #held = new Map<string, SeatRow>();
  #calls = 0;

  constructor(script: Script, deployment: Deployment, options: PlayOptions) {
    this.#script = script;
    this.#deployment = deployment;
    this.#options = options;
    this.#memory = new Memory(script.cast);
  }

  async step(step: Step, index: number): Promise<void> {
    const alone = step.actions.length === 1 && step.actions.every(isCommand);
    try {
      await this.#moment(step.at, alone, (carryOut) => this.#perform(step, index, carryOut));
    } catch (error) {
      if (isUsageError(error) && error.place === null) throw new UsageError(error.message, step.place);
      throw error;
    }
  }

  async sweep(at: Instant): Promise<void> {
    await this.#moment(at, true, async (carryOut) => {
      const call = this.#called(at, null, null, 0, { type: 'sweep' });
      this.#answered(at, call, await carryOut({ type: 'sweep' }), true);
    });
  }

  finish(): History {
    const { title, policy, cast, until } = this.#script;
    this.#events.push({ type: 'end', at: until });
    return { title, on: this.#deployment.name, policy, cast, clocks: [], stores: null, events: this.#events };
  }

  /** Sets the clock, does something, and writes down what is held then; for one command in one go, where that can be done. */
  async #moment(at: Instant, oneCommand: boolean, act: (carryOut: CarryOut) => Promise<void>): Promise<void> {
    const { alone } = this.#deployment;
    const seen: { held: readonly SeatRow[] | null } = { held: null };
    if (oneCommand && alone !== undefined) {
      await act(async (command) => {
        const { reply, held } = await alone(at, command);
        seen.held = held;
        return reply;
      });
    } else {
      await this.#deployment.setClock(at);
      await act((command) => send(this.#deployment.service, command));
    }
    // An action that was skipped has told nothing.
    this.#writeHeld(at, seen.held ?? (await this.#deployment.held()));
  }

  async #perform(step: Step, index: number, carryOut: CarryOut): Promise<void> {
    const positions = this.#options.order?.get(index) ?? step.actions.keys();
    // All calls leave before any is answered: that is what makes them concurrent, in the History too.
    const answering = [...positions].flatMap((position) => {
      const action = step.actions[position];
      return action === undefined ? [] : this.#beginOrSkip(step.at, index, position, action, carryOut);
    });
    const { concurrent, overlap } = this.#deployment;
    if (!concurrent || answering.length < 2) for (const answer of answering) await answer();
    else if (overlap !== undefined && step.actions.every(isCommand)) await overlap(answering);
    else await Promise.all(answering.map((answer) => answer()));
  }

  #beginOrSkip(
    at: Instant,
    step: number,
    position: number,
    action: Action,
    carryOut: CarryOut,
  ): readonly (() => Promise<void>)[] {
    try {
      return [this.#begin(at, step, position, action, carryOut)];
    } catch (error) {
      const { impossible = 'reject' } = this.#options;
      if (!isUsageError(error) || impossible === 'reject') throw error;
      if (impossible !== 'skip') impossible(new UsageError(error.message, this.#script.steps[step]?.place));
      return [];
    }
  }

  /** Sends what the action sends, and returns how to carry it out and take its answer. */
  #begin(at: Instant, step: number, position: number, action: Action, carryOut: CarryOut): () => Promise<void> {
    switch (action.type) {
      case 'start': {
        const command = this.#memory.startCommand(action);
        const arrived = action.answer === 'arrives';
        return this.#send(at, action.actor, step, position, command, arrived, carryOut, (reply) => {
          if (arrived) this.#memory.learn(action.actor, action.scope, reply as StartReply);
        });
      }
      case 'heartbeat':
      case 'end':
        return this.#send(
          at,
          action.actor,
          step,
          position,
          this.#addressed(action.actor, this.#memory.namingCommand(action)),
          action.answer === 'arrives',
          carryOut,
        );
      case 'status':
        return this.#send(at, action.actor, step, position, { type: 'status', scope: action.scope }, true, carryOut);
      case 'sweep':
        return this.#send(at, null, step, position, { type: 'sweep' }, true, carryOut);
      case 'crash':
        return () => {
          this.#memory.forget(action.actor);
          this.#events.push({ type: 'crashed', at, actor: action.actor });
          return Promise.resolve();
        };
      case 'restart-server':
        return async () => {
          await this.#deployment.restart();
          this.#events.push({ type: 'server-restarted', at, server: 1 });
        };
      case 'store-fault':
        return async () => {
          await this.#deployment.fault(action.fault);
          this.#events.push({ type: 'store-faulted', at, fault: action.fault });
        };
      case 'empty-store':
        return async () => {
          await this.#deployment.empty();
          this.#events.push({ type: 'store-emptied', at });
        };
      default:
        throw new UsageError(`'${action.type}' needs a client that runs by itself, in a world around the service`);
    }
  }

  #send(
    at: Instant,
    actor: string | null,
    step: number,
    position: number,
    command: Command,
    arrived: boolean,
    carryOut: CarryOut,
    learn: (reply: Reply) => void = () => undefined,
  ): () => Promise<void> {
    const call = this.#called(at, actor, step, position, command);
    return async () => {
      const reply = await carryOut(command);
      this.#answered(at, call, reply, arrived);
      if (command.type !== 'sweep' && command.type !== 'status') this.#credentials.learn(command, reply);
      learn(reply);
    };
  }

  #addressed(actor: string, request: ClientRequest): Command {
    const device = this.#script.cast.find(({ name }) => name === actor)?.fingerprint ?? '';
    return this.#credentials.address(request, device);
  }

  #called(at: Instant, actor: string | null, step: number | null, action: number, command: Command): number {
    const call = this.#calls++;
    this.#events.push({ type: 'called', at, sent: at, call, actor, step, action, command });
    return call;
  }

  #answered(at: Instant, call: number, reply: Reply, arrived: boolean): void {
    this.#events.push({ type: 'answered', at, call, storeTime: at, reply, arrived });
  }

  #writeHeld(at: Instant, held: readonly SeatRow[]): void {
    const rows = [...held, ...this.#forgotten(held)];
    const changed = rows.filter((row) => {
      const key = keyOf(row.scope);
      const before = this.#held.get(key)?.seat;
      this.#held.set(key, row);
      return before !== row.seat && (before === undefined || JSON.stringify(before) !== JSON.stringify(row.seat));
    });
    if (changed.length > 0)
      this.#events.push({ type: 'held', at, store: this.#deployment.name, atRest: true, seats: changed });
  }

  /** The seats that the store held and has no row of any more. */
  #forgotten(held: readonly SeatRow[]): readonly SeatRow[] {
    if (held.length >= this.#held.size) return [];
    const there = new Set(held.map(({ scope }) => keyOf(scope)));
    return [...this.#held].flatMap(([key, { scope }]) => (there.has(key) ? [] : [{ scope, seat: FRESH_SEAT }]));
  }
}

function keyOf({ license, symbol }: Scope): string {
  return `${license}\n${symbol}`;
}

function isCommand({ type }: Action): boolean {
  return type === 'start' || type === 'heartbeat' || type === 'end' || type === 'status' || type === 'sweep';
}
