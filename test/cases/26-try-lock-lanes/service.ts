/** A start that fails where another one holds its lock. Only starts take the lock, so that a single one always gets it. */
import { inTransaction } from '../../../src/designs/sql/system.ts';
import { adjust, design, recommended } from '../../../src/index.ts';
import { AT, gone, granted, MS, refused, renewed, type SessionRow } from '../answers.ts';

const EXPIRY = AT(`beat + interval '60 s'`);

export const tryLock = design({
  name: 'try-lock',
  policy: adjust(recommended, {
    name: 'try-lock',
    onConflict: 'refuse',
    sameDevice: 'refuse',
    grace: { afterExpiry: '0s', afterTakeover: '0s' },
  }),
  sql: {
    tables: `CREATE TABLE jobs (job text PRIMARY KEY, session text, device text, term int NOT NULL DEFAULT 0,
        beat timestamptz);
      INSERT INTO jobs (job) VALUES ('L1')`,
    service: ({ pool }) => ({
      start: ({ scope: { license }, session, device }) =>
        inTransaction(pool, async (client) => {
          const lock = await client.query<{ got: boolean }>('SELECT pg_try_advisory_xact_lock(hashtext($1)) AS got', [
            license,
          ]);
          if (lock.rows[0]?.got !== true) {
            return { type: 'failed', why: 'store', message: 'another start holds the lock' } as const;
          }
          const { rows } = await client.query<Omit<SessionRow, 'wait'> & { wait: number | null }>(
            `SELECT session, device, term, ${MS(`beat + interval '60 s' - now()`)} AS wait
             FROM jobs WHERE job = $1 FOR UPDATE`,
            [license],
          );
          const [holder] = rows;
          if (holder !== undefined && holder.wait !== null && holder.wait > 0) {
            return refused({ ...holder, wait: holder.wait }, device);
          }
          const claimed = await client.query<SessionRow>(
            `UPDATE jobs SET session = $2, device = $3, beat = now(), term = term + 1 WHERE job = $1
             RETURNING session, term, ${EXPIRY} AS expiry`,
            [license, session, device],
          );
          return granted(claimed.rows[0] as SessionRow);
        }),
      heartbeat: ({ scope: { license }, session, term }) =>
        inTransaction(pool, async (client) => {
          const { rows } = await client.query<SessionRow>(
            `UPDATE jobs SET beat = now() WHERE job = $1 AND session = $2 AND term = $3
             AND beat + interval '60 s' > now() RETURNING term, ${EXPIRY} AS expiry`,
            [license, session, term],
          );
          return rows[0] === undefined ? gone() : renewed(rows[0]);
        }),
      end: ({ scope: { license }, session, term }) =>
        inTransaction(pool, async (client) => {
          await client.query('UPDATE jobs SET beat = NULL WHERE job = $1 AND session = $2 AND term = $3', [
            license,
            session,
            term,
          ]);
          return { type: 'ended' } as const;
        }),
    }),
  },
});
