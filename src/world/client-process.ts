/** A process on a device that wants to work: the client's rule, with timers, a transport and the work itself around it. */
import { agent, dueAt } from '../core/agent.ts';
import { FRESH_AGENT, type AgentEffect, type AgentInput, type AgentState } from '../core/agent/state.ts';
import type { ClientConfig } from '../core/client.ts';
import type { ClientRequest } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint, Scope, Term } from '../core/seat.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Actor } from '../history/history.ts';
import type { Sender } from './exchange.ts';
import type { Machine } from './machine.ts';
import { BY_ITSELF, type Origin, type Recorder } from './recorder.ts';
import type { Resource } from './resource.ts';
import type { Timer, TrueTime } from './time.ts';

export interface ClientSurroundings {
  readonly time: TrueTime;
  readonly recorder: Recorder;
  readonly machine: Machine;
  readonly resource: Resource;
  readonly stopTime: Duration;
  /** What the process presents as its device, at its start of this number. */
  readonly presents: (start: number) => Fingerprint;
  /** Sends a command; `told` may be called never, or more than once. */
  readonly send: (sender: Sender, origin: Origin, request: ClientRequest, told: (reply: Reply) => void) => void;
}

type Work = { readonly scope: Scope; readonly term: Term | null };

export class ClientProcess {
  readonly #actor: Actor;
  readonly #config: ClientConfig;
  readonly #around: ClientSurroundings;
  /** How long its work takes to come to rest. True time. */
  #stopTime: Duration;
  #state: AgentState = FRESH_AGENT;
  #timer: Timer | null = null;
  /** When the timer fires. True time. */
  #planned: number = Infinity;
  /** Counts its lives, so that what was meant for an earlier one is known to be. */
  #life = 0;
  #starts = 0;
  #sessions = 0;
  #work: Work | null = null;
  #resting: Timer | null = null;
  /** Its work was to come to rest while it stood still. */
  #restsOnResume = false;
  /** While it goes on after it stood still: its work rested meanwhile, and has not begun again. */
  #resuming = false;
  /** Why it stands still. */
  readonly #pauses = { hang: 0, sleep: 0 };
  /** What reached it while it hung. */
  #waiting: AgentInput[] = [];
  #origin: Origin = BY_ITSELF;

  constructor(actor: Actor, config: ClientConfig, around: ClientSurroundings) {
    this.#actor = actor;
    this.#config = config;
    this.#around = around;
    this.#stopTime = around.stopTime;
    around.machine.processes.push(this);
  }

