/** A scenario: a Script with a title, and what it claims about the laws. */
import { UsageError, type Place } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import { formatInstant, type DurationText } from '../../core/time.ts';
import { validatePolicy } from '../../core/validate-policy.ts';
import { lawByCode } from '../../laws/all.ts';
import type { Script } from '../script.ts';
import { actorOf, performersOf, type DeviceRole } from './cast.ts';
import { reachable, scheduled } from './schedule.ts';
import type { Performer } from './performer.ts';
import { onlyKnown } from './known.ts';
import { callerPlace, placed } from './place.ts';
import type { WrittenStep } from './steps.ts';

export interface ScenarioText<Cast extends Record<string, DeviceRole>> {
  /** The behaviour, as a sentence. */
  readonly title: string;
  /** Where it comes from, or why it matters. */
  readonly about?: string;
  /** Codes of laws that this scenario puts to the test and that must hold. */
  readonly proves?: readonly string[];
  /** Codes of laws that this policy breaks here by its nature. The scenario fails when they hold. */
  readonly breaks?: readonly string[];
  readonly policy: Policy;
  readonly cast: Cast;
  readonly steps: (cast: { readonly [Name in keyof Cast]: Performer }) => readonly (
    WrittenStep | readonly WrittenStep[]
  )[];
  /** How long to observe; by default until the last step. */
  readonly until?: DurationText;
}

/** A scenario that is ready to be played. */
export interface Scenario {
  readonly seatproof: 'scenario';
  readonly about: string | null;
  readonly proves: readonly string[];
  readonly breaks: readonly string[];
  readonly script: Script;
  readonly place: Place | null;
}

const FIELDS = ['title', 'about', 'proves', 'breaks', 'policy', 'cast', 'steps', 'until'];

/** Puts a scenario together. Throws `UsageError`, with the line where it can, for everything that does not fit. */
export function scenario<const Cast extends Record<string, DeviceRole>>(text: ScenarioText<Cast>): Scenario {
  const place = callerPlace();
  return placed(place, () => {
    onlyKnown('a scenario', text, FIELDS);
    if (text.title.trim() === '') {
      throw new UsageError(`a scenario needs a title, for example title: 'a crashed bot frees its license'`);
    }
    validatePolicy(text.policy);
    for (const code of [...(text.proves ?? []), ...(text.breaks ?? [])]) lawByCode(code);
    const cast = Object.entries(text.cast).map(([name, role]) => actorOf(name, role));
    const steps = scheduled(text.steps(performersOf(text.cast)).flat(), cast, text.policy);
    const last = steps.at(-1);
    if (last === undefined) {
      throw new UsageError(`the scenario has no steps; write for example at('0s', bot.starts(), granted())`);
    }
    const until = text.until === undefined ? last.at : reachable(text.until);
    if (until < last.at) {
      throw new UsageError(`until ${text.until} is before the last step at ${formatInstant(last.at)}`);
    }
    return {
      seatproof: 'scenario',
      about: text.about ?? null,
      proves: text.proves ?? [],
      breaks: text.breaks ?? [],
      script: { title: text.title, policy: text.policy, cast, steps, until },
      place,
    };
  });
}
