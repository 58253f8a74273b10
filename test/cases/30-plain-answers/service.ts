/** A login handler that answers `{ ok: true }` or 409 with a wait: it tells no term, no expiry and no holder. */
import type { Pool } from 'pg';
import { adjust, design, recommended, type WrittenDesign } from '../../../src/index.ts';

interface Answer {
  readonly status: number;
  readonly wait?: number;
}

interface Row {
  readonly wait: number;
}

type Login = (pool: Pool, license: string, device: string, token: string) => Promise<Answer>;

const WAIT = `ceil(extract(epoch FROM last_heartbeat + interval '60 s' - now()))::int AS wait`;
const UPSERT = `INSERT INTO sessions VALUES ($1, $2, $3, now()) ON CONFLICT (license)
  DO UPDATE SET device = $2, token = $3, last_heartbeat = now()`;

const inOneStatement: Login = async (pool, license, device, token) => {
  const { rowCount } = await pool.query(
    `${UPSERT} WHERE sessions.device = $2 OR sessions.last_heartbeat <= now() - interval '60 s'`,
    [license, device, token],
  );
  if (rowCount === 1) return { status: 200 };
  const { rows } = await pool.query<Row>(`SELECT ${WAIT} FROM sessions WHERE license = $1`, [license]);
  return { status: 409, wait: rows[0]?.wait ?? 0 };
};

const checkThenClaim: Login = async (pool, license, device, token) => {
  const { rows } = await pool.query<Row>(
    `SELECT ${WAIT} FROM sessions
     WHERE license = $1 AND device <> $2 AND last_heartbeat > now() - interval '60 s'`,
    [license, device],
  );
  if (rows[0] !== undefined) return { status: 409, wait: rows[0].wait };
  await pool.query(UPSERT, [license, device, token]);
  return { status: 200 };
};

function handler(name: string, login: Login): WrittenDesign {
  return design({
    name,
    policy: adjust(recommended, { name, onConflict: 'refuse' }),
    sql: {
      tables: `CREATE TABLE sessions (license text PRIMARY KEY, device text NOT NULL, token text NOT NULL,
        last_heartbeat timestamptz NOT NULL)`,
      service: ({ pool }) => ({
        start: async ({ scope: { license }, session, device }) => {
          const { status, wait = 0 } = await login(pool, license, device, session);
          return status === 200 ? { type: 'granted' } : { type: 'refused', retryAfter: wait * 1000 };
        },
        heartbeat: async ({ scope: { license }, session }) => {
          const { rowCount } = await pool.query(
            `UPDATE sessions SET last_heartbeat = now()
             WHERE license = $1 AND token = $2 AND last_heartbeat > now() - interval '60 s'`,
            [license, session],
          );
          return rowCount === 1 ? { type: 'renewed' } : { type: 'gone' };
        },
        end: async ({ scope: { license }, session }) => {
          await pool.query('DELETE FROM sessions WHERE license = $1 AND token = $2', [license, session]);
          return { type: 'ended' };
        },
      }),
    },
  });
}

export const atomic = handler('login-atomic', inOneStatement);
export const naive = handler('login-naive', checkThenClaim);
