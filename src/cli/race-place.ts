/** Where `seatproof race` plays: lanes of a database, or memory; and how they are closed. */
import { isUsageError, UsageError } from '../core/failures.ts';
import type { Design } from '../designs/design.ts';
import type { DatabasePlace } from '../search/race/place.ts';
import type { Place } from '../search/race/stage.ts';
import type { RaceFlags } from './run-race.ts';

export interface RacePlaces {
  /** `PostgreSQL 18.4 (embedded)`, or `memory`. */
  readonly where: string;
  readonly on: 'memory' | 'postgres';
  readonly places: readonly Place[];
  /** The same places, where they are databases. */
  readonly databases: readonly DatabasePlace[];
  close(): Promise<void>;
}

/** Where a design is raced unless the flag says otherwise: on Postgres, as far as it has SQL. */
export function placeFor(on: 'memory' | 'postgres' | undefined, { sql }: Design): 'memory' | 'postgres' {
  return on ?? (sql === null ? 'memory' : 'postgres');
}

/** Opens them. Throws `UsageError` or `EnvironmentError` before anything is raced. */
export async function openPlaces(
  design: Design,
  on: 'memory' | 'postgres',
  flags: Pick<RaceFlags, 'postgres' | 'lanes'>,
): Promise<RacePlaces> {
  if (on === 'memory') {
    const { inMemory } = await import('../search/race/memory-place.ts');
    return { where: 'memory', on, places: [inMemory(design)], databases: [], close: () => Promise.resolve() };
  }
  const { openDatabase, openServer, parsePostgresChoice } = await import('../postgres/server.ts');
  const { onDatabase, sqlOf } = await import('../search/race/place.ts');
  const choice = parsePostgresChoice(flags.postgres);
  // Before a server is started for it.
  sqlOf(design);
  const server = await openServer(choice);
  const databases: DatabasePlace[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(databases.map((place) => place.close()));
    await server.close();
  };
  try {
    // On a server of the user's the lanes share a database, because a killed run would leave databases behind.
    const isOurs = choice.type !== 'url';
    for (let lane = 0; lane < flags.lanes; lane++) {
      databases.push(await onDatabase(isOurs && lane > 0 ? await openDatabase(server) : server, design));
    }
  } catch (error) {
    await close();
    throw explained(error, design.name);
  }
  const kind = choice.type === 'url' ? 'existing server' : choice.type;
  return { where: `PostgreSQL ${server.version} (${kind})`, on, places: databases, databases, close };
}

/** SQL that the server refuses while the tables are made is the user's to mend. */
function explained(error: unknown, design: string): unknown {
  if (isUsageError(error) || !(error instanceof Error) || !('code' in error)) return error;
  return /^(42|22|23|0A)/.test(String(error.code))
    ? new UsageError(`the tables of ${design} cannot be made: ${error.message}`)
    : error;
}
