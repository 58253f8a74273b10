/** The cast of a scenario: who acts, and on which machine. */
import { UsageError } from '../../core/failures.ts';
import type { Actor } from '../../history/history.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import { performer, type Performer } from './performer.ts';
import { callerPlace } from './place.ts';

/** A process on a machine. Two members of the cast with the same machine are two processes on one device. */
export interface DeviceRole {
  readonly device: string;
}

/** A process on the machine of that name: `{ launcher: device('laptop'), bot: device('laptop') }`. */
export function device(machine: string): DeviceRole {
  return { device: machine };
}

export function actorOf(name: string, role: DeviceRole): Actor {
  const identity = { machine: role.device, user: 'user', platform: 'any' };
  return { name, device: role.device, fingerprint: fingerprint(identity), client: null };
}

/** Performers that answer to the names of the cast; any other name is an error that lists them. */
export function performersOf<Cast extends Record<string, DeviceRole>>(cast: Cast): { [Name in keyof Cast]: Performer } {
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
