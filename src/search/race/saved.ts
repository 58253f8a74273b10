/** A schedule as a file: what was raced, and in which order, so that it can be played again. */
import { UsageError } from '../../core/failures.ts';
import { callText, EXTRAS, ISOLATIONS, parseCalls, SEATS, type RaceCase } from './case.ts';
import { choiceText, parseChoice, type Choice } from './schedule.ts';

/** A change that an older reader would misread raises it. */
const VERSION = 1;

export interface Saved {
  /** A name, or a path. */
  readonly design: string;
  readonly on: 'memory' | 'postgres';
  readonly raceCase: RaceCase;
  readonly schedule: readonly Choice[];
  /** The law that it broke. */
  readonly law: string;
  readonly message: string;
}

export function encodeSchedule({ design, on, raceCase, schedule, law, message }: Saved): string {
  const { calls, seat, isolation, extras } = raceCase;
  const data = {
    seatproof: 'race',
    version: VERSION,
    design,
    on,
    calls: calls.map(callText).join(','),
    seat,
    isolation,
    extras,
    law,
    message,
    schedule: schedule.map(choiceText).join(' '),
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** Reads what `encodeSchedule` wrote. Throws `UsageError` with the file for anything else. */
export function decodeSchedule(text: string, file: string): Saved {
  const wrong = (what: string): UsageError =>
    new UsageError(`this is no schedule that can be played again: ${what}. Save it anew with seatproof race`, { file });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw wrong('it is not complete JSON');
  }
  const of = (name: string): string => {
    const value: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined;
    if (typeof value !== 'string') throw wrong(`it has no '${name}'`);
    return value;
  };
  if (of('seatproof') !== 'race') throw wrong(`it says seatproof: '${of('seatproof')}'`);
  const version: unknown = Reflect.get(data as object, 'version');
  if (version !== VERSION) throw wrong(`it has version ${String(version)}, this Seatproof reads version ${VERSION}`);
  const one = <Word extends string>(name: string, known: readonly Word[]): Word => {
    const found = known.find((word) => word === of(name));
    if (found === undefined) throw wrong(`'${of(name)}' is no ${name}; known are ${known.join(', ')}`);
    return found;
  };
  const extras: unknown = Reflect.get(data as object, 'extras');
  const schedule = of('schedule')
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const choice = parseChoice(word);
      if (choice === null) throw wrong(`'${word}' is no step of a schedule`);
      return choice;
    });
  return {
    design: of('design'),
    on: one('on', ['memory', 'postgres']),
    raceCase: {
      calls: parseCalls(of('calls')),
      seat: one('seat', SEATS),
      isolation: one('isolation', ISOLATIONS),
      extras: EXTRAS.filter((extra) => Array.isArray(extras) && extras.includes(extra)),
    },
    schedule,
    law: of('law'),
    message: of('message'),
  };
}
