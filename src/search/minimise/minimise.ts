/** Makes a Script that breaks a law as short and as round as it can be while it still breaks that law. */
import type { Instant } from '../../core/time.ts';
import type { Script } from '../../world/script.ts';
import { isSimpler, roughnessOf, roundingOf } from './roughness.ts';
import { endingAt, withFewerActors, withoutSteps, withRounderTimes, withStillerSurroundings } from './simpler.ts';

export interface Minimised {
  readonly script: Script;
  /** How many candidates were played. */
  readonly played: number;
  /** Whether nothing simpler was left to try; false where the bound was met. */
  readonly complete: boolean;
}

/** When the law breaks in this Script; null where it does not. */
export type Breaks = (script: Script) => Promise<Instant | null>;

/** How many candidates are played at most. */
const MOST_PLAYED = 4_000;

/**
 * Delta debugging: of the candidates that are simpler, the first that still breaks the law is taken, and so on until none
 * does. Deterministic, and bounded by `most`.
 */
export async function minimise(script: Script, breaks: Breaks, most = MOST_PLAYED): Promise<Minimised> {
  const search = new Search(script, breaks, most);
  await search.run();
  return { script: search.best, played: search.played, complete: search.played < most };
}

class Search {
  best: Script;
  played = 0;
  readonly #breaks: Breaks;
  readonly #most: number;
  readonly #round: ReturnType<typeof roundingOf>;

  constructor(script: Script, breaks: Breaks, most: number) {
    this.best = script;
    this.#breaks = breaks;
    this.#most = most;
    this.#round = roundingOf(
      script.policy,
      script.cast.map(({ client }) => client),
    );
  }

  async run(): Promise<void> {
    await this.#endEarly();
    let went = true;
    while (went && this.played < this.#most) {
      went = await this.#dropSteps();
      went = (await this.#takeAll(withFewerActors)) || went;
      went = (await this.#takeAll(withStillerSurroundings)) || went;
      went = (await this.#takeAll(withRounderTimes)) || went;
      await this.#endEarly();
    }
  }

  /** Nothing that comes after the law broke has anything to do with it. */
  async #endEarly(): Promise<void> {
    const at = await this.#breaks(this.best);
    if (at !== null && at < this.best.until) await this.#try(endingAt(this.best, at));
  }

  /** Long stretches first, so that many steps go at once. */
  async #dropSteps(): Promise<boolean> {
    let went = false;
    for (let length = this.best.steps.length >> 1; length >= 1; length >>= 1) {
      while (await this.#takeFirst(withoutSteps(this.best, length))) went = true;
    }
    return went;
  }

  async #takeAll(candidates: (script: Script) => Iterable<Script>): Promise<boolean> {
    let went = false;
    while (await this.#takeFirst(candidates(this.best))) went = true;
    return went;
  }

  async #takeFirst(candidates: Iterable<Script>): Promise<boolean> {
    for (const candidate of candidates) {
      if (this.played >= this.#most) return false;
      if (await this.#try(candidate)) return true;
    }
    return false;
  }

  async #try(candidate: Script): Promise<boolean> {
    if (candidate.steps.length === 0 || candidate.cast.length === 0) return false;
    if (!isSimpler(roughnessOf(candidate, this.#round), roughnessOf(this.best, this.#round))) return false;
    this.played += 1;
    if ((await this.#breaks(candidate)) === null) return false;
    this.best = candidate;
    return true;
  }
}