  userStarts(scope: Scope, takeOver: boolean, origin: Origin): void {
    if (this.#stands()) return;
    if (this.#state.phase === 'idle') {
      this.#starts += 1;
      this.#sessions += 1;
      this.#origin = origin;
    }
    const session = `${this.#actor.name}-${this.#sessions}`;
    const device = this.#around.presents(this.#starts);
    this.#input({ type: 'start', scope, session, device, takeOver });
  }

  userStops(origin: Origin): void {
    if (this.#stands()) return;
    this.#origin = origin;
    this.#input({ type: 'stop' });
  }

  stopsIn(takes: Duration): void {
    this.#stopTime = takes;
  }

  crash(): void {
    const { time, recorder } = this.#around;
    this.#life += 1;
    this.#state = FRESH_AGENT;
    this.#work = null;
    this.#waiting = [];
    this.#pauses.hang = 0;
    this.#unplan();
    if (this.#resting !== null) time.cancel(this.#resting);
    this.#resting = null;
    this.#restsOnResume = false;
    recorder.add({ type: 'crashed', at: time.now, actor: this.#actor.name });
  }

  hang(lasts: Duration): void {
    const life = this.#life;
    this.pause('hang');
    this.#around.time.in(lasts, () => {
      if (this.#life === life) this.resume('hang');
    });
  }

  pause(why: 'hang' | 'sleep'): void {
    if (!this.#stands()) {
      this.#unplan();
      this.#around.recorder.add({ type: 'paused', at: this.#around.time.now, actor: this.#actor.name, why });
    }
    this.#pauses[why] += 1;
  }

  resume(why: 'hang' | 'sleep'): void {
    this.#pauses[why] -= 1;
    if (why === 'sleep') this.#waiting.unshift({ type: 'wake' });
    if (this.#stands()) return;
    const { time, recorder } = this.#around;
    recorder.add({ type: 'resumed', at: time.now, actor: this.#actor.name });
    const work = this.#work;
    // What it was about to do when it stood still, it does now, whatever became of its session meanwhile.
    if (why === 'hang' && work !== null) this.#tryEffect(work);
    this.#resuming = true;
    // That it slept it is told before anything else, because of all that it knew nothing can be relied on.
    const [first, ...rest] = this.#waiting.splice(0);
    const wokeUp = first?.type === 'wake';
    if (wokeUp) this.#input(first);
    if (this.#restsOnResume) this.#comeToRest();
    // A process that goes on runs its timers before it reads what has come for it.
    if (!wokeUp) this.#input({ type: 'time' });
    if (!wokeUp && first !== undefined) this.#input(first);
    for (const input of rest) this.#input(input);
    this.#resuming = false;
    this.replan();
  }

  /** Its clock was set or has stood still: what is due is due at another true time. */
  replan(): void {
    this.#unplan();
    if (!this.#stands()) this.#plan();
  }

  #stands(): boolean {
    return this.#pauses.hang > 0 || this.#pauses.sleep > 0;
  }

  #now(): Instant {
    return this.#around.machine.read(this.#config.clock);
  }

  #input(input: AgentInput): void {
    const { state, effects } = agent(this.#state, input, this.#config, this.#now());
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    this.#plan();
  }

  #carryOut(effect: AgentEffect): void {
    const { time, recorder } = this.#around;
    const actor = this.#actor.name;
    switch (effect.type) {
      case 'send':
        this.#send(effect.request, effect.command);
        break;
      case 'begin-work': {
        const { scope, session, term } = effect;
        this.#work = { scope, term };
        recorder.add({ type: 'work-began', at: time.now, actor, scope, session, term });
        this.#tryEffect(this.#work);
        break;
      }
      case 'stop-work': {
        recorder.add({ type: 'work-stopping', at: time.now, actor, why: effect.why });
        if (this.#resuming || this.#stopTime === 0) this.#comeToRest();
        else this.#resting = time.in(this.#stopTime, () => this.#restDue());
        break;
      }
      case 'show':
        break;
    }
  }

  #restDue(): void {
    this.#resting = null;
    if (this.#stands()) this.#restsOnResume = true;
    else this.#comeToRest();
  }

  #comeToRest(): void {
    const { time, recorder } = this.#around;
    this.#restsOnResume = false;
    if (this.#work !== null) this.#tryEffect(this.#work);
    this.#work = null;
    recorder.add({ type: 'work-stopped', at: time.now, actor: this.#actor.name });
    this.#receive({ type: 'at-rest' });
  }

  #tryEffect({ scope, term }: Work): void {
    this.#around.resource.tryEffect(this.#actor.name, scope, term);
  }

  #send(request: number, command: ClientRequest): void {
    const sentAt = this.#now();
    const life = this.#life;
    const origin = command.type === 'heartbeat' ? BY_ITSELF : this.#origin;
    const sender = { actor: this.#actor.name, device: this.#around.presents(this.#starts) };
    this.#around.send(sender, origin, command, (reply) => {
      if (this.#life === life) this.#receive({ type: 'answer', request, sentAt, reply });
    });
  }

  /** What comes while the process hangs waits for it; an answer that comes while the machine sleeps is lost. */
  #receive(input: AgentInput): void {
    if (!this.#stands()) this.#input(input);
    else if (this.#pauses.sleep === 0 || input.type !== 'answer') this.#waiting.push(input);
  }

  /** Sets the timer for what is due next, unless it is set for then or earlier: coming too early does no harm. */
  #plan(): void {
    const due = dueAt(this.#state, this.#config);
    if (due === null) return;
    const { machine, time } = this.#around;
    const { monotonic } = machine;
    const wait = due - this.#now();
    const at = monotonic.when((monotonic.read(time.now) + wait) as Instant, time.now);
    if (at >= this.#planned) return;
    this.#unplan();
    this.#planned = at;
    this.#timer = time.at(at, this.#timerFired);
  }

  readonly #timerFired = (): void => {
    this.#timer = null;
    this.#planned = Infinity;
    // What was due has been settled since, as by an answer, and the next thing is due later.
    if (this.#isEarly()) this.#plan();
    else this.#input({ type: 'time' });
  };

  #isEarly(): boolean {
    const due = dueAt(this.#state, this.#config);
    return due !== null && due > this.#now();
  }

  #unplan(): void {
    if (this.#timer !== null) this.#around.time.cancel(this.#timer);
    this.#timer = null;
    this.#planned = Infinity;
  }
}
