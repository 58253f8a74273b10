/** A scenario: a Script with a title, and what it claims about the laws. */
import { UsageError, type Place } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import { formatDuration, formatInstant, type DurationText } from '../../core/time.ts';
import { validatePolicy } from '../../core/validate-policy.ts';
import { lawByCode } from '../../laws/all.ts';
import { STILL, type Script } from '../../world/script.ts';
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

/** So that a report can show it. */
const LONGEST_NAME = 200;

/** More is a mistake in a unit. */
const MOST_SWEEPS = 100_000;

/** Puts a scenario together. Throws `UsageError`, with the line where it can, for everything that does not fit. */
export function scenario<const Cast extends Record<string, DeviceRole>>(text: ScenarioText<Cast>): Scenario {
  const place = callerPlace();
  return placed(place, () => {
    onlyKnown('a scenario', text, FIELDS);
    if (typeof text.policy !== 'object' || (text.policy as unknown) === null) {
      throw new UsageError(`a scenario needs a policy, for example policy: recommended`);
    }
    if (typeof text.cast !== 'object' || (text.cast as unknown) === null || typeof text.steps !== 'function') {
      throw new UsageError(
        `a scenario needs a cast and steps, for example cast: { bot: device('laptop') }, steps: ({ bot }) => [at('0s', bot.starts())]`,
      );
    }
    for (const name of [
      text.title,
      ...Object.keys(text.cast),
      ...Object.values(text.cast).map((role) => role.device),
    ]) {
      if (typeof name !== 'string' || /\p{Cc}/u.test(name) || name.length > LONGEST_NAME) {
        throw new UsageError(
          `a title or a name is text of at most ${LONGEST_NAME} characters, without control characters, and not ${JSON.stringify(name)?.slice(0, 60)}`,
        );
      }
    }
    if (text.title.trim() === '') {
      throw new UsageError(`a scenario needs a title, for example title: 'a crashed bot frees its license'`);
    }
    validatePolicy(text.policy);
    for (const code of [...(text.proves ?? []), ...(text.breaks ?? [])]) lawByCode(code);
    const cast = Object.entries(text.cast).map(([name, role]) => actorOf(name, role));
    const written: unknown = text.steps(performersOf(text.cast));
    if (!Array.isArray(written)) {
      throw new UsageError(`steps must return a list, for example steps: ({ bot }) => [at('0s', bot.starts())]`);
    }
    const steps = scheduled((written as readonly (WrittenStep | readonly WrittenStep[])[]).flat(), cast, text.policy);
    const last = steps.at(-1);
    if (last === undefined) {
      throw new UsageError(`the scenario has no steps; write for example at('0s', bot.starts(), granted())`);
    }
    const until = text.until === undefined ? last.at : reachable(text.until);
    if (until < last.at) {
      throw new UsageError(`until ${text.until} is before the last step at ${formatInstant(last.at)}`);
    }
    const { cleanUp } = text.policy;
    if (cleanUp.type === 'swept' && until / cleanUp.every > MOST_SWEEPS) {
      throw new UsageError(
        `a sweep every ${formatDuration(cleanUp.every)} until ${formatInstant(until)} is more than ${MOST_SWEEPS} sweeps; ` +
          `write for example cleanUp: { every: '5m' }`,
      );
    }
    return {
      seatproof: 'scenario',
      about: text.about ?? null,
      proves: text.proves ?? [],
      breaks: text.breaks ?? [],
      script: { title: text.title, policy: text.policy, cast, surroundings: STILL, steps, until },
      place,
    };
  });
}
