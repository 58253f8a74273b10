/** The clean-up job selects stale rows and then ends each by its id; the repaired one repeats the condition in the update. */
import { adjust, design, recommended, type WrittenDesign } from '../../../src/index.ts';
import { AT, gone, granted, MS, refused, renewed, type SessionRow } from '../answers.ts';

const policy = adjust(recommended, {
  name: 'workflow-reaper',
  onConflict: 'refuse',
  sameDevice: 'refuse',
  lateHeartbeat: 'revive',
  cleanUp: { every: '60s' },
  grace: { afterExpiry: '0s', afterTakeover: '0s' },
});

const EXPIRY = AT(`active_at + interval '60 s'`);
const STALE = `active_at + interval '60 s' <= now()`;

function reaper(name: string, condition: string): WrittenDesign {
  return design({
    name,
    policy,
    sql: {
      tables: `CREATE TABLE runs (id text PRIMARY KEY, session text, device text, term int NOT NULL DEFAULT 0,
          status text NOT NULL DEFAULT 'idle', active_at timestamptz);
        INSERT INTO runs (id) VALUES ('L1')`,
      service: ({ pool }) => ({
        start: async ({ scope: { license }, session, device }) => {
          const claimed = await pool.query<SessionRow>(
            `UPDATE runs SET session = $2, device = $3, term = term + 1, status = 'running', active_at = now()
             WHERE id = $1 AND status <> 'running' RETURNING session, term, ${EXPIRY} AS expiry`,
            [license, session, device],
          );
          if (claimed.rows[0] !== undefined) return granted(claimed.rows[0]);
          const { rows } = await pool.query<SessionRow>(
            `SELECT session, device, term, ${EXPIRY} AS expiry,
               greatest(1, ${MS(`active_at + interval '120 s' - now()`)}) AS wait FROM runs WHERE id = $1`,
            [license],
          );
          const [holder] = rows as [SessionRow];
          return holder.session === session ? granted(holder) : refused(holder, device);
        },
        heartbeat: async ({ scope: { license }, session, term }) => {
          const { rows } = await pool.query<SessionRow>(
            `UPDATE runs SET active_at = now() WHERE id = $1 AND session = $2 AND term = $3 AND status = 'running'
             RETURNING term, ${EXPIRY} AS expiry`,
            [license, session, term],
          );
          return rows[0] === undefined ? gone('expired') : renewed(rows[0]);
        },
        end: async ({ scope: { license }, session, term }) => {
          await pool.query(
            `UPDATE runs SET status = 'done' WHERE id = $1 AND session = $2 AND term = $3 AND status = 'running'`,
            [license, session, term],
          );
          return { type: 'ended' };
        },
        sweep: async () => {
          const { rows } = await pool.query<SessionRow & { id: string }>(
            `SELECT id, session, device, term FROM runs WHERE status = 'running' AND ${STALE}`,
          );
          const sessions = [];
          for (const { id, session, device, term } of rows) {
            const { rowCount } = await pool.query(
              `UPDATE runs SET status = 'timeout' WHERE id = $1 AND status = 'running' ${condition}`,
              [id],
            );
            if (rowCount === 1) sessions.push({ session, device, term, scope: { license: id, symbol: '' } });
          }
          return { type: 'swept', sessions };
        },
      }),
    },
  });
}

export const endsById = reaper('workflow-reaper', '');
export const repeatsCondition = reaper('workflow-reaper-fixed', `AND ${STALE}`);
