/** A way through the session model, gone again with the rules themselves: which messages there were, and what must come before what. */
import { agent, dueAt } from '../../../../core/agent.ts';
import { FRESH_AGENT, type AgentInput, type AgentState } from '../../../../core/agent/state.ts';
import type { Fingerprint } from '../../../../core/seat.ts';
import type { Instant } from '../../../../core/time.ts';
import type { Trace } from '../../outcome.ts';
import type { Grid } from '../grid.ts';
import type { ServerRule } from '../server-rule.ts';
import type { SessionModel } from '../session-model.ts';
import type { SessionAction } from '../states/actions.ts';
import { lostTo } from '../states/lost.ts';
import { APART, Distances } from './distances.ts';
import { FollowedServer } from './follow-server.ts';
import type { Distance } from './instants.ts';
import { Post, type Content, type Copy, type Letter } from './letters.ts';
import { alsoDue, inOrder, stamped, stepOf, unstamped, withInstants } from './stamps.ts';

export interface Followed {
  readonly happenings: readonly Happening[];
  readonly letters: readonly Letter[];
  readonly rests: readonly Rest[];
  /** The steps at which work begins or comes to rest, in order. */
  readonly workChanges: readonly number[];
  readonly distances: readonly Distance[];
}

export interface Happening {
  readonly action: SessionAction;
  readonly tick: number;
}

/** Work that is told to stop comes to rest; null where it does not, within this way. */
export interface Rest {
  readonly process: number;
  readonly toldAt: number;
  at: number | null;
}

export interface Member {
  readonly name: string;
  readonly fingerprint: Fingerprint;
}

export function follow(
  model: SessionModel,
  trace: Trace,
  around: { readonly grid: Grid; readonly rule: ServerRule; readonly cast: readonly Member[] },
): Followed {
  const walk = new Walk(model, around);
  let before = trace.initial;
  for (const { action, state } of trace.steps) {
    walk.step(model.table[action]!, before);
    before = state;
  }
  return walk;
}

interface Process extends Member {
  readonly device: Device;
  agent: AgentState;
  starts: number;
  rest: Rest | null;
  /** The last steps that it knows of; and those before, with the agent as it was then. */
  touchedAt: readonly number[];
  before: { readonly agent: AgentState; readonly touchedAt: readonly number[] } | null;
  /** The last step at which it sent something. */
  sentAt: number | null;
}

interface Device {
  /** The step at which it fell asleep; null while it is awake. */
  asleepAt: number | null;
  awakeAt: number;
  /** Ticks for which its clock has stood still; and milliseconds more, for a sleep within one moment. */
  sleptTicks: number;
  sleptMore: number;
}

/** What a Script does to a process comes before its timers of the same instant. */
const FROM_OUTSIDE: ReadonlySet<SessionAction['type']> = new Set(['start', 'stop', 'crash', 'sleep', 'wake']);

class Walk implements Followed {
  readonly happenings: Happening[] = [];
  readonly rests: Rest[] = [];
  readonly workChanges: number[] = [];
  readonly #order: Distances;
  readonly #model: SessionModel;
  readonly #grid: Grid;
  readonly #server: FollowedServer;
  readonly #post: Post;
  readonly #processes: readonly Process[];
  #tick = 0;

