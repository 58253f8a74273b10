/** How a race is run, and the exploration that follows from it. */
import type { ExploreOptions } from './explore.ts';
import type { Staged } from './stage.ts';

export interface RaceOptions extends Pick<
  ExploreOptions,
  'mode' | 'mostSchedules' | 'mostTime' | 'check' | 'patience'
> {
  /** Whether a finding is looked for in fewer calls and with fewer switches; by default it is. */
  readonly minimise?: boolean;
  /** Whether to stop at the first order that breaks something. */
  readonly stopAtFirst?: boolean;
  /** How many findings are made small and told in full. */
  readonly mostFindings?: number;
}

/** What an exploration of this case is made of. */
export function explorationOf({ now, clock, raceCase, place }: Staged): ExploreOptions {
  return {
    now,
    clock,
    crashes: raceCase.extras.includes('crash'),
    lostAnswers: raceCase.extras.includes('lost'),
    look: () => place.rows(),
  };
}

/** Without what is undefined, as optional properties want it. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
