/** Where `seatproof race` plays: the design that is named, on lanes of a database or in memory, and how to let go of them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { isUsageError, UsageError } from '../core/failures.ts';
import { PRESETS } from '../core/presets/index.ts';
import type { SqlDesign } from '../designs/sql/design.ts';
import type { DatabasePlace } from '../search/race/place.ts';
import type { Place } from '../search/race/stage.ts';
import type { RaceFlags } from './run-race.ts';

export interface RacePlaces {
  /** `PostgreSQL 18.4 (embedded)`, or `memory`. */
  readonly where: string;
  readonly places: readonly Place[];
  /** The same places, where they are databases. */
  readonly databases: readonly DatabasePlace[];
  close(): Promise<void>;
}

/** A design by its name, or the race that a file exports. Throws `UsageError` for anything else. */
async function findDesign(name: string): Promise<SqlDesign> {
  const { sqlDesign } = await import('../designs/sql/all.ts');
  if (!/[./\\]/.test(name)) return sqlDesign(name);
  const file = path.resolve(name);
  if (!existsSync(file)) {
    throw new UsageError(
      `there is no file '${name}'; name one that exports a race, for example seatproof race --design login.race.ts`,
    );
  }
  const { loadDefaultExport } = await import('../scenario/load.ts');
  const { isRace, noRace } = await import('../search/race/words.ts');
  const exported = await loadDefaultExport(file);
  if (!isRace(exported)) throw noRace(file);
  return exported;
}

/** Opens them. Throws `UsageError` or `EnvironmentError` before anything is raced. */
export async function openPlaces(flags: Pick<RaceFlags, 'design' | 'on' | 'postgres' | 'lanes'>): Promise<RacePlaces> {
  if (flags.on === 'memory') {
    const place = await memoryPlace(flags.design);
    return { where: 'memory', places: [place], databases: [], close: () => Promise.resolve() };
  }
  const design = await findDesign(flags.design);
  const { openServer, parsePostgresChoice } = await import('../postgres/server.ts');
  const { onDatabase } = await import('../search/race/place.ts');
  const choice = parsePostgresChoice(flags.postgres);
  const server = await openServer(choice);
  const databases: DatabasePlace[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(databases.map((place) => place.close()));
    await server.close();
  };
  try {
    for (let lane = 0; lane < flags.lanes; lane++) databases.push(await onDatabase(server, design));
  } catch (error) {
    await close();
    throw explained(error, flags.design);
  }
  const kind = choice.type === 'url' ? 'existing server' : choice.type;
  return { where: `PostgreSQL ${server.version} (${kind})`, places: databases, databases, close };
}

/** `reference` and its policy in one step; any other design as its policy over a store that is read, then written. */
async function memoryPlace(name: string): Promise<Place> {
  const { inMemory } = await import('../search/race/place.ts');
  if (name === 'reference') {
    const { recommended } = await import('../core/presets/recommended.ts');
    return inMemory('reference', recommended, 'one-step');
  }
  const preset = PRESETS.find(({ policy }) => policy.name === name || name === `${policy.name}-atomic`);
  if (preset !== undefined) {
    return inMemory(name, preset.policy, name.endsWith('-atomic') ? 'one-step' : 'read-then-write');
  }
  const names = PRESETS.map(({ policy }) => policy.name);
  throw new UsageError(
    `there is no design '${name}' in memory; there is reference, where a command is one step, and a store that is read and then written under each policy: ` +
      `${names.join(', ')} (in one step: ${names[0] ?? ''}-atomic and so on)`,
  );
}

/** SQL that the server refuses while the tables are made is the user's to mend. */
function explained(error: unknown, design: string): unknown {
  if (isUsageError(error) || !(error instanceof Error) || !('code' in error)) return error;
  return /^(42|22|23|0A)/.test(String(error.code))
    ? new UsageError(`the tables of ${design} cannot be made: ${error.message}`)
    : error;
}
