/** A scenario: a Script with a title, and what it claims about the laws. */
import { UsageError, type Place } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import { kindOf, type Design } from '../../designs/design.ts';
import { formatDuration, formatInstant, type DurationText } from '../../core/time.ts';
import { validatePolicy } from '../../core/validate-policy.ts';
import { lawByCode } from '../../laws/all.ts';
import type { Script } from '../../world/script.ts';
import { designFor } from '../design.ts';
import { actorOf, clocksOf, performersOf, type Cast, type Performers } from './cast.ts';
import { reachable, scheduled } from './schedule.ts';
import { onlyKnown } from './known.ts';
import { misfitOfClock } from './misfits.ts';
import { callerPlace, placed } from './place.ts';
import type { WrittenStep } from './steps.ts';
import { SURROUNDINGS, surroundingsOf, type SurroundingsText } from './surroundings.ts';

/** A scenario as it is written. One that names a design takes its policy from there, unless it has one of its own. */
export type ScenarioText<C extends Cast> = Told<C> &
  (
    | { readonly policy: Policy; readonly design?: string | Design }
    | { readonly policy?: Policy; readonly design: string | Design }
  );

/** One that names neither is played against the design that `seatproof run --design` names. */
export type OpenText<C extends Cast> = Told<C> & { readonly policy?: never; readonly design?: never };

interface Told<C extends Cast> extends SurroundingsText {
  /** The behaviour, as a sentence. */
  readonly title: string;
  /** Where it comes from, or why it matters. */
  readonly about?: string;
  /** Codes of laws that this scenario puts to the test and that must hold. */
  readonly proves?: readonly string[];
  /** Codes of laws that this policy breaks here by its nature. The scenario fails when they hold. */
  readonly breaks?: readonly string[];
  /** The rules; those of the reference where no design is named. */
  readonly policy?: Policy;
  /** A design, or the name of one as on the command line: then its server and its clients are played, in a world. */
  readonly design?: string | Design;
  readonly cast: C;
  readonly steps: (cast: Performers<C>) => readonly (WrittenStep | readonly WrittenStep[])[];
  /** How long to observe; by default until the last step. */
  readonly until?: DurationText;
}

/** A scenario without a policy: it is played against a design that is named on the command line. */
export interface OpenScenario {
  readonly seatproof: 'open scenario';
  readonly place: Place | null;
  /** The scenario with the policy and the clients of the design. Throws `UsageError` for what does not fit. */
  readonly against: (design: Design) => Scenario;
}

/** A scenario that is ready to be played. */
export interface Scenario {
  readonly seatproof: 'scenario';
  readonly about: string | null;
  readonly proves: readonly string[];
  readonly breaks: readonly string[];
  /** Codes of laws that its design declares to break. */
  readonly declared: readonly string[];
  /** The design that is played; null for the reference under the policy of the script. */
  readonly design: string | Design | null;
  readonly script: Script;
  readonly place: Place | null;
  /** Whether it is played against a design that was named for the whole run, for which it was not written. */
  readonly isAgainst: boolean;
  /** The same scenario with the policy and the clients of another design. */
  readonly against: (design: Design) => Scenario;
}

const FIELDS = ['title', 'about', 'proves', 'breaks', 'policy', 'design', 'cast', 'steps', 'until', ...SURROUNDINGS];

/** So that a report can show it. */
const LONGEST_NAME = 200;

/** More is a mistake in a unit. */
const MOST_SWEEPS = 100_000;

/**
 * Puts a scenario together. One without a policy is for any design. Throws `UsageError`, with the line where it can, for
 * everything that does not fit.
 */
export function scenario<const C extends Cast>(text: ScenarioText<C>): Scenario;
export function scenario<const C extends Cast>(text: OpenText<C>): OpenScenario;
export function scenario<const C extends Cast>(text: Told<C>): Scenario | OpenScenario {
  const place = callerPlace();
  const against = (design: Design): Scenario => {
    const { design: _own, ...rest } = text;
    // The reference plays call by call as well, in every order, and on Postgres.
    const played = kindOf(design) === 'policy' ? rest : { ...rest, design };
    return build({ ...played, policy: design.policy }, place, against, design);
  };
  if (placed(place, () => isOpen(text))) return { seatproof: 'open scenario', place, against };
  return build(text, place, against);
}

function isOpen<C extends Cast>(text: Told<C>): boolean {
  onlyKnown('a scenario', text, FIELDS);
  return text.policy === undefined && text.design === undefined;
}

function build<C extends Cast>(
  text: Told<C>,
  place: Place | null,
  against: Scenario['against'],
  played: Design | null = null,
): Scenario {
  return placed(place, () => {
    const design = played ?? designFor(text.design ?? null, policyIn(text));
    const { policy } = design;
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
    validatePolicy(policy);
    for (const code of [...(text.proves ?? []), ...(text.breaks ?? [])]) lawByCode(code);
    const cast = Object.entries(text.cast).map(([name, role]) => actorOf(name, role, design.client));
    const surroundings = surroundingsOf(text, clocksOf(text.cast));
    for (const { clock } of surroundings.clocks) {
      const misfit = misfitOfClock(clock, cast, surroundings.servers);
      if (misfit !== null) throw new UsageError(misfit);
    }
    const written: unknown = text.steps(performersOf(text.cast));
    if (!Array.isArray(written)) {
      throw new UsageError(`steps must return a list, for example steps: ({ bot }) => [at('0s', bot.starts())]`);
    }
    const steps = scheduled((written as readonly (WrittenStep | readonly WrittenStep[])[]).flat(), {
      cast,
      policy,
      surroundings,
      // Against a design of the command line, a scenario that does not fit is skipped.
      inWorld: text.design !== undefined && played === null,
    });
    const last = steps.at(-1);
    if (last === undefined) {
      throw new UsageError(`the scenario has no steps; write for example at('0s', bot.starts(), granted())`);
    }
    const until = text.until === undefined ? last.at : reachable(text.until);
    if (until < last.at) {
      throw new UsageError(`until ${text.until} is before the last step at ${formatInstant(last.at)}`);
    }
    const { cleanUp } = policy;
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
      declared: design.breaks,
      design: text.design ?? null,
      script: { title: text.title, policy, cast, surroundings, steps, until },
      place,
      isAgainst: played !== null,
      against,
    };
  });
}

function policyIn({ policy, design }: Pick<Told<Cast>, 'policy' | 'design'>): Policy | null {
  if (design !== undefined && policy === undefined) return null;
  if (typeof policy === 'object' && (policy as unknown) !== null) return policy;
  throw new UsageError(`a scenario needs a policy, for example policy: recommended`);
}
