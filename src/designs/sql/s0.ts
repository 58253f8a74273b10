/**
 * S0: a row for each user, cleared of a stale session when somebody logs in. Before its fix only a login from another
 * device cleared it; the fix clears first, then checks, then claims, as three statements, between which another login
 * fits. Repaired, one statement clears, checks and claims.
 */
import type { Pool } from 'pg';
import type { StartCommand } from '../../core/command.ts';
import { s0 } from '../../core/presets/s0.ts';
import type { StartReply } from '../../core/reply.ts';
import type { SessionService } from '../../service/port.ts';
import { active, gone, granted, hasExpired, idle, refused, renewed, type HolderRow } from './answers.ts';
import { AGE_AND_NOW, NOW } from './columns.ts';
import type { SqlSystem } from './system.ts';

// The session and the count of grants are not in the note's table; the port asks for both.
const TABLES = `
CREATE TABLE users (
  license_key text PRIMARY KEY,
  device_fingerprint text,
  last_heartbeat timestamptz,
  session_id text,
  term integer NOT NULL DEFAULT 0
);
INSERT INTO users (license_key) VALUES ('L1')`;

const TIMEOUT = s0.timeout / 1000;

const CHECK = `
SELECT device_fingerprint AS device, session_id, term, ${AGE_AND_NOW}
FROM users WHERE license_key = $1`;

const CLEAR = `
UPDATE users SET device_fingerprint = NULL, last_heartbeat = NULL
WHERE license_key = $1 AND (last_heartbeat IS NULL OR last_heartbeat < now() - make_interval(secs => $2))`;

const CLAIM = `
UPDATE users SET device_fingerprint = $2, last_heartbeat = now(), session_id = $3, term = term + 1
WHERE license_key = $1
RETURNING session_id, term, ${NOW}`;

/** The same device comes back into the session that is there. */
const CLAIM_IF_FREE = `
UPDATE users
SET
  device_fingerprint = $2,
  last_heartbeat = now(),
  session_id = CASE WHEN last_heartbeat >= now() - make_interval(secs => $4) THEN session_id ELSE $3 END,
  term = CASE WHEN last_heartbeat >= now() - make_interval(secs => $4) THEN term ELSE term + 1 END
WHERE license_key = $1
  AND (last_heartbeat IS NULL OR last_heartbeat < now() - make_interval(secs => $4) OR device_fingerprint = $2)
RETURNING session_id, term, ${NOW}`;

const BACK = `
UPDATE users SET last_heartbeat = now()
WHERE license_key = $1
RETURNING session_id, term, ${NOW}`;

type Start = (pool: Pool, command: StartCommand) => Promise<StartReply>;

const startBefore: Start = async (pool, command) => {
  const { license } = command.scope;
  const holder = await holderOn(pool, license);
  if (holder !== null && !hasExpired(holder.age_ms, s0)) {
    return holder.device === command.device
      ? granted(await first(pool, BACK, [license]), s0)
      : refused(holder, command, s0);
  }
  if (holder !== null && holder.device !== command.device) await pool.query(CLEAR, [license, TIMEOUT]);
  return granted(await first(pool, CLAIM, [license, command.device, command.session]), s0);
};

const startAfter: Start = async (pool, command) => {
  const { license } = command.scope;
  await pool.query(CLEAR, [license, TIMEOUT]);
  const holder = await holderOn(pool, license);
  if (holder !== null) {
    return holder.device === command.device
      ? granted(await first(pool, BACK, [license]), s0)
      : refused(holder, command, s0);
  }
  return granted(await first(pool, CLAIM, [license, command.device, command.session]), s0);
};

const startInOne: Start = async (pool, command) => {
  const { license } = command.scope;
  for (;;) {
    const claimed = await pool.query<HolderRow>(CLAIM_IF_FREE, [license, command.device, command.session, TIMEOUT]);
    const [row] = claimed.rows;
    if (row !== undefined) return granted(row, s0);
    const holder = await holderOn(pool, license);
    // Freed between the two statements: then it is asked for again.
    if (holder !== null && !hasExpired(holder.age_ms, s0)) return refused(holder, command, s0);
  }
};

function service(pool: Pool, start: Start): SessionService {
  return {
    start: (command) => start(pool, command),
    heartbeat: async ({ scope, session, term }) => {
      const { rows } = await pool.query<HolderRow>(
        `UPDATE users SET last_heartbeat = now()
         WHERE license_key = $1 AND session_id = $2 AND term = $3 AND last_heartbeat IS NOT NULL
         RETURNING term, ${NOW}`,
        [scope.license, session, term],
      );
      return rows[0] === undefined ? gone('unknown') : renewed(rows[0], s0);
    },
    end: async ({ scope, session, term }) => {
      const { rowCount } = await pool.query(
        `UPDATE users SET device_fingerprint = NULL, last_heartbeat = NULL
         WHERE license_key = $1 AND session_id = $2 AND term = $3`,
        [scope.license, session, term],
      );
      return rowCount === 1 ? { type: 'ended' } : gone('unknown');
    },
    status: async ({ scope }) => {
      const holder = await holderOn(pool, scope.license);
      return holder === null || hasExpired(holder.age_ms, s0) ? idle() : active(holder, s0);
    },
  };
}

async function holderOn(pool: Pool, license: string): Promise<HolderRow | null> {
  const { rows } = await pool.query<HolderRow>(CHECK, [license]);
  const [row] = rows;
  return row === undefined || row.device === null || row.age_ms === null ? null : row;
}

async function first(pool: Pool, sql: string, values: unknown[]): Promise<HolderRow> {
  const { rows } = await pool.query<HolderRow>(sql, values);
  if (rows[0] === undefined) throw new Error('there is no such license');
  return rows[0];
}

const system = (start: Start): SqlSystem => ({ tables: TABLES, service: ({ pool }) => service(pool, start) });

export const S0 = {
  before: system(startBefore),
  after: system(startAfter),
  oneStatement: system(startInOne),
};
