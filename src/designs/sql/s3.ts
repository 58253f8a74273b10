/**
 * S3: strict blocking, checked and then claimed. The note's fix changes figures and messages, so the gap between the two
 * statements is there before and after it. Repaired, the check locks the row until the claim is committed.
 */
import type { ClientBase, Pool } from 'pg';
import { s3, s3Rollback } from '../../core/presets/s3.ts';
import type { Policy } from '../../core/policy.ts';
import type { SessionService } from '../../service/port.ts';
import { active, gone, granted, hasExpired, idle, refused, renewed, type HolderRow } from './answers.ts';
import { AGE_AND_NOW, NOW } from './columns.ts';
import { inTransaction, type SqlSystem } from './system.ts';

const TABLES = `
CREATE TABLE users (
  license_key text PRIMARY KEY,
  device_fingerprint text,
  last_heartbeat timestamptz,                   -- missing means released
  session_id text,
  term integer NOT NULL DEFAULT 0
);
INSERT INTO users (license_key) VALUES ('L1')`;

const CHECK = `
SELECT device_fingerprint AS device, session_id, term, ${AGE_AND_NOW}
FROM users WHERE license_key = $1`;

const CLAIM = `
UPDATE users SET device_fingerprint = $2, last_heartbeat = now(), session_id = $3, term = term + 1
WHERE license_key = $1
RETURNING session_id, term, ${NOW}`;

function service(pool: Pool, policy: Policy, locked: boolean): SessionService {
  const admit = locked
    ? <T>(work: (client: Pick<ClientBase, 'query'>) => Promise<T>) => inTransaction(pool, work)
    : <T>(work: (client: Pick<ClientBase, 'query'>) => Promise<T>) => work(pool);
  return {
    start: (command) =>
      admit(async (client) => {
        const { license } = command.scope;
        const found = await client.query<HolderRow>(locked ? `${CHECK} FOR UPDATE` : CHECK, [license]);
        const [holder] = found.rows;
        if (holder !== undefined && holder.age_ms !== null && !hasExpired(holder.age_ms, policy)) {
          return refused(holder, command, policy);
        }
        const claimed = await client.query<HolderRow>(CLAIM, [license, command.device, command.session]);
        if (claimed.rows[0] === undefined) throw new Error('there is no such license');
        return granted(claimed.rows[0], policy);
      }),
    heartbeat: async ({ scope, session, term }) => {
      const { rows } = await pool.query<HolderRow>(
        `UPDATE users SET last_heartbeat = now()
         WHERE license_key = $1 AND session_id = $2 AND term = $3 AND last_heartbeat IS NOT NULL
         RETURNING term, ${NOW}`,
        [scope.license, session, term],
      );
      return rows[0] === undefined ? gone('unknown') : renewed(rows[0], policy);
    },
    end: async ({ scope, session, term }) => {
      const { rowCount } = await pool.query(
        `UPDATE users SET last_heartbeat = NULL WHERE license_key = $1 AND session_id = $2 AND term = $3`,
        [scope.license, session, term],
      );
      return rowCount === 1 ? { type: 'ended' } : gone('unknown');
    },
    status: async ({ scope }) => {
      const { rows } = await pool.query<HolderRow>(CHECK, [scope.license]);
      const [holder] = rows;
      return holder === undefined || hasExpired(holder.age_ms, policy) ? idle() : active(holder, policy);
    },
  };
}

const system = (policy: Policy, locked: boolean): SqlSystem => ({
  tables: TABLES,
  service: ({ pool }) => service(pool, policy, locked),
});

export const S3 = {
  before: system(s3Rollback, false),
  after: system(s3, false),
  locked: system(s3, true),
};
