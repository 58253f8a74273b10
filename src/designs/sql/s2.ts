/**
 * S2: a heartbeat that writes the row whatever became of it, and whose failure nobody hears of. The fix reports the
 * failure; that the heartbeat inserts, and so brings back what was ended, it leaves as it is. Repaired, a heartbeat renews
 * the row of its own session and nothing else, and a start claims in one statement.
 */
import type { ClientBase, Pool } from 'pg';
import type { HeartbeatCommand, StartCommand } from '../../core/command.ts';
import { s2 } from '../../core/presets/s2.ts';
import type { HeartbeatReply, StartReply } from '../../core/reply.ts';
import type { SeatRow } from '../../history/history.ts';
import { readHeldRows } from './held-rows.ts';
import { active, gone, granted, hasExpired, idle, refused, renewed, type HolderRow } from './answers.ts';
import { AGE_AND_NOW, NOW } from './columns.ts';
import type { SqlTools } from './system.ts';
import type { SessionService } from '../../service/port.ts';

export const ACTIVE_SESSIONS = `
CREATE TABLE active_sessions (
  license_key text NOT NULL,
  symbol text NOT NULL,
  device text NOT NULL,
  session_id text NOT NULL,
  term integer NOT NULL,
  last_heartbeat timestamptz NOT NULL,
  PRIMARY KEY (license_key, symbol)
)`;

const TABLES = `${ACTIVE_SESSIONS};
CREATE TABLE senders (session_id text PRIMARY KEY, device text NOT NULL);
CREATE SEQUENCE terms`;

const CHECK = `
SELECT device, session_id, term, ${AGE_AND_NOW}
FROM active_sessions WHERE license_key = $1 AND symbol = $2`;

// The note's heartbeat sends its device along, the port's does not: it is remembered from the start.
const UPSERT = `
WITH sent AS (
  INSERT INTO senders SELECT $4, $3 WHERE $3::text IS NOT NULL ON CONFLICT DO NOTHING
)
INSERT INTO active_sessions (license_key, symbol, device, session_id, term, last_heartbeat)
VALUES (
  $1, $2, coalesce($3, (SELECT device FROM senders WHERE session_id = $4)), $4, coalesce($5, nextval('terms')), now())
ON CONFLICT (license_key, symbol) DO UPDATE
SET device = excluded.device, session_id = excluded.session_id, term = excluded.term, last_heartbeat = excluded.last_heartbeat
RETURNING session_id, term, ${NOW}`;

const CLAIM_IF_FREE = `
INSERT INTO active_sessions AS mine (license_key, symbol, device, session_id, term, last_heartbeat)
VALUES ($1, $2, $3, $4, nextval('terms'), now())
ON CONFLICT (license_key, symbol) DO UPDATE
SET device = excluded.device, session_id = excluded.session_id, term = excluded.term, last_heartbeat = excluded.last_heartbeat
WHERE mine.last_heartbeat <= now() - make_interval(secs => $5)
RETURNING session_id, term, ${NOW}`;

type Heartbeat = (pool: Pool, command: HeartbeatCommand) => Promise<HeartbeatReply>;
type Start = (pool: Pool, command: StartCommand) => Promise<StartReply>;

async function upsert(pool: Pool, { scope, session, term }: HeartbeatCommand): Promise<HolderRow | null> {
  const { rows } = await pool.query<HolderRow>(UPSERT, [scope.license, scope.symbol, null, session, term]);
  return rows[0] ?? null;
}

const heartbeatSwallowed: Heartbeat = async (pool, command) => {
  const row = await upsert(pool, command).catch(() => null);
  // Whatever happened, the client is told that all is well.
  return renewed({ term: command.term ?? 0, now_ms: row?.now_ms ?? 0 }, s2);
};

const heartbeatReported: Heartbeat = async (pool, command) => {
  try {
    const row = await upsert(pool, command);
    return row === null ? gone('unknown') : renewed(row, s2);
  } catch (error) {
    return { type: 'failed', why: 'store', message: error instanceof Error ? error.message : String(error) };
  }
};

const heartbeatOfItsOwn: Heartbeat = async (pool, { scope, session, term }) => {
  const { rows } = await pool.query<HolderRow>(
    `UPDATE active_sessions SET last_heartbeat = now()
     WHERE license_key = $1 AND symbol = $2 AND session_id = $3 AND term = $4
     RETURNING term, ${NOW}`,
    [scope.license, scope.symbol, session, term],
  );
  return rows[0] === undefined ? gone('unknown') : renewed(rows[0], s2);
};

const startInTwo: Start = async (pool, command) => {
  const { license, symbol } = command.scope;
  const { rows } = await pool.query<HolderRow>(CHECK, [license, symbol]);
  const [holder] = rows;
  if (holder !== undefined && !hasExpired(holder.age_ms, s2) && holder.device !== command.device) {
    return refused(holder, command, s2);
  }
  const written = await pool.query<HolderRow>(UPSERT, [license, symbol, command.device, command.session, null]);
  if (written.rows[0] === undefined) throw new Error('the upsert returned no row');
  return granted(written.rows[0], s2);
};

const startInOne: Start = async (pool, command) => {
  const { license, symbol } = command.scope;
  for (;;) {
    const values = [license, symbol, command.device, command.session, s2.timeout / 1000];
    const claimed = await pool.query<HolderRow>(CLAIM_IF_FREE, values);
    if (claimed.rows[0] !== undefined) return granted(claimed.rows[0], s2);
    const { rows } = await pool.query<HolderRow>(CHECK, [license, symbol]);
    const [holder] = rows;
    if (holder !== undefined && !hasExpired(holder.age_ms, s2)) {
      return holder.device === command.device ? granted(holder, s2) : refused(holder, command, s2);
    }
  }
};

function service(pool: Pool, start: Start, heartbeat: Heartbeat): Required<Omit<SessionService, 'sweep'>> {
  return {
    start: (command) => start(pool, command),
    heartbeat: (command) => heartbeat(pool, command),
    end: async ({ scope, session, term }) => {
      const { rowCount } = await pool.query(
        'DELETE FROM active_sessions WHERE license_key = $1 AND symbol = $2 AND session_id = $3 AND term = $4',
        [scope.license, scope.symbol, session, term],
      );
      return rowCount === 1 ? { type: 'ended' } : gone('unknown');
    },
    status: async ({ scope }) => {
      const { rows } = await pool.query<HolderRow>(CHECK, [scope.license, scope.symbol]);
      return rows[0] === undefined || hasExpired(rows[0].age_ms, s2) ? idle() : active(rows[0], s2);
    },
  };
}

const system = (start: Start, heartbeat: Heartbeat) => ({
  tables: TABLES,
  service: ({ pool }: Pick<SqlTools<unknown>, 'pool'>) => service(pool, start, heartbeat),
  rows: (client: ClientBase): Promise<readonly SeatRow[]> => readHeldRows(client, s2),
});

export const S2 = {
  before: system(startInTwo, heartbeatSwallowed),
  after: system(startInTwo, heartbeatReported),
  oneStatement: system(startInOne, heartbeatOfItsOwn),
};
