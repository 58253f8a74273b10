/** One execution: calls whose steps are carried out one after another, in the order that is chosen step by step. */
import type { Instant } from '../../core/time.ts';
import {
  endless,
  inTheBackground,
  isTimeLimit,
  leavesOpen,
  serverLost,
  stuck,
  timeLimit,
  tooSlow,
} from './accusations.ts';
import { Actor } from './actor.ts';
import type { RaceCall } from './call.ts';
import { isRaceFault, type RaceFault } from './fault.ts';
import { together, UNTOUCHED, type Footprint } from './footprint.ts';
import type { Ground } from './ground.ts';
import { stepOf } from './local-step.ts';
import { clockMoved, type Answer, type Choice, type Outcome, type RaceEvent } from './schedule.ts';
import type { Open } from './settle.ts';
import type { Step, StepEnd } from './step.ts';
import { Waiting, type GoneOn } from './waiting.ts';

export interface ExecutionOptions {
  /** The instants to which the clock moves, one step each, in this order. */
  readonly clock: readonly Instant[];
  /** The clock at the beginning. */
  readonly now: Instant;
  readonly crashes: boolean;
  readonly lostAnswers: boolean;
  /** Crashes and lost answers in one execution. */
  readonly mostFaults: number;
  /** Steps of one call. */
  readonly mostSteps: number;
  /** How long, in real milliseconds, a call or the server may take for a step. */
  readonly patience: number;
  /** Whether calls may open connections of their own. */
  readonly mayConnect?: boolean;
  /** Looks at what is stored, whenever no call is under way. */
  readonly look?: (ground: Ground) => Promise<unknown>;
}

export const DEFAULTS: ExecutionOptions = {
  clock: [],
  now: 0 as Instant,
  crashes: false,
  lostAnswers: false,
  mostFaults: 1,
  mostSteps: 200,
  patience: 10_000,
};

/** A call has opened a connection. Its driver may send statements on it that it does not send when it is open already. */
export class ConnectionOpened extends Error {}

export class Execution {
  readonly events: RaceEvent[] = [];
  readonly #ground: Ground;
  readonly #options: ExecutionOptions;
  readonly #actors: readonly Actor[];
  readonly #waiting: Waiting;
  #faults = 0;
  /** Actors whose connection was lost because we cut it. */
  readonly #cut = new Set<number>();
  readonly #inFlight: () => boolean;
  /** What the ground had opened when it began. */
  readonly #opened: number;
  #ticks = 0;
  #clock: Instant;