  constructor(
    model: SessionModel,
    { grid, rule, cast }: { readonly grid: Grid; readonly rule: ServerRule; readonly cast: readonly Member[] },
  ) {
    this.#model = model;
    this.#grid = grid;
    this.#order = new Distances(grid.unit);
    this.#server = new FollowedServer(model.scene.rules, rule, grid.unit, this.#order);
    this.#post = new Post(model.scene, grid.unit);
    const devices = new Map<number, Device>();
    for (const device of model.scene.deviceOf)
      devices.set(device, { asleepAt: null, awakeAt: -1, sleptTicks: 0, sleptMore: 0 });
    this.#processes = model.scene.deviceOf.map((device, process) => ({
      ...cast[process]!,
      device: devices.get(device)!,
      agent: FRESH_AGENT,
      starts: 0,
      rest: null,
      touchedAt: [],
      before: null,
      sentAt: null,
    }));
  }

  get letters(): readonly Letter[] {
    return this.#post.letters;
  }

  get distances(): readonly Distance[] {
    return this.#order.all;
  }

  step(action: SessionAction, before: Uint8Array): void {
    const index = this.happenings.length;
    if (action.type === 'tick') this.#tick++;
    this.happenings.push({ action, tick: this.#tick });
    this.#order.begin(this.#tick);
    if (action.type === 'sweep') this.#server.sweep(index, this.#tick, this.#model.scene.isDown(before));
    else if (action.type === 'server-down' || action.type === 'server-up') this.#server.serve(index);
    if (!('process' in action)) return;
    const process = this.#processes[action.process]!;
    if ('slot' in action) this.#message(index, process, action, before);
    else this.#process(index, process, action);
  }

  #process(index: number, process: Process, action: Extract<SessionAction, { process: number }>): void {
    switch (action.type) {
      case 'start': {
        this.#touch(index, process);
        if (process.agent.phase === 'idle') process.starts++;
        const session = `${process.name}-${process.starts}`;
        const { symbol, takeOver } = action;
        const scope = this.#model.scene.rules.scopes[symbol]!;
        this.#input(index, process, { type: 'start', scope, session, device: process.fingerprint, takeOver });
        break;
      }
      case 'stop':
        this.#touch(index, process);
        this.#input(index, process, { type: 'stop' });
        break;
      case 'time':
        this.#runTimer(index, process);
        break;
      case 'at-rest':
        this.#touchAtRest(index, process);
        this.#comeToRest(index, process);
        break;
      case 'crash':
        this.#touch(index, process);
        this.#crash(process);
        break;
      case 'sleep':
        for (const each of this.#on(process.device)) this.#touch(index, each);
        process.device.asleepAt = index;
        break;
      case 'wake':
        this.#wake(index, process.device);
        break;
      default:
      // Whoever is cut off: what becomes of its messages shows when they arrive, or don't.
    }
  }

  /** A timer goes off exactly when it is due, or as soon as the machine that slept is awake. */
  #runTimer(index: number, process: Process): void {
    this.#order.readBy(index, process.device.sleptMore);
    const dueIn = (state: AgentState): Instant | null => dueAt(state, this.#grid.client);
    const due = dueIn(process.agent)!;
    const isLate = unstamped(due) < this.#clockOf(process);
    const cause = isLate ? process.device.awakeAt : stepOf(due);
    for (const last of process.touchedAt) this.#order.follows(index, last, cause === last ? 0 : APART);
    process.before = { agent: process.agent, touchedAt: process.touchedAt };
    process.touchedAt = [index];
    this.#order.comesLike(index, cause);
    // Of several timers that are due in this moment, this is the first.
    const others = isLate ? [] : alsoDue(process.agent, due, dueIn).filter((step) => step !== cause);
    this.#order.keep(
      index,
      others.map((step) => ({ step, comes: 'no-sooner' })),
    );
    this.#input(index, process, { type: 'time' });
  }

  /** Two timers of a process are apart only where it matters which goes off first. */
  #touchAtRest(index: number, process: Process): void {
    const { before, touchedAt } = process;
    const toldAt = process.rest?.toldAt ?? null;
    if (before !== null && touchedAt[0] !== toldAt && this.#isSameEitherWay(before.agent, process)) {
      process.touchedAt = before.touchedAt;
      this.#touch(index, process, toldAt);
      process.touchedAt = [...touchedAt, index];
    } else this.#touch(index, process, toldAt);
  }

  #isSameEitherWay(agentBefore: AgentState, process: Process): boolean {
    const now = this.#clockOf(process) as Instant;
    const after = (inputs: readonly ('time' | 'at-rest')[]): string => {
      let state = agentBefore;
      const effects = inputs.flatMap((type) => {
        const step = agent(state, { type }, this.#grid.client, now);
        state = step.state;
        return step.effects;
      });
      return JSON.stringify([withInstants(state, unstamped), effects]);
    };
    return after(['time', 'at-rest']) === after(['at-rest', 'time']);
  }

  #comeToRest(index: number, process: Process): void {
    if (process.rest !== null) process.rest.at = index;
    this.workChanges.push(index);
    process.rest = null;
    this.#input(index, process, { type: 'at-rest' });
  }

  #crash(process: Process): void {
    process.agent = FRESH_AGENT;
    process.rest = null;
    this.#post.orphan(this.#processes.indexOf(process));
  }

  #wake(index: number, device: Device): void {
    const asleepAt = device.asleepAt!;
    const ticks = this.#tick - this.happenings[asleepAt]!.tick;
    // A sleep within one moment is long enough for all that happens in it.
    const more = ticks === 0 ? (index - asleepAt) * APART : 0;
    if (this.#grid.client.clock === 'monotonic') {
      device.sleptTicks += ticks;
      device.sleptMore += more;
    }
    this.#order.lasts(asleepAt, index, ticks * this.#grid.unit + more);
    device.asleepAt = null;
    device.awakeAt = index;
    for (const process of this.#on(device)) {
      this.#touch(index, process);
      if (process.rest !== null) this.#comeToRest(index, process);
      this.#input(index, process, { type: 'wake' });
    }
  }

  #message(
    index: number,
    process: Process,
    { type, process: number, slot }: Extract<SessionAction, { slot: number }>,
    before: Uint8Array,
  ): void {
    const copy = this.#post.copyAt(before, { process: number, slot, tick: this.#tick });
    if (type === 'duplicate') this.#post.double(copy);
    else if (type === 'delay') copy.late = true;
    else {
      this.#post.takeOut(copy);
      const isLost = lostTo(before, number, copy.letter.content, this.#model.scene) !== null;
      if (type !== 'lose' && !isLost) this.#arrive(index, process, copy, type);
    }
  }

  #arrive(index: number, process: Process, { letter, orphan }: Copy, how: 'deliver' | 'fail' | 'interrupt'): void {
    const { sentBy, arrivals, content } = letter;
    arrivals.push(index);
    this.#order.follows(index, sentBy, 0);
    if (content.way === 'answer') {
      this.#touch(index, process, content.asked);
      if (process.device.asleepAt === null) {
        const { request, sentAt, body } = content;
        this.#input(index, process, { type: 'answer', request, sentAt, reply: body });
      }
      return;
    }
    this.#server.serve(index);
    const { request, symbol, sentAt, body: command } = content;
    const store = how === 'fail' ? 'fails' : 'works';
    const body = this.#server.decide(index, this.#tick, {
      command: { ...command, device: process.fingerprint },
      caller: process.fingerprint,
      store,
    });
    if (orphan) return;
    const answer = { way: 'answer', request, symbol, sentAt, body, asked: sentBy } as const;
    const written = this.#post.write(this.#processes.indexOf(process), index, answer);
    // A server that goes down before it answers sends nothing.
    if (how !== 'interrupt') this.#post.send(written, this.#tick);
  }

  #input(index: number, process: Process, input: AgentInput): void {
    const now = stamped(this.#clockOf(process), index);
    const { said, orders } = inOrder({ agent: process.agent, input }, now, (state, at) =>
      agent(state.agent, state.input, this.#grid.client, at),
    );
    this.#order.keep(index, orders);
    process.agent = said.state;
    for (const effect of said.effects) {
      if (effect.type === 'send') {
        const { request, command } = effect;
        const { symbol } = command.scope;
        this.#send(index, process, { way: 'request', request, symbol, sentAt: now, body: command });
      }
      if (effect.type === 'begin-work') this.workChanges.push(index);
      if (effect.type === 'stop-work') this.#stopWork(index, process);
    }
  }

  #stopWork(index: number, process: Process): void {
    const rest: Rest = { process: this.#processes.indexOf(process), toldAt: index, at: null };
    this.rests.push(rest);
    process.rest = rest;
    const isAwake = process.device.awakeAt === index;
    if (isAwake || this.#grid.policy.stopTime === 0) this.#comeToRest(index, process);
  }

  #send(index: number, process: Process, content: Content): void {
    this.#post.send(this.#post.write(this.#processes.indexOf(process), index, content), this.#tick);
    // What is sent at one instant shares its fate.
    if (process.sentAt !== index) this.#order.follows(index, process.sentAt, APART);
    process.sentAt = index;
  }

  #clockOf({ device }: Process): number {
    return (this.#tick - device.sleptTicks) * this.#grid.unit;
  }

  #on(device: Device): readonly Process[] {
    return this.#processes.filter((process) => process.device === device);
  }

  /** A step that a process knows of comes after the last one that it knew of, at once where that is its `cause`, and before its timer goes off. */
  #touch(index: number, process: Process, cause: number | null = null): void {
    this.#order.readBy(index, process.device.sleptMore);
    for (const last of process.touchedAt) this.#order.follows(index, last, last === cause ? 0 : APART);
    process.before = null;
    process.touchedAt = [index];
    if (process.device.asleepAt !== null) return;
    const due = dueAt(process.agent, this.#grid.client);
    if (due === null || unstamped(due) !== this.#clockOf(process)) return;
    const apart = FROM_OUTSIDE.has(this.happenings[index]!.action.type) ? 0 : APART;
    this.#order.precedes(index, stepOf(due), apart);
  }
}
