/** One open row a license, by a partial unique index. The index ignores the expiry, and only one variant closes an expired row. */
import type { StartCommand } from '../../../src/core/command.ts';
import { adjust, design, recommended, type WrittenDesign } from '../../../src/index.ts';
import { AT, gone, granted, MS, refused, renewed, type SessionRow } from '../answers.ts';

const policy = adjust(recommended, {
  name: 'one-pending',
  onConflict: 'refuse',
  sameDevice: 'refuse',
  grace: { afterExpiry: '0s', afterTakeover: '0s' },
});

const EXPIRY = AT('expires_at');
const OPEN = `SELECT session, device, id AS term, ${EXPIRY} AS expiry, greatest(1, ${MS('expires_at - now()')}) AS wait
  FROM sessions WHERE license = $1 AND ended_at IS NULL`;
const CLOSES = `UPDATE sessions SET ended_at = expires_at
  WHERE license = $1 AND ended_at IS NULL AND expires_at <= now()`;

function onePending(name: string, { closes = false, catches = false }): WrittenDesign {
  return design({
    name,
    policy,
    sql: {
      tables: `CREATE TABLE sessions (id serial PRIMARY KEY, license text NOT NULL, session text NOT NULL,
          device text NOT NULL, expires_at timestamptz NOT NULL, ended_at timestamptz);
        CREATE UNIQUE INDEX one_open ON sessions (license) WHERE ended_at IS NULL`,
      service: ({ pool }) => {
        const claims = async ({ scope: { license }, session, device }: StartCommand) => {
          const { rows } = await pool.query<SessionRow>(
            `INSERT INTO sessions (license, session, device, expires_at) VALUES ($1, $2, $3, now() + interval '60 s')
             RETURNING session, id AS term, ${EXPIRY} AS expiry`,
            [license, session, device],
          );
          return granted(rows[0] as SessionRow);
        };
        return {
          start: async (command) => {
            const { license } = command.scope;
            if (closes) await pool.query(CLOSES, [license]);
            const mine = await pool.query<SessionRow>(`${OPEN} AND session = $2`, [license, command.session]);
            if (mine.rows[0] !== undefined) return granted(mine.rows[0]);
            try {
              return await claims(command);
            } catch (error) {
              if (!catches || Reflect.get(error as object, 'code') !== '23505') throw error;
              const { rows } = await pool.query<SessionRow>(OPEN, [license]);
              return rows[0] === undefined ? { type: 'failed', why: 'store' } : refused(rows[0], command.device);
            }
          },
          heartbeat: async ({ session, term }) => {
            const { rows } = await pool.query<SessionRow>(
              `UPDATE sessions SET expires_at = now() + interval '60 s'
               WHERE session = $1 AND id = $2 AND ended_at IS NULL AND expires_at > now()
               RETURNING id AS term, ${EXPIRY} AS expiry`,
              [session, term],
            );
            return rows[0] === undefined ? gone() : renewed(rows[0]);
          },
          end: async ({ session, term }) => {
            await pool.query('UPDATE sessions SET ended_at = now() WHERE session = $1 AND id = $2', [session, term]);
            return { type: 'ended' };
          },
        };
      },
    },
  });
}

export const throws = onePending('one-pending-throws', {});
export const refuses = onePending('one-pending-refuses', { catches: true });
export const closesExpired = onePending('one-pending-fixed', { closes: true, catches: true });
