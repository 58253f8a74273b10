/** One performance of a Script: what each action sends, what is learnt from the answer, and what is written down of it. */
import type { Command } from '../core/command.ts';
import { isUsageError, UsageError } from '../core/failures.ts';
import type { Reply, StartReply } from '../core/reply.ts';
import type { Instant } from '../core/time.ts';
import type { History, HistoryEvent, SeatRow } from '../history/history.ts';
import type { Deployment } from '../service/port.ts';
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

/** Time is the caller's business: it says when a step or a sweep is due, one at a time. */
export class Performance {
  readonly #script: Script;
  readonly #deployment: Deployment;
  readonly #options: PlayOptions;
  readonly #memory: Memory;
  readonly #events: HistoryEvent[] = [];
  readonly #held = new Map<string, SeatRow['seat']>();
  #calls = 0;

  constructor(script: Script, deployment: Deployment, options: PlayOptions) {
    this.#script = script;
    this.#deployment = deployment;
    this.#options = options;
    this.#memory = new Memory(script.cast);
  }

  async step(step: Step, index: number): Promise<void> {
    await this.#deployment.setClock(step.at);
    try {
      await this.#perform(step, index);
    } catch (error) {
      if (isUsageError(error) && error.place === null) throw new UsageError(error.message, step.place);
      throw error;
    }
    await this.#writeHeld(step.at);
  }

  async sweep(at: Instant): Promise<void> {
    await this.#deployment.setClock(at);
    const call = this.#called(at, null, null, 0, { type: 'sweep' });
    this.#answered(at, call, await this.#deployment.service.sweep({ type: 'sweep' }), true);
    await this.#writeHeld(at);
  }

  finish(): History {
    const { title, policy, cast, until } = this.#script;
    this.#events.push({ type: 'end', at: until });
    return { title, on: this.#deployment.name, policy, cast, clocks: [], stores: null, events: this.#events };
  }

  async #perform(step: Step, index: number): Promise<void> {
    const positions = this.#options.order?.get(index) ?? step.actions.keys();
    // All calls leave before any is answered: that is what makes them concurrent, in the History too.
    const answering = [...positions].flatMap((position) => {
      const action = step.actions[position];
      return action === undefined ? [] : this.#beginOrSkip(step.at, index, position, action);
    });
    const { concurrent, overlap } = this.#deployment;
    if (!concurrent || answering.length < 2) for (const answer of answering) await answer();
    else if (overlap !== undefined && step.actions.every(isCommand)) await overlap(answering);
    else await Promise.all(answering.map((answer) => answer()));
  }

  #beginOrSkip(at: Instant, step: number, position: number, action: Action): readonly (() => Promise<void>)[] {
    try {
      return [this.#begin(at, step, position, action)];
    } catch (error) {
      const { impossible = 'reject' } = this.#options;
      if (!isUsageError(error) || impossible === 'reject') throw error;
      if (impossible !== 'skip') impossible(new UsageError(error.message, this.#script.steps[step]?.place));
      return [];
    }
  }

  /** Sends what the action sends, and returns how to carry it out and take its answer. */
  #begin(at: Instant, step: number, position: number, action: Action): () => Promise<void> {
    switch (action.type) {
      case 'start': {
        const command = this.#memory.startCommand(action);
        const arrived = action.answer === 'arrives';
        return this.#send(at, action.actor, step, position, command, arrived, (reply) => {
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
          this.#memory.namingCommand(action),
          action.answer === 'arrives',
        );
      case 'status':
        return this.#send(at, action.actor, step, position, { type: 'status', scope: action.scope }, true);
      case 'sweep':
        return this.#send(at, null, step, position, { type: 'sweep' }, true);
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
    learn: (reply: Reply) => void = () => undefined,
  ): () => Promise<void> {
    const call = this.#called(at, actor, step, position, command);
    return async () => {
      const reply = await send(this.#deployment.service, command);
      this.#answered(at, call, reply, arrived);
      learn(reply);
    };
  }

  #called(at: Instant, actor: string | null, step: number | null, action: number, command: Command): number {
    const call = this.#calls++;
    this.#events.push({ type: 'called', at, sent: at, call, actor, step, action, command });
    return call;
  }

  #answered(at: Instant, call: number, reply: Reply, arrived: boolean): void {
    this.#events.push({ type: 'answered', at, call, storeTime: at, reply, arrived });
  }

  async #writeHeld(at: Instant): Promise<void> {
    const changed = (await this.#deployment.held()).filter((row) => {
      const key = `${row.scope.license}\n${row.scope.symbol}`;
      const before = this.#held.get(key);
      this.#held.set(key, row.seat);
      return before !== row.seat && (before === undefined || JSON.stringify(before) !== JSON.stringify(row.seat));
    });
    if (changed.length > 0)
      this.#events.push({ type: 'held', at, store: this.#deployment.name, atRest: true, seats: changed });
  }
}

function isCommand({ type }: Action): boolean {
  return type === 'start' || type === 'heartbeat' || type === 'end' || type === 'status' || type === 'sweep';
}
