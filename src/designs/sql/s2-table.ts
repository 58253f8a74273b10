/**
 * S2 after a migration that lost the table of sessions. A login made it when it was missing, a heartbeat did not: it failed,
 * and its client was told that all is well. The fix has the heartbeat make the table too, and so write as its own whatever
 * seat it comes to first. Repaired, no request makes a table: while there is none, nobody is let in, and nobody is told
 * that he has a session.
 */
import { DatabaseError, type Pool } from 'pg';
import type { Failed } from '../../core/reply.ts';
import type { SessionService } from '../../service/port.ts';
import type { Mishap, SqlDesign, SqlTools } from './design.ts';
import { ACTIVE_SESSIONS, S2 } from './s2.ts';

const ENSURE = ACTIVE_SESSIONS.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS');

/** What stood in the table is not lost for good, but nobody finds it. */
const mishap: Mishap = {
  fault: 'table-missing',
  begins: 'ALTER TABLE active_sessions RENAME TO active_sessions_before_migration',
  ends: 'ALTER TABLE active_sessions_before_migration RENAME TO active_sessions',
};

type Ensuring = 'start' | 'heartbeat';

function afterMigration(of: string, about: string, ensuring: readonly Ensuring[]): SqlDesign {
  const design = S2.find(({ name }) => name === of);
  if (design === undefined) throw new Error(`there is no design '${of}'`);
  const ensured = async (db: Pool, who: Ensuring): Promise<void> => {
    if (ensuring.includes(who)) await db.query(ENSURE);
  };
  return {
    ...design,
    name: of.replace('s2-', 's2-table-'),
    about,
    mishap,
    service(tools: SqlTools<unknown>): SessionService {
      const { db } = tools;
      const service = design.service(tools);
      return {
        start: (command) => orFailed(ensured(db, 'start').then(() => service.start(command))),
        heartbeat: (command) => orFailed(ensured(db, 'heartbeat').then(() => service.heartbeat(command))),
        end: (command) => orFailed(service.end(command)),
        status: (command) => orFailed(service.status(command)),
        sweep: (command) => service.sweep(command),
      };
    },
    rows: async (client) => {
      const { rows } = await client.query<{ there: boolean }>(
        `SELECT to_regclass('active_sessions') IS NOT NULL AS there`,
      );
      return rows[0]?.there === true && design.rows !== undefined ? design.rows(client) : [];
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

export const S2_TABLE: readonly SqlDesign[] = [
  afterMigration('s2-before', 'the table is missing, and a heartbeat that fails says that all is well', ['start']),
  afterMigration('s2-after', 'the table is missing, and a heartbeat makes it too', ['start', 'heartbeat']),
  afterMigration('s2-repaired', 'the table is missing, and no request makes it', []),
];
