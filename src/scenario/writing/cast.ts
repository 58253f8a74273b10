/** The cast of a Script as it is written: who is led by hand, whose client runs by itself, and what is unusual about it. */
import type { ClientConfig } from '../../core/client.ts';
import type { Actor, Clock } from '../../history/history.ts';
import { fingerprintOf } from '../words/cast.ts';
import { call, entry, object, type Doc } from './layout.ts';
import { duration, fields, isIdentifier, key, literal, quoted, shift } from './source.ts';

/** How each actor is called among the steps, by name. */
export type Names = ReadonlyMap<string, string>;

/** The words of scenarios, and those of the language, that a variable must not hide. */
const TAKEN = new Set(
  (
    'active adjust at atLeast client clock device ended every exactly expect failed gone granted idle network notWorking ' +
    'refused renewed scenario server store swept together working recommended s0 s1 s2 s3 s3Rollback ' +
    'abstract arguments await break case catch class const continue debugger default delete do else enum eval export ' +
    'extends false finally for function if implements import in instanceof interface let new null package private ' +
    'protected public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

export function namesOf(cast: readonly Actor[]): Names {
  const names = new Map<string, string>();
  const used = new Set(cast.map(({ name }) => name));
  for (const { name } of cast) {
    let variable = name;
    for (let number = 1; !isIdentifier(variable) || TAKEN.has(variable) || (variable !== name && used.has(variable));) {
      variable = `actor${number++}`;
    }
    used.add(variable);
    names.set(name, variable);
  }
  return names;
}

/** `{ laptop, 'my bot': actor1 }`: the cast as the steps take it. */
export function parameters(names: Names): Doc {
  return object([...names].map(([name, variable]) => (name === variable ? name : entry(key(name), variable))));
}

/** `clocks` are those that the cast tells of. */
export function castSource(
  cast: readonly Actor[],
  base: (actor: Actor) => ClientConfig,
  clocks: readonly Clock[],
  words: Set<string>,
): Doc {
  const told = new Set<string>();
  return object(
    cast.map((actor) => {
      if (actor.fingerprint !== fingerprintOf(actor.device)) {
        throw new Error(`'${actor.name}' has a fingerprint of its own, which no scenario can say`);
      }
      if (actor.client === null) {
        words.add('device');
        return entry(key(actor.name), call('device', [quoted(actor.device)]));
      }
      words.add('client');
      const clock = told.has(actor.device) ? undefined : clockOf(actor, clocks);
      told.add(actor.device);
      const changes = fields({
        ...changesOf(actor.client, base(actor)),
        ...(clock === undefined ? {} : clockFields(clock)),
      });
      const args = changes === null ? [quoted(actor.device)] : [quoted(actor.device), changes];
      return entry(key(actor.name), call('client', args, changes !== null));
    }),
  );
}

/** The clocks that clients can tell of, when they come first and in the order of the cast; the others are told apart. */
export function clocksOfClients(cast: readonly Actor[], clocks: readonly Clock[]): readonly Clock[] {
  const machines = new Set(cast.flatMap(({ client, device }) => (client === null ? [] : [device])));
  const told = [...machines].flatMap((device) => clocks.find(({ clock }) => clock === `device ${device}`) ?? []);
  return told.every((clock, index) => clocks[index] === clock) ? told : [];
}

/** `{ offset: '-1h', drift: '200ppm' }`. */
export function clockFields({ offset, drift }: Clock): Readonly<Record<string, Doc | null>> {
  const still = offset === 0 && drift === 0;
  return {
    offset: offset === 0 && !still ? null : shift(offset),
    drift: drift === 0 ? null : quoted(`${drift}ppm`),
  };
}

function clockOf({ device }: Actor, clocks: readonly Clock[]): Clock | undefined {
  return clocks.find(({ clock }) => clock === `device ${device}`);
}

function changesOf(config: ClientConfig, base: ClientConfig): Readonly<Record<string, Doc | null>> {
  return Object.fromEntries(
    Object.keys(config)
      .map((field) => field as keyof ClientConfig)
      .filter((field) => config[field] !== base[field])
      .map((field) => [field, valueSource(field, config)]),
  );
}

function valueSource(field: keyof ClientConfig, config: ClientConfig): Doc {
  switch (field) {
    case 'fence':
      return config.fence === null ? 'null' : duration(config.fence);
    case 'heartbeat':
    case 'requestTimeout':
      return duration(config[field]);
    default:
      return literal(config[field] ?? null);
  }
}
