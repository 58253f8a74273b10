/** The steps that were begun and are not over: who waits for whom, and who goes on first when somebody lets go of several. */
import { mayRelease, together, type Footprint } from './footprint.ts';
import type { RaceFault } from './fault.ts';
import type { Ground } from './ground.ts';
import { settle, type Open } from './settle.ts';
import type { StepEnd } from './step.ts';

/** Those that have got on because of an event. */
export interface GoneOn {
  /** In the order in which they did. */
  readonly over: readonly Open[];
  /** Who went on first, each time that several could. */
  readonly wakes: readonly number[];
  /** Other `wakes` that could have been asked for. */
  readonly others: readonly (readonly number[])[];
  /** Whether the server chose who went on first. */
  readonly chosen: boolean;
}

const NOBODY: GoneOn = { over: [], wakes: [], others: [], chosen: false };

/** The server let others go than the order says that is to be played. */
export class WokeAnother extends Error {}

export class Waiting {
  readonly #ground: Ground;
  readonly #patience: number;
  readonly #tooSlow: (open: Open) => RaceFault;
  /** In the order in which they were begun. */
  #opens: Open[] = [];

  constructor(ground: Ground, patience: number, tooSlow: (open: Open) => RaceFault) {
    this.#ground = ground;
    this.#patience = patience;
    this.#tooSlow = tooSlow;
  }

  get opens(): readonly Open[] {
    return this.#opens;
  }

  isWaiting(actor: number): boolean {
    return this.#opens.some((open) => open.actor === actor);
  }

  /** Directly, or because somebody does whom the actor keeps waiting. */
  isWaitedFor(actor: number): boolean {
    const waiting = new Set([actor]);
    for (let size = 0; size < waiting.size;) {
      size = waiting.size;
      for (const open of this.#opens) if (open.waitsFor.some((other) => waiting.has(other))) waiting.add(open.actor);
    }
    return waiting.size > 1;
  }

  /** Until the step is over, or waits. */
  async begin(open: Open): Promise<void> {
    this.#opens.push(open);
    await settle(this.#opens, open, this.#ground, this.#patience, this.#tooSlow);
    if (open.end !== null) this.#opens = this.#opens.filter((each) => each !== open);
    else if (this.#opens.some(({ held }) => held)) this.#hold(open);
  }

  /** One who waits alone goes on when it may, and nobody minds; of several, each is held until it is its turn. */
  hold(): void {
    if (this.#ground.holder === null || this.#opens.length < 2) return;
    for (const open of this.#opens) this.#hold(open);
  }

  letGo(): void {
    for (const open of this.#opens) this.#letGo(open);
  }

  /** Lets those go on who can after an event that touched this, by these actors. Throws `WokeAnother`. */
  async goOn(footprint: Footprint, by: readonly number[], wakes: readonly number[]): Promise<GoneOn> {
    const concerns = this.#opens.some(({ waitsFor }) => waitsFor.some((actor) => by.includes(actor)));
    if (!concerns || !mayRelease(footprint)) return NOBODY;
    if (this.#opens.some(({ held }) => held)) return this.#oneByOne(wakes);
    // Whom this server lets go on first cannot be asked for.
    if (wakes.length > 0) throw new WokeAnother();
    const waitedForIt = this.#opens.filter(({ waitsFor }) => waitsFor.every((actor) => by.includes(actor))).length;
    const over = await this.#asTheServerLikes();
    return { ...NOBODY, over, chosen: over.length > 1 || (over.length === 1 && waitedForIt > 1) };
  }

  async #oneByOne(asked: readonly number[]): Promise<GoneOn> {
    const over: Open[] = [];
    const wakes: number[] = [];
    const others: (readonly number[])[] = [];
    for (;;) {
      const free = await this.#free();
      const [first] = free;
      if (first === undefined) return { over, wakes, others, chosen: false };
      let next = first;
      if (free.length > 1) {
        const wanted = asked[wakes.length] ?? first.actor;
        const found = free.find(({ actor }) => actor === wanted);
        if (found === undefined) throw new WokeAnother();
        next = found;
        if (wakes.length >= asked.length) {
          for (const { actor } of free) if (actor !== wanted) others.push([...wakes, actor]);
        }
        wakes.push(wanted);
      }
      this.#letGo(next);
      await settle(this.#opens, next, this.#ground, this.#patience, this.#tooSlow);
      if (next.end === null) this.#hold(next);
      else over.push(...this.#takeOver());
    }
  }

  /** Those that are held and wait for nobody any more. */
  async #free(): Promise<readonly Open[]> {
    const blockers = await this.#ground.blockers(this.#opens.flatMap(({ step }) => step.pid() ?? []));
    return this.#opens.filter(({ step }) => blockers.get(step.pid() ?? 0)?.length === 0);
  }

  async #asTheServerLikes(): Promise<readonly Open[]> {
    await settle(this.#opens, null, this.#ground, this.#patience, this.#tooSlow);
    const over = this.#takeOver();
    if (over.length === 0) return [];
    const touched = together(over.map(({ end }) => (end as StepEnd).footprint));
    const further = this.#opens.some(({ waitsFor }) =>
      waitsFor.some((actor) => over.some((each) => each.actor === actor)),
    );
    return further && mayRelease(touched) ? [...over, ...(await this.#asTheServerLikes())] : over;
  }

  #takeOver(): readonly Open[] {
    const over = this.#opens.filter(({ end }) => end !== null);
    this.#opens = this.#opens.filter(({ end }) => end === null);
    return over;
  }

  #hold(open: Open): void {
    const pid = open.step.pid();
    if (pid === null) return;
    open.held = true;
    this.#ground.holder?.hold([pid]);
  }

  #letGo(open: Open): void {
    const pid = open.step.pid();
    if (!open.held || pid === null) return;
    open.held = false;
    this.#ground.holder?.letGo([pid]);
  }
}
