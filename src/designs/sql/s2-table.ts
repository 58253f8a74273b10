/**
 * S2 after a migration that lost the table of sessions. A login made it when it was missing, a heartbeat did not: it failed,
 * and its client was told that all is well. The fix has the heartbeat make the table too, and so write as its own whatever
 * seat it comes to first. Repaired, no request makes a table: while there is none, nobody is let in, and nobody is told
 * that he has a session.
 */
import { DatabaseError, type Pool } from 'pg';
import type { Failed } from '../../core/reply.ts';
import type { SessionService } from '../../service/port.ts';
import type { Mishap, SqlSystem, SqlTools } from './system.ts';
import { ACTIVE_SESSIONS, S2 } from './s2.ts';

const ENSURE = ACTIVE_SESSIONS.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS');

/** What stood in the table is not lost for good, but nobody finds it. */
const mishap: Mishap = {
  fault: 'table-missing',
  begins: 'ALTER TABLE active_sessions RENAME TO active_sessions_before_migration',
  ends: 'ALTER TABLE active_sessions_before_migration RENAME TO active_sessions',
};

type Ensuring = 'start' | 'heartbeat';

function afterMigration(system: (typeof S2)['before'], ensuring: readonly Ensuring[]): SqlSystem {
  const ensured = async (pool: Pool, request: Ensuring): Promise<void> => {
    if (ensuring.includes(request)) await pool.query(ENSURE);
  };
  return {
    ...system,
    mishap,
    service(tools: SqlTools<unknown>): SessionService {
      const { pool } = tools;
      const { start, heartbeat, end, status } = system.service(tools);
      return {
        start: (command) => orFailed(ensured(pool, 'start').then(() => start(command))),
        heartbeat: (command) => orFailed(ensured(pool, 'heartbeat').then(() => heartbeat(command))),
        end: (command) => orFailed(end(command)),
        status: (command) => orFailed(status(command)),
      };
    },
    rows: async (client) => {
      const { rows } = await client.query<{ there: boolean }>(
        `SELECT to_regclass('active_sessions') IS NOT NULL AS there`,
      );
      return rows[0]?.there === true ? system.rows(client) : [];
    },
  };
}

/** HTTP 500. */
async function orFailed<R>(reply: R | Promise<R>): Promise<R | Failed> {
  try {
    return await reply;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { type: 'failed', why: 'store', message: error.message };
  }
}

export const S2_TABLE = {
  before: afterMigration(S2.before, ['start']),
  after: afterMigration(S2.after, ['start', 'heartbeat']),
  repaired: afterMigration(S2.oneStatement, []),
};
