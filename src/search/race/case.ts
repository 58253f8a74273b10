/** What is raced: a design, the state of its seat, and the calls that meet there. */
import { UsageError } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import { milliseconds } from '../../core/time.ts';
import type { RequestName } from '../../designs/design.ts';
import type { Isolation } from './statement.ts';

/** `retry` is the holder's own start, said again with the same session; `takeover` names the holder's term. */
export const COMMANDS = ['start', 'takeover', 'retry', 'heartbeat', 'end', 'status', 'sweep'] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface CallSpec {
  readonly command: CommandName;
  /** Who starts; null where the next device does, or the command has no choice. */
  readonly device: string | null;
}

export const SEATS = ['fresh', 'live', 'expired', 'ended', 'followed', 'closed'] as const;
/** What the seat is when the calls begin. */
export type SeatState = (typeof SEATS)[number];

/** Whether the holder has followed another session of its device, which may be at work still and closes the seat to others. */
export function hadEarlier(seat: SeatState): boolean {
  return seat === 'followed' || seat === 'closed';
}

/** Those that there can be under a policy. */
export function seatsUnder({ sameDevice, grace }: Policy): readonly SeatState[] {
  const follows = sameDevice === 'reconnect' && grace.afterTakeover > 0;
  return SEATS.filter((seat) => follows || !hadEarlier(seat));
}

/** The seat that is raced for. */
export const SCOPE = { license: 'L1', symbol: '' };
/** The least that a clock can move. */
export const MOMENT = milliseconds(1);

export const EXTRAS = ['clock', 'crash', 'lost'] as const;
/** Steps besides those of the calls: the clock reaches a deadline, a caller dies, an answer of the database is lost. */
export type Extra = (typeof EXTRAS)[number];

export const ISOLATIONS = ['read committed', 'repeatable read', 'serializable'] as const satisfies readonly Isolation[];

export interface RaceCase {
  readonly calls: readonly CallSpec[];
  readonly seat: SeatState;
  readonly isolation: Isolation;
  readonly extras: readonly Extra[];
}

/** Devices in the order in which they come. The first one has the seat, where somebody has it. */
export const DEVICES = ['laptop', 'desktop', 'tablet', 'phone', 'server', 'kiosk'] as const;
export const HOLDER = DEVICES[0];
const MOST_CALLS = 5;

/** Reads `start,start:laptop,sweep`. Throws `UsageError` for anything else. */
export function parseCalls(text: string): readonly CallSpec[] {
  const calls = text.split(',').map((word) => parseCall(word.trim()));
  if (calls.length > MOST_CALLS) {
    throw new UsageError(
      `${calls.length} calls at once have more orders than can be played: name at most ${MOST_CALLS}, for example start,start,sweep`,
    );
  }
  return calls;
}

function parseCall(word: string): CallSpec {
  const [name = '', device, ...rest] = word.split(':');
  const command = COMMANDS.find((known) => known === name);
  if (command === undefined || rest.length > 0) {
    throw new UsageError(
      `there is no call '${word}'; the calls are ${COMMANDS.join(', ')}, for example start,start:laptop,sweep`,
    );
  }
  if (device === undefined) return { command, device: null };
  if (command !== 'start' && command !== 'takeover') {
    throw new UsageError(
      `'${word}': only a start and a takeover name a device; a ${command} is ${NEED_HOLDER.has(command) ? `that of the holder, ${HOLDER}` : 'that of no device'}`,
    );
  }
  if (!DEVICES.some((known) => known === device)) {
    throw new UsageError(
      `'${word}': there is no device '${device}'; the devices are ${DEVICES.join(', ')}, and ${HOLDER} is the one that has the seat`,
    );
  }
  return { command, device };
}

export function callText({ command, device }: CallSpec): string {
  return device === null ? command : `${command}:${device}`;
}

/** Calls that are about a session that is there. */
const NEED_HOLDER: ReadonlySet<CommandName> = new Set(['takeover', 'retry', 'heartbeat', 'end'] as const);

/** The seat that makes sense of these calls: somebody must have it for a heartbeat or an end of theirs. */
export function seatFor(calls: readonly CallSpec[]): SeatState {
  const names = calls.map(({ command }) => command);
  if (names.includes('sweep')) return 'expired';
  return names.some((name) => NEED_HOLDER.has(name)) ? 'live' : 'fresh';
}

/** Every combination of so many of these calls, each as often as it likes. */
export function combinations(calls: readonly CallSpec[], size: number): readonly (readonly CallSpec[])[] {
  if (size === 0) return [[]];
  return calls.flatMap((call, at) => combinations(calls.slice(at), size - 1).map((rest) => [call, ...rest]));
}

/** `a seat that was never granted`. */
export const SEAT_IN_WORDS: Record<SeatState, string> = {
  fresh: 'a seat that was never granted',
  live: 'a seat with a live holder',
  expired: 'a seat whose holder has just expired',
  ended: 'a seat whose holder has ended',
  followed: 'a seat whose holder has followed an earlier session of its device',
  closed: 'a seat whose holder has ended, and that an earlier session of its device keeps closed',
};

/** The request that a call sends. */
export function requestOf({ command }: CallSpec): RequestName {
  return command === 'takeover' || command === 'retry' ? 'start' : command;
}

/** Whether a seat is brought into this state by an end. */
export function isEnded(seat: SeatState): boolean {
  return seat === 'ended' || seat === 'closed';
}

/** A design, as far as it decides which cases there are. */
interface Raced {
  readonly name: string;
  has(request: RequestName): boolean;
}

/**
 * Throws `UsageError` where the calls need a seat that is held, and it is not; and where the service does not have a request
 * that the case needs.
 */
export function checkCase({ calls, seat }: RaceCase, design: Raced): void {
  const absent = calls.map(requestOf).find((request) => !design.has(request));
  if (absent !== undefined) {
    throw new UsageError(
      `${design.name} has no ${absent} request; leave it out of --calls, for example --calls start,start`,
    );
  }
  if (isEnded(seat) && !design.has('end')) {
    throw new UsageError(`${design.name} has no end request, so no seat is ${seat}; write for example --seat live`);
  }
  const needs = calls.find(({ command }) => NEED_HOLDER.has(command));
  if (needs !== undefined && seat === 'fresh') {
    throw new UsageError(
      `a ${needs.command} needs a session that it is about, and on a fresh seat there is none: write --seat live`,
    );
  }
}

/** `2 starts and 1 sweep`. */
export function callsInWords(calls: readonly CallSpec[]): string {
  const counts = new Map<CommandName, number>();
  for (const { command } of calls) counts.set(command, (counts.get(command) ?? 0) + 1);
  const parts = [...counts].map(([name, n]) => `${n} ${n === 1 ? name : PLURALS[name]}`);
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

const PLURALS: Record<CommandName, string> = {
  start: 'starts',
  takeover: 'takeovers',
  retry: 'retried starts',
  heartbeat: 'heartbeats',
  end: 'ends',
  status: 'status calls',
  sweep: 'sweeps',
};
