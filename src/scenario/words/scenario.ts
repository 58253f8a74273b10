/** A scenario: a Script with a title, and what it claims about the laws. */
import { isUsageError, UsageError, type Place } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import { formatInstant, instant, parseDuration, type DurationText, type Instant } from '../../core/time.ts';
import { validatePolicy } from '../../core/validate-policy.ts';
import type { Actor } from '../../history/history.ts';
import { lawByCode } from '../../laws/all.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import type { Script, Step } from '../script.ts';
import { performer, type Performer } from './performer.ts';
import { callerPlace } from './place.ts';
import type { WrittenStep } from './steps.ts';

/** A process on a machine. Two members of the cast with the same machine are two processes on one device. */
export interface DeviceRole {
  readonly device: string;
}

/** A process on the machine of that name: `{ launcher: device('laptop'), bot: device('laptop') }`. */
export function device(machine: string): DeviceRole {
  return { device: machine };
}

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

/** The longest time a scenario can cover: timers count in 31 bits. */
const LONGEST = 2 ** 31 - 1;

/** Puts a scenario together. Throws `UsageError`, with the line where it can, for everything that does not fit. */
export function scenario<const Cast extends Record<string, DeviceRole>>(text: ScenarioText<Cast>): Scenario {
  const place = callerPlace();
  return placed(place, () => {
    if (text.title.trim() === '')
      throw new UsageError(`a scenario needs a title: title: 'a crashed bot frees its license'`);
    validatePolicy(text.policy);
    for (const code of [...(text.proves ?? []), ...(text.breaks ?? [])]) lawByCode(code);
    const cast = Object.entries(text.cast).map(([name, role]): Actor => actorOf(name, role));
    const steps = inOrder(text.steps(performersOf(text.cast)).flat(), new Set(cast.map((actor) => actor.name)));
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

function actorOf(name: string, role: DeviceRole): Actor {
  const identity = { machine: role.device, user: 'user', platform: 'any' };
  return { name, device: role.device, fingerprint: fingerprint(identity) };
}

/** Performers that answer to the names of the cast; any other name is an error that lists them. */
function performersOf<Cast extends Record<string, DeviceRole>>(cast: Cast): { [Name in keyof Cast]: Performer } {
  const performers = Object.fromEntries(Object.keys(cast).map((name) => [name, performer(name)]));
  return new Proxy(performers, {
    get(target, name) {
      const known = Reflect.get(target, name) as Performer | undefined;
      if (known !== undefined || typeof name === 'symbol') return known;
      throw new UsageError(
        `'${name}' is not in the cast (${Object.keys(cast).join(', ')}); add it, for example cast: { ${name}: device('desktop') }`,
        callerPlace(),
      );
    },
  }) as { [Name in keyof Cast]: Performer };
}

function inOrder(written: readonly WrittenStep[], names: ReadonlySet<string>): readonly Step[] {
  let latest: Instant | null = null;
  const steps = written.map((step): Step => {
    const time = placed(step.place, () => reachable(step.at));
    if (!step.inSeries) {
      if (latest !== null && time < latest) {
        throw new UsageError(
          `the step at ${step.at} is written after one at ${formatInstant(latest)}; write steps in order of time`,
          step.place,
        );
      }
      latest = time;
    }
    if (step.actions.length === 0) {
      throw new UsageError(`together() is empty; write for example together(a.starts(), b.starts())`, step.place);
    }
    for (const action of step.actions) {
      if ('actor' in action && !names.has(action.actor)) {
        throw new UsageError(`'${action.actor}' is not in the cast (${[...names].join(', ')})`, step.place);
      }
    }
    return { at: time, actions: step.actions, expectations: step.expectations, place: step.place };
  });
  return steps.sort((a, b) => a.at - b.at);
}

function reachable(text: string): Instant {
  const time = instant(parseDuration(text));
  if (time > LONGEST) throw new UsageError(`${text} is too far away; a scenario covers at most 24 days`);
  return time;
}

/** Gives an error that has no place yet the place of what was being read. */
function placed<T>(place: Place | null, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isUsageError(error) && error.place === null) throw new UsageError(error.message, place);
    throw error;
  }
}