  private constructor(ground: Ground, actors: readonly Actor[], options: ExecutionOptions) {
    this.#ground = ground;
    this.#actors = actors;
    this.#options = options;
    this.#clock = options.now;
    this.#inFlight = () => ground.inFlight();
    this.#opened = ground.opened;
    this.#waiting = new Waiting(ground, options.patience, (open) =>
      tooSlow(actors[open.actor]?.name ?? 'a call', open, options.patience),
    );
  }

  /**
   * Everything is put back, and each call's code has run until its first step. Throws `ConnectionOpened` as soon as a call
   * has opened a connection, unless the options say that connections may be opened.
   */
  static async begin(ground: Ground, calls: readonly RaceCall[], options: ExecutionOptions): Promise<Execution> {
    await ground.reset();
    const actors = calls.map(({ name }, index) => new Actor(index, name));
    const execution = new Execution(ground, actors, options);
    ground.onWaiting?.((actor) => execution.#waiting.isWaitedFor(actor));
    for (const [index, call] of calls.entries()) {
      const actor = actors[index] as Actor;
      const step = stepOf(actor);
      const tools = {
        step,
        // Made when it is asked for: in memory there is none.
        get url() {
          return ground.database(actor).url;
        },
        get pool() {
          return ground.database(actor).pool;
        },
      };
      try {
        await execution.#run(actor, null, () => actor.begin(() => call.run(tools)));
        execution.checkConnections();
        execution.checkStrays();
      } catch (error) {
        await execution.giveUp(error);
        throw error;
      }
    }
    return execution;
  }

  /** Throws `ConnectionOpened` where a call has opened a connection, unless the options say that connections may be opened. */
  checkConnections(): void {
    if (this.#ground.opened > this.#opened && this.#options.mayConnect !== true) throw new ConnectionOpened();
  }

  /** Throws `RaceFault` where a call has sent a statement in the background. */
  checkStrays(): void {
    const stray = this.#ground.takeStray();
    if (stray === null) return;
    throw inTheBackground(this.#actors[stray.actor ?? -1]?.name ?? 'a call', stray.statement);
  }

  /** What can be chosen now; the ordinary course of each actor before faults. Empty when nothing can go on. */
  choices(): readonly Choice[] {
    const able = this.#actors.filter(({ steps, index }) => steps.length > 0 && !this.#waiting.isWaiting(index));
    const runs = able.flatMap((actor) => actor.able.map((_, at) => choiceAt(actor.index, 'runs', at)));
    if (this.#ticks < this.#options.clock.length) runs.push({ actor: this.#actors.length, act: 'runs' });
    if (this.#faults >= this.#options.mostFaults) return runs;
    const { crashes, lostAnswers } = this.#options;
    const faults = able.flatMap(({ index, able: steps, taken }): Choice[] => [
      ...(crashes && taken > 0 ? [choiceAt(index, 'crashes', 0)] : []),
      ...steps.flatMap((step, at) =>
        lostAnswers && step.lasting()
          ? [choiceAt(index, 'loses-answer', at), choiceAt(index, 'loses-statement', at)]
          : [],
      ),
    ]);
    return [...runs, ...faults];
  }

  /** Whether it can be chosen now. That somebody dies while waiting can be where he can go on: it is seen that he waits. */
  can({ actor, act, step }: Choice): boolean {
    const needed = act === 'dies-waiting' ? 'runs' : act;
    return this.choices().some((choice) => choice.actor === actor && choice.act === needed && choice.step === step);
  }

  /** What the actor would do next, to see whether it is what it did before. */
  nextOf({ actor, step = 0 }: Choice): string | null {
    return actor === this.#actors.length ? 'clock' : (this.#actors[actor]?.steps[step]?.what ?? null);
  }

  answers(): readonly (Answer | null)[] {
    return this.#actors.map(({ answer }) => answer);
  }

  /** Whether every call has come to its end; otherwise, with nothing to choose, they are stuck. */
  get complete(): boolean {
    return (
      this.#waiting.opens.length === 0 &&
      this.#actors.every(({ answer, steps }) => answer !== null && steps.length === 0)
    );
  }

  /** Throws `WokeAnother` where those do not go on that the choice wants to. */
  async take(choice: Choice): Promise<RaceEvent> {
    this.#waiting.hold();
    let event: RaceEvent;
    try {
      event = await this.#take(choice);
    } finally {
      this.#waiting.letGo();
    }
    this.checkStrays();
    const { look } = this.#options;
    const seen = look !== undefined && this.#isAtRest() ? await look(this.#ground) : undefined;
    this.events.push(seen === undefined ? event : { ...event, seen });
    return event;
  }

  /** Lets calls of an execution that goes no further come to their end, so that their clients return to their pools. */
  async end(): Promise<void> {
    for (let choice = this.choices()[0]; choice !== undefined; choice = this.choices()[0]) await this.take(choice);
    if (this.#actors.some(({ abandoned }) => abandoned)) await this.#ground.bury(this.#actors);
  }

  /** Ends an execution because of an error. A connection that was opened stays open when the calls come to their end. */
  async giveUp(error: unknown): Promise<void> {
    // What went wrong first is what is reported.
    await (error instanceof ConnectionOpened ? this.end() : this.abandon()).catch(() => undefined);
  }

  /** Ends an execution in which something went wrong. */
  async abandon(): Promise<void> {
    const { complete } = this;
    for (const actor of this.#actors) actor.abandon();
    for (const { actor, step } of this.#waiting.opens) this.#actors[actor]?.discardLater(step);
    if (!complete) await this.#ground.abandon();
    await this.#ground.bury(this.#actors);
  }

  /** Says who is stuck, when nothing can go on and not everybody has come to an end. */
  stuck(): RaceFault {
    return stuck(this.#actors, this.#waiting.opens[0]);
  }

  async #take(choice: Choice): Promise<RaceEvent> {
    const { actor: index, act } = choice;
    if (index === this.#actors.length) return this.#tick();
    const actor = this.#actors[index];
    const at = choice.step ?? 0;
    const next = actor?.steps[at];
    if (actor === undefined || next === undefined) throw new Error(`actor ${index} has nothing to do`);
    if (act !== 'runs') this.#faults += 1;
    if (act !== 'runs') this.#cut.add(index);
    if (act === 'crashes') return this.#crash(actor, choice, next);
    if (actor.taken >= this.#options.mostSteps) throw endless(actor, next);
    const mayWait = next.kind === 'statement' && this.#ground.mayWait(actor, next.what, next.pid());
    const step = actor.take(at);
    if (act === 'loses-statement') return this.#after(actor, choice, step, await step.cut());
    const [loses, dies] = [act === 'loses-answer', act === 'dies-waiting'];
    const open: Open = {
      actor: index,
      step,
      end: null,
      waitsFor: [],
      loses,
      dies,
      held: false,
      mayWait,
      running: Promise.resolve(),
    };
    open.running = this.#carryOut(open);
    await this.#waiting.begin(open);
    const { end } = open as Pick<Open, 'end'>;
    if (end !== null) this.#checkEnd(actor, step, end);
    if (dies) actor.crash();
    const gone = dies ? await this.#ground.cut(actor) : UNTOUCHED;
    if (end !== null) return this.#after(actor, choice, step, { ...end, footprint: together([end.footprint, gone]) });
    const waiting = { outcome: null, footprint: together([step.wanted(), gone]), deliver: () => undefined };
    return this.#after(actor, choice, step, waiting, open.waitsFor);
  }

  /** Throws `RaceFault` for what a time limit has ended, and `EnvironmentError` when a connection is lost that nobody cut. */
  #checkEnd(actor: Actor, step: Step, { outcome }: StepEnd): void {
    if (outcome.type !== 'failed') return;
    if (isTimeLimit(outcome.code, step.what)) throw timeLimit(actor, step, outcome.message);
    if (outcome.code === 'lost' && !this.#cut.has(actor.index)) throw serverLost(actor, step, outcome.message);
  }

  async #carryOut(open: Open): Promise<void> {
    const { step } = open;
    let end = await step.begin();
    if (open.dies || (open.loses && end.outcome.type === 'done')) {
      const gone = await step.cut();
      end = { ...gone, outcome: end.outcome, footprint: together([end.footprint, gone.footprint]) };
    }
    open.end = end;
  }

  /** Whoever it lets go of goes on, and everybody hears of what came of the steps. */
  async #after(
    actor: Actor,
    choice: Choice,
    step: Step,
    end: Omit<StepEnd, 'outcome'> & { readonly outcome: Outcome | null },
    waitsFor: readonly number[] = [],
  ): Promise<RaceEvent> {
    const gone = await this.#waiting.goOn(end.footprint, [actor.index], choice.wakes ?? []);
    for (const open of gone.over) this.#checkEnd(this.#actors[open.actor] as Actor, open.step, open.end as StepEnd);
    const answered: number[] = [];
    if (end.outcome !== null) await this.#deliver(actor, step, end, answered);
    for (const open of gone.over) {
      await this.#deliver(this.#actors[open.actor] as Actor, open.step, open.end as StepEnd, answered);
    }
    const footprint = together([end.footprint, ...gone.over.map((open) => (open.end as StepEnd).footprint)]);
    return this.#event(actor, choice, step, end.outcome, footprint, { waitsFor, answered, gone });
  }

  async #deliver(actor: Actor, step: Step, end: Pick<StepEnd, 'deliver'>, answered: number[]): Promise<void> {
    if (actor.abandoned) return actor.discardLater(step);
    const before = actor.answer;
    await this.#run(actor, step, end.deliver);
    if (before === null && actor.answer !== null) answered.push(actor.index);
    if (actor.answer === null || actor.steps.length > 0) return;
    const left = this.#ground.leftOpen(actor);
    if (left !== null) throw leavesOpen(actor, step, left);
  }

  /** Lets code of the actor go on until it stands still again. */
  async #run(actor: Actor, step: Step | null, go: () => void): Promise<void> {
    this.#ground.runs(actor);
    try {
      go();
      await actor.quiet(this.#options.patience, step?.what ?? null, this.#inFlight);
    } catch (error) {
      throw this.#ground.whyStuck?.(actor) ?? error;
    } finally {
      this.#ground.runs(null);
    }
    if (actor.fault !== null) throw actor.fault;
    const { answer } = actor;
    if (answer?.type === 'threw' && isRaceFault(answer.error)) throw answer.error;
  }

  async #crash(actor: Actor, choice: Choice, step: Step): Promise<RaceEvent> {
    actor.crash();
    const footprint = await this.#ground.cut(actor);
    return this.#after(actor, choice, step, { outcome: { type: 'unheard' }, footprint, deliver: () => undefined });
  }

  async #tick(): Promise<RaceEvent> {
    const now = this.#options.clock[this.#ticks++] as Instant;
    await this.#ground.setClock(now);
    this.#clock = now;
    return clockMoved(this.#actors.length, now);
  }

  #event(
    actor: Actor,
    choice: Choice,
    step: Step,
    outcome: Outcome | null,
    footprint: Footprint,
    { gone, waitsFor, answered }: Pick<RaceEvent, 'waitsFor' | 'answered'> & { readonly gone: GoneOn },
  ): RaceEvent {
    const { wakes, chosen } = gone;
    const { act, step: at = 0 } = choice;
    const others: Choice[] = gone.others.map((other) => ({ ...choiceAt(actor.index, act, at), wakes: other }));
    const { crashes, mostFaults } = this.#options;
    if (outcome === null && act === 'runs' && crashes && this.#faults < mostFaults) {
      others.push(choiceAt(actor.index, 'dies-waiting', at));
    }
    const event: RaceEvent = {
      ...choiceAt(actor.index, act, at),
      what: step.what,
      kind: step.kind,
      access: step.access(),
      outcome,
      waitsFor,
      released: gone.over.map((open) => ({ actor: open.actor, outcome: (open.end as StepEnd).outcome })),
      others,
      chosen,
      answered,
      clock: this.#clock,
      footprint,
    };
    return wakes.length === 0 ? event : { ...event, wakes };
  }

  /** Whether every call that has begun is over. */
  #isAtRest(): boolean {
    return this.#actors.every(
      ({ taken, answer, steps }) => (taken === 0 && answer === null) || (answer !== null && steps.length === 0),
    );
  }
}

function choiceAt(actor: number, act: Choice['act'], step: number): Choice {
  return step === 0 ? { actor, act } : { actor, act, step };
}
