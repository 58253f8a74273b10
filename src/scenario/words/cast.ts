/** The cast of a scenario: who acts, and on which machine. */
import { UsageError } from '../../core/failures.ts';
import type { ClientConfig } from '../../core/client.ts';
import type { Fingerprint } from '../../core/seat.ts';
import type { Actor, Clock } from '../../history/history.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import type { ClientRole } from './client.ts';
import { clientPerformer, type ClientPerformer } from './client-performer.ts';
import { performer, type Performer } from './performer.ts';
import { callerPlace } from './place.ts';

/** A process on a machine. Two members of the cast with the same machine are two processes on one device. */
export interface DeviceRole {
  readonly device: string;
}

export type Role = DeviceRole | ClientRole;
export type Cast = Readonly<Record<string, Role>>;

/** What each member of the cast can do. */
export type Performers<C extends Cast> = {
  readonly [Name in keyof C]: C[Name] extends ClientRole ? ClientPerformer : Performer;
};

/** A process on the machine of that name, led by hand: `{ launcher: device('laptop'), bot: device('laptop') }`. */
export function device(machine: string): DeviceRole {
  return { device: machine };
}

/** `base` gives the client that the policy or the design wants for an actor. */
export function actorOf(
  name: string,
  role: Role,
  base: (actor: Pick<Actor, 'name' | 'device'>) => ClientConfig,
): Actor {
  const { device: machine } = role;
  const config = 'client' in role ? role.client(base({ name, device: machine })) : null;
  return { name, device: machine, fingerprint: fingerprintOf(machine), client: config };
}

/** What a machine of that name is known by. */
export function fingerprintOf(machine: string): Fingerprint {
  return fingerprint({ machine, user: 'user', platform: 'any' });
}

/** The clocks of the machines, as the cast tells of them. */
export function clocksOf(cast: Cast): readonly Clock[] {
  const clocks = new Map<string, Clock>();
  for (const role of Object.values(cast)) {
    if (!('clock' in role) || role.clock === null) continue;
    const known = clocks.get(role.device);
    if (known !== undefined && (known.offset !== role.clock.offset || known.drift !== role.clock.drift)) {
      throw new UsageError(
        `'${role.device}' has two clocks; give one of its clients the offset and the drift, for example client('${role.device}', { drift: '200ppm' })`,
      );
    }
    clocks.set(role.device, { clock: `device ${role.device}`, ...role.clock });
  }
  return [...clocks.values()];
}

/** Performers that answer to the names of the cast; any other name is an error that lists them. */
export function performersOf<C extends Cast>(cast: C): Performers<C> {
  const performers = Object.fromEntries(
    Object.entries(cast).map(([name, role]) => [
      name,
      'client' in role ? clientPerformer(name, role.device) : performer(name, role.device),
    ]),
  );
  return new Proxy(performers, {
    get(target, name) {
      const known: unknown = Reflect.get(target, name);
      if (known !== undefined || typeof name === 'symbol') return known;
      throw new UsageError(
        `'${name}' is not in the cast (${Object.keys(cast).join(', ')}); add it, for example cast: { ${name}: device('desktop') }`,
        callerPlace(),
      );
    },
  }) as Performers<C>;
}
