/** Plays Scripts around a design in SQL: its statements run on a real Postgres, and simulated time waits for them. */
import type { Design } from '../designs/design.ts';
import { onRunDatabase } from '../designs/sql/server.ts';
import { RunDatabase } from '../designs/sql/run-database.ts';
import type { History } from '../history/history.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { playSettled } from './play-settled.ts';
import type { Script } from './script.ts';
import type { Impossible } from './world.ts';

export interface DatabasePlayer {
  /** A run from the tables as they were made; a function of the Script and the design as far as the SQL is one. */
  readonly play: (script: Script, impossible?: Impossible) => Promise<History>;
  readonly close: () => Promise<void>;
}

/** Makes the tables of the design in a schema of its own. Throws `UsageError` or `EnvironmentError`. */
export async function openDatabasePlayer(server: PostgresServer, design: Design): Promise<DatabasePlayer> {
  const { name, sql } = design;
  if (sql === null) throw new Error(`${name} has no SQL`);
  const database = await RunDatabase.open(server, name, await sql());
  const played = onRunDatabase(design, database);
  const outside = {
    get isBusy() {
      return database.isBusy;
    },
    settled: () => database.settled(),
  };
  return {
    async play(script, impossible) {
      await database.reset();
      return playSettled(script, played, { outside, impossible });
    },
    close: () => database.close(),
  };
}
