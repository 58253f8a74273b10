/** Where `seatproof race` plays: lanes of a database, or memory; and how they are closed. */
import { isUsageError, UsageError } from '../core/failures.ts';
import type { Design } from '../designs/design.ts';
import type { DatabasePlace } from '../search/race/place.ts';
import type { SharedAddress } from '../search/race/shared-address.ts';
import type { Place } from '../search/race/stage.ts';
import { isDesignFile } from './design-flag.ts';
import type { RaceFlags } from './run-race.ts';

/** Sets `DATABASE_URL`, for a module of the user's own that may be raced on a database; null where there is none. */
export async function openAddress({ design, replay, on, postgres }: RaceFlags): Promise<SharedAddress | null> {
  if (on === 'memory' || (replay === undefined && !isDesignFile(design))) return null;
  const { parsePostgresChoice } = await import('../postgres/server.ts');
  const { SharedAddress } = await import('../search/race/shared-address.ts');
  return SharedAddress.open(parsePostgresChoice(postgres));
}

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

/** Opens them; clients of `address` are connected to the first. Throws `UsageError` or `EnvironmentError` before anything is raced. */
export async function openPlaces(
  design: Design,
  on: 'memory' | 'postgres',
  flags: Pick<RaceFlags, 'postgres' | 'lanes'>,
  address: SharedAddress | null,
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
  // All clients of one address share a database.
  const lanes = address?.isRead === true ? 1 : flags.lanes;
  address?.hasLanes(lanes);
  const server = await openServer(choice, address === null ? {} : { password: address.password });
  const databases: DatabasePlace[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(databases.map((place) => place.close()));
    await server.close();
  };
  try {
    // On a server of the user's the lanes share a database, because a killed run would leave databases behind.
    const isOurs = choice.type !== 'url';
    for (let lane = 0; lane < lanes; lane++) {
      const database = isOurs && lane > 0 ? await openDatabase(server) : server;
      databases.push(await onDatabase(database, design, lane === 0 ? address : null));
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
