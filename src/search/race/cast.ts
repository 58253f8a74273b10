/** Who takes part: the actors of a case, and which call is whose. */
import type { Actor } from '../../history/history.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import { strangerTo } from '../../service/probe.ts';
import { DEVICES, hadEarlier, HOLDER, type RaceCase } from './case.ts';

/** Who had the seat before its holder did, from another process of the same device. */
export const EARLIER = `${HOLDER} 2`;

/** Starts without a device come from devices of their own; a second start of one device comes from a second process on it. */
export function castOf({ calls, seat }: Pick<RaceCase, 'calls' | 'seat'>): {
  readonly devices: readonly (string | null)[];
  readonly actors: readonly (string | null)[];
  readonly cast: readonly Actor[];
  /** Who starts when the calls are over, to see whether the seat is free; one of the cast. */
  readonly stranger: Actor;
} {
  const named = new Set(calls.flatMap(({ device }) => device ?? []));
  const free = DEVICES.slice(1).filter((device) => !named.has(device));
  const taken = new Map<string, number>([[HOLDER, 1]]);
  const cast: Actor[] = [actorOf(HOLDER, HOLDER)];
  const comesFrom = (device: string): string => {
    const number = (taken.get(device) ?? 0) + 1;
    taken.set(device, number);
    const name = number === 1 ? device : `${device} ${number}`;
    cast.push(actorOf(name, device));
    return name;
  };
  if (hadEarlier(seat)) comesFrom(HOLDER);
  const devices: (string | null)[] = [];
  const actors: (string | null)[] = [];
  for (const { command, device: wanted } of calls) {
    if (command === 'sweep' || command === 'status') {
      devices.push(null);
      actors.push(command === 'sweep' ? null : SUPPORT);
      continue;
    }
    const isStart = command === 'start' || command === 'takeover';
    const device = isStart ? (wanted ?? free.shift() ?? HOLDER) : HOLDER;
    devices.push(device);
    if (!isStart) {
      actors.push(HOLDER);
      continue;
    }
    actors.push(comesFrom(device));
  }
  if (actors.includes(SUPPORT)) cast.push(actorOf(SUPPORT, SUPPORT));
  const stranger = strangerTo(cast);
  return { devices, actors, cast: [...cast, stranger], stranger };
}

/** Who asks for a status, and has no device of the license. */
export const SUPPORT = 'support';

function actorOf(name: string, device: string): Actor {
  return { name, device, fingerprint: fingerprintOf(device), client: null };
}

export function fingerprintOf(device: string): string {
  return fingerprint({ machine: device, user: 'user', platform: 'race' });
}
