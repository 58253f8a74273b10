/** A client for programs: the rule of `agent`, with timers, a transport and the work itself around it. */
import { randomUUID } from 'node:crypto';
import { agent, dueAt } from '../core/agent.ts';
import {
  FRESH_AGENT,
  type AgentEffect,
  type AgentInput,
  type AgentState,
  type StopReason,
} from '../core/agent/state.ts';
import type { ClientConfig } from '../core/client.ts';
import type { EndCommand, HeartbeatCommand, StartCommand } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint, Scope, SessionId, Term } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import { Credentials } from './credentials.ts';
import { clockOfThisMachine, type ClientClock } from './client-clock.ts';

export interface ClientOptions {
  /** Its rules; `clientOf(policy)` gives those that a policy wants. */
  readonly config: ClientConfig;
  /** 16 hex digits that every process on the machine shares, and every start of it. */
  readonly device: Fingerprint;
  readonly scope: Scope;
  /**
   * Sends a command to the server. A promise that rejects, or never settles, is no answer; so is what is no reply. An
   * answer that comes late is used as far as it still can be.
   */
  readonly transport: (command: StartCommand | HeartbeatCommand | EndCommand) => Promise<Reply>;
  readonly work: Work;
  /** Shows the user a text. */
  readonly show?: (notice: string) => void;
  /** By default the clocks of this machine. */
  readonly clock?: ClientClock;
  /** Makes an id that nobody has used. By default a random UUID. */
  readonly newSession?: () => SessionId;
}

/** What the license is for. An error of either is not caught: whether anything still runs, only the program can know. */
export interface Work {
  /** Begins it. What it writes elsewhere should carry the term, so that a late writer can be told. */
  readonly begin: (lease: {
    readonly scope: Scope;
    readonly session: SessionId;
    /** Null where the service tells none. */
    readonly term: Term | null;
  }) => void;
  /** Ends it. The promise says that nothing runs any more; until then the license is not given back. */
  readonly stop: (why: StopReason) => Promise<void>;
}

export interface RunningClient {
  /** The user wants to work. Ignored while it runs already, or is not done with stopping. */
  start(): void;
  /** The same, and the user agrees to end the session that the last refusal named. */
  takeOver(): void;
  /** The user has enough. The promise is kept when the work is at rest, and the license given back as far as can be. */
  stop(): Promise<void>;
  /** The machine has slept, as an event of the operating system says; without one, it finds out within a second. */
  wake(): void;
  readonly state: AgentState;
}

/** How often it looks whether the machine slept, and by how much the wall clock must then be ahead. Milliseconds. */
const LOOK_EVERY = 1_000;
const SLEPT = 1_000;

/** A longer delay would be over at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

export function runClient(options: ClientOptions): RunningClient {
  const client = new Client(options);
  return {
    start: () => client.start(false),
    takeOver: () => client.start(true),
    stop: () => client.stop(),
    wake: () => client.input({ type: 'wake' }),
    get state() {
      return client.state;
    },
  };
}

class Client {
  state: AgentState = FRESH_AGENT;
  readonly #options: ClientOptions;
  readonly #clock: ClientClock;
  readonly #credentials = new Credentials();
  /** Inputs that came while another one was carried out: work that begins may stop its own client. */
  readonly #inputs: AgentInput[] = [];
  #busy = false;
  #timer: unknown = null;
  /** How far the wall clock was ahead when it was looked at last. */
  #ahead: number;
  #untilIdle: (() => void)[] = [];

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? clockOfThisMachine(options.config.clock);
    this.#ahead = this.#wallAhead();
  }

  start(takeOver: boolean): void {
    const { scope, device, newSession = randomUUID } = this.#options;
    this.input({ type: 'start', scope, session: newSession(), device, takeOver });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#untilIdle.push(resolve);
      this.input({ type: 'stop' });
    });
  }

  input(input: AgentInput): void {
    if (input.type !== 'wake' && this.#hasSlept()) this.#inputs.push({ type: 'wake' });
    this.#inputs.push(input);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) this.#take(next);
    } finally {
      this.#busy = false;
      this.#plan();
    }
    if (this.state.phase === 'idle') for (const resolve of this.#untilIdle.splice(0)) resolve();
  }

  #take(input: AgentInput): void {
    const { state, effects } = agent(this.state, input, this.#options.config, this.#now());
    this.state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: AgentEffect): void {
    const { work, show } = this.#options;
    switch (effect.type) {
      case 'send':
        void this.#send(effect);
        break;
      case 'begin-work':
        work.begin({ scope: effect.scope, session: effect.session, term: effect.term });
        break;
      case 'stop-work':
        void work.stop(effect.why).then(() => this.input({ type: 'at-rest' }));
        break;
      case 'show':
        show?.(effect.notice);
        break;
    }
  }

  async #send({ request, command }: Extract<AgentEffect, { type: 'send' }>): Promise<void> {
    const sentAt = this.#now();
    let reply: Reply;
    try {
      reply = await this.#options.transport(this.#credentials.address(command, this.#options.device));
    } catch {
      // No answer: the rule sends it again when the time of this attempt is up.
      return;
    }
    if (!isReply(reply)) return;
    this.#credentials.learn(command, reply);
    this.input({ type: 'answer', request, sentAt, reply });
  }

  /** The one timer: for what is due next, and at work also to see whether the machine slept. */
  #plan(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    const due = dueAt(this.state, this.#options.config);
    if (due === null) return;
    const { phase } = this.state;
    const longest = phase === 'working' ? LOOK_EVERY : LONGEST_DELAY;
    const delay = Math.min(longest, Math.max(0, Math.ceil(due - this.#now())));
    this.#timer = this.#clock.setTimeout(() => this.input({ type: 'time' }), delay);
    // What waits for the user must end before the program does; a heartbeat alone keeps no program running.
    if (phase === 'working' || phase === 'fenced') unref(this.#timer);
  }

  #now(): Instant {
    return this.#clock.now() as Instant;
  }

  #wallAhead(): number {
    return this.#clock.wall() - this.#clock.now();
  }

  /** A wall clock that was set forward looks the same, and costs one question to the server. */
  #hasSlept(): boolean {
    const before = this.#ahead;
    this.#ahead = this.#wallAhead();
    return this.#ahead - before >= SLEPT;
  }
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref();
}
