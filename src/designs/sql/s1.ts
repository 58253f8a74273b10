/**
 * S1: a start deletes whatever session there is and inserts its own. The note has no fix for two at once; it says that the
 * last one wins and that both are told of a session they ended. Before: look up, delete, insert, in a table that allows
 * several rows for a key. After: the same with a unique key, so that the second insert fails. Repaired: under a lock of the
 * key, where the delete itself says whom it ended.
 */
import type { Pool } from 'pg';
import type { StartCommand } from '../../core/command.ts';
import { s1 } from '../../core/presets/s1.ts';
import type { StartReply } from '../../core/reply.ts';
import type { SessionService } from '../../service/port.ts';
import { active, gone, granted, holderOf, idle, renewed, type HolderRow } from './answers.ts';
import { AGE_AND_NOW, NOW } from './columns.ts';
import { inTransaction, type SqlSystem } from './system.ts';
import { SWEEP_OF, type Sweep } from './s1-sweep.ts';

const tablesOf = (unique: boolean): string => `
CREATE TABLE keys (access_key text PRIMARY KEY);
CREATE TABLE active_sessions (
  session_id text PRIMARY KEY,
  access_key text NOT NULL REFERENCES keys${unique ? ' UNIQUE' : ''},
  device text NOT NULL,
  term integer NOT NULL,                         -- the port asks for one; the note has none
  last_heartbeat timestamptz NOT NULL
);
INSERT INTO keys VALUES ('L1')`;

const TERMS = `CREATE SEQUENCE terms`;

const LOOK_UP = `
SELECT session_id, device, term, ${AGE_AND_NOW}
FROM active_sessions WHERE access_key = $1 ORDER BY term DESC LIMIT 1`;

const INSERT = `
INSERT INTO active_sessions (session_id, access_key, device, term, last_heartbeat)
VALUES ($2, $1, $3, nextval('terms'), now())
RETURNING session_id, term, ${NOW}`;

type Start = (pool: Pool, command: StartCommand) => Promise<StartReply>;

const startInThree: Start = async (pool, command) => {
  const { license } = command.scope;
  const previous = await pool.query<HolderRow>(LOOK_UP, [license]);
  await pool.query('DELETE FROM active_sessions WHERE access_key = $1', [license]);
  const inserted = await pool.query<HolderRow>(INSERT, [license, command.session, command.device]);
  if (inserted.rows[0] === undefined) throw new Error('the insert returned no row');
  const [holder] = previous.rows;
  return granted(inserted.rows[0], s1, holder === undefined ? null : holderOf(holder));
};

/** The row of the key is locked first: it is there also when there is no session. */
const startUnderLock: Start = (pool, command) =>
  inTransaction(pool, async (client) => {
    const { license } = command.scope;
    await client.query('SELECT FROM keys WHERE access_key = $1 FOR UPDATE', [license]);
    const deleted = await client.query<HolderRow>(
      'DELETE FROM active_sessions WHERE access_key = $1 RETURNING session_id, device, term',
      [license],
    );
    const inserted = await client.query<HolderRow>(INSERT, [license, command.session, command.device]);
    if (inserted.rows[0] === undefined) throw new Error('the insert returned no row');
    const [holder] = deleted.rows;
    return granted(inserted.rows[0], s1, holder === undefined ? null : holderOf(holder));
  });

function s1Service(pool: Pool, start: Start, sweep: Sweep): SessionService {
  return {
    start: (command) => start(pool, command),
    heartbeat: async ({ session, term }) => {
      const { rows } = await pool.query<HolderRow>(
        `UPDATE active_sessions SET last_heartbeat = now() WHERE session_id = $1 AND term = $2 RETURNING term, ${NOW}`,
        [session, term],
      );
      return rows[0] === undefined ? gone('unknown') : renewed(rows[0], s1);
    },
    end: async ({ session, term }) => {
      const { rowCount } = await pool.query('DELETE FROM active_sessions WHERE session_id = $1 AND term = $2', [
        session,
        term,
      ]);
      return rowCount === 1 ? { type: 'ended' } : gone('unknown');
    },
    status: async ({ scope }) => {
      const { rows } = await pool.query<HolderRow>(LOOK_UP, [scope.license]);
      return rows[0] === undefined ? idle() : active(rows[0], s1);
    },
    sweep: () => sweep(pool),
  };
}

const system = (unique: boolean, start: Start, sweep: Sweep): SqlSystem => ({
  tables: `${TERMS};${tablesOf(unique)}`,
  service: ({ pool }) => s1Service(pool, start, sweep),
});

export const S1 = {
  before: system(false, startInThree, SWEEP_OF.repaired),
  after: system(true, startInThree, SWEEP_OF.repaired),
  sweepBefore: system(true, startUnderLock, SWEEP_OF.before),
  sweepAfter: system(true, startUnderLock, SWEEP_OF.after),
  sweepRepaired: system(true, startUnderLock, SWEEP_OF.repaired),
};
