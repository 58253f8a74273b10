/** One call in one execution: its code runs until it announces a step, and goes on when that step was carried out. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { examinable } from '../../service/uncaught.ts';
import { RaceFault } from './fault.ts';
import type { Answer } from './schedule.ts';
import type { Step } from './step.ts';

/** Which call's code is running, so that what it does past its handle can be told of it. */
const running = new AsyncLocalStorage<Actor | undefined>();

/** Turns of the microtask queue; between two statements ordinary code takes fewer. */
const PROMPT = 16;
/** Turns until a reply that was delivered has been written to the client. */
const SENT = 4;
const SOON = Promise.resolve();

export class Actor {
  readonly index: number;
  readonly name: string;
  readonly #steps: Step[] = [];
  /** How many of them arrived before its code ran last. */
  #sorted = 0;
  #answer: Answer | null = null;
  #taken = 0;
  #last: string | null = null;
  #heard: (() => void) | null = null;
  #fault: Error | null = null;
  #abandoned = false;
  /** Steps that it will not take any more. */
  #discarded: Step[] = [];
  /** Whether its code has come to its end, be it listened to or not. */
  #ended = false;

  constructor(index: number, name: string) {
    this.index = index;
    this.name = name;
  }

  /** The steps that it wants to take. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Those of them that can be the next, which are the first of `steps`. */
  get able(): readonly Step[] {
    const first = this.#steps.findIndex((step) => step.first);
    return first === -1 ? this.#steps : this.#steps.slice(0, Math.max(first, 1));
  }

  get answer(): Answer | null {
    return this.#answer;
  }

  /** Why it cannot be raced. */
  get fault(): Error | null {
    return this.#fault;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get taken(): number {
    return this.#taken;
  }

  /** The step that it took last; null before its first. */
  get last(): string | null {
    return this.#last;
  }

  /** Whether its code is no longer listened to: it crashed, or the execution is over. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** Runs the code of the call until its first step. */
  begin(code: () => unknown): void {
    running.run(this, () => {
      (async () => code())().then(
        (value) => this.#settle({ type: 'returned', value }),
        (error: unknown) => this.#settle({ type: 'threw', error: examinable(error) }),
      );
    });
  }

  announce(step: Step): void {
    this.#steps.push(step);
    this.#hear();
  }

  take(at: number): Step {
    const [step] = this.#steps.splice(at, 1);
    if (step === undefined) throw new Error(`${this.name} has no step to take`);
    this.#sorted = this.#steps.length;
    this.#taken += 1;
    this.#last = step.what;
    return step;
  }

  /** Its code stands still from now on, until `discard`. */
  crash(): void {
    this.abandon();
    this.#answer ??= { type: 'crashed' };
  }

  abandon(): void {
    this.#discarded.push(...this.#steps.splice(0));
    this.#abandoned = true;
  }

  /** Keeps a step that was taken and whose caller has crashed meanwhile. */
  discardLater(step: Step): void {
    this.#discarded.push(step);
  }

  /** Lets the code of an abandoned call go on: each of its steps fails. */
  discard(): void {
    for (const step of this.#discarded.splice(0)) step.discard();
  }

  accuse(fault: Error): void {
    this.#fault ??= fault;
    this.#hear();
  }

  /**
   * Until it announces a step, answers, or has nothing more to do. `patience` in milliseconds of real time. `inFlight` says
   * whether something between its clients and the database is under way, after which it may announce another step.
   */
  async quiet(patience: number, after: string | null, inFlight: () => boolean): Promise<void> {
    // Code that waits for nothing but its statements gets on at once, and no timer is needed to watch over it.
    for (let turn = 0; turn < PROMPT && !this.#isQuiet(); turn++) await SOON;
    if (!this.#isQuiet()) await this.#hearing(patience, after);
    for (let turn = 0; turn < SENT; turn++) await SOON;
    // Code that runs on after its answer, or beside it, announces what it does next before anything else happens.
    if (this.#answer !== null) await drained();
    for (const begun = performance.now(); inFlight() && performance.now() - begun < patience;) await drained();
    if (this.#steps.length > this.#sorted + 1) this.#sort();
    this.#sorted = this.#steps.length;
  }

  /** Steps that have arrived together, on several connections, arrive in another order when the same order is played again. */
  #sort(): void {
    const arrived = this.#steps.splice(this.#sorted);
    const text = ({ first, what, key }: Step): string => `${first ? 0 : 1}${what}\n${key}`;
    this.#steps.push(...arrived.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)));
  }

  async #hearing(patience: number, after: string | null): Promise<void> {
    let timer: NodeJS.Timeout | null = null;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#heard = resolve;
        timer = setTimeout(() => reject(this.#neverFinishes(patience, after)), patience);
      });
    } finally {
      this.#heard = null;
      if (timer !== null) clearTimeout(timer);
    }
  }

  #isQuiet(): boolean {
    return this.#steps.length > 0 || this.#answer !== null || this.#fault !== null || this.#abandoned;
  }

  #settle(answer: Answer): void {
    this.#ended = true;
    if (this.#abandoned) return;
    this.#answer = answer;
    this.#hear();
  }

  #hear(): void {
    this.#heard?.();
  }

  #neverFinishes(patience: number, after: string | null): RaceFault {
    return new RaceFault('never-finishes', {
      call: this.name,
      statement: after,
      says: `neither answered nor said another statement within ${patience / 1000} s${after === null ? '' : ' after'}`,
      fix: 'let it wait for nothing but its statements; what else it waits for can be a step of its own: step(label, fn)',
    });
  }
}

/** Lets everything that needs no I/O run to its end, and what has arrived be read. */
export function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The call whose code is running. */
export function currentActor(): Actor | undefined {
  return running.getStore();
}

/** Runs what is ours, although a call's code brought it about. */
export function outsideOfCalls<T>(work: () => T): T {
  // `exit` would switch the hooks of the process off and on again.
  return running.run(undefined, work);
}
