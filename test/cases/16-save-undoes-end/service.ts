/** Renewal reads the row, does something slow, and saves the whole row: it undoes an end that came in between. */
import { adjust, design, recommended, type WrittenDesign } from '../../../src/index.ts';
import { AT, gone, granted, MS, refused, renewed, type SessionRow } from '../answers.ts';

const policy = adjust(recommended, {
  name: 'discovery',
  onConflict: 'refuse',
  sameDevice: 'refuse',
  grace: { afterExpiry: '0s', afterTakeover: '0s' },
});

interface Row extends SessionRow {
  readonly ws: string;
  readonly state: string;
  readonly live: boolean;
}

const EXPIRY = AT(`beat + interval '60 s'`);
const SAVES = `INSERT INTO discovery VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (ws)
  DO UPDATE SET session = $2, device = $3, term = $4, state = $5, beat = now() RETURNING term, ${EXPIRY} AS expiry`;
const RENEWS = `UPDATE discovery SET beat = now() WHERE ws = $1 AND session = $2 AND device = $3 AND term = $4
  AND state = $5 AND beat + interval '60 s' > now() RETURNING term, ${EXPIRY} AS expiry`;

/** `renews` is the statement of the heartbeat. The service shows no rows. */
function discovery(name: string, renews: string): WrittenDesign {
  return design({
    name,
    policy,
    sql: {
      tables: `CREATE TABLE discovery (ws text PRIMARY KEY, session text NOT NULL, device text NOT NULL,
        term int NOT NULL, state text NOT NULL, beat timestamptz NOT NULL)`,
      service: ({ pool, step }) => ({
        start: async ({ scope: { license }, session, device }) => {
          const claimed = await pool.query<Row>(
            `INSERT INTO discovery VALUES ($1, $2, $3, 1, 'active', now()) ON CONFLICT (ws)
             DO UPDATE SET session = $2, device = $3, term = discovery.term + 1, state = 'active', beat = now()
             WHERE discovery.state <> 'active' OR discovery.beat + interval '60 s' <= now()
             RETURNING session, term, ${EXPIRY} AS expiry`,
            [license, session, device],
          );
          if (claimed.rows[0] !== undefined) return granted(claimed.rows[0]);
          const { rows } = await pool.query<Row>(
            `SELECT session, device, term, ${EXPIRY} AS expiry, ${MS(`beat + interval '60 s' - now()`)} AS wait
             FROM discovery WHERE ws = $1`,
            [license],
          );
          const [holder] = rows as [Row];
          return holder.session === session ? granted(holder) : refused(holder, device);
        },
        heartbeat: async ({ scope: { license }, session, term }) => {
          const { rows } = await pool.query<Row>(
            `SELECT *, beat + interval '60 s' > now() AS live FROM discovery WHERE ws = $1`,
            [license],
          );
          const [row] = rows;
          if (row?.session !== session || row.term !== term || row.state !== 'active' || !row.live) return gone();
          await step('asks the model', () => undefined);
          const saved = await pool.query<Row>(renews, [row.ws, row.session, row.device, row.term, row.state]);
          return saved.rows[0] === undefined ? gone() : renewed(saved.rows[0]);
        },
        end: async ({ scope: { license }, session, term }) => {
          await pool.query(`UPDATE discovery SET state = 'ended' WHERE ws = $1 AND session = $2 AND term = $3`, [
            license,
            session,
            term,
          ]);
          return { type: 'ended' };
        },
      }),
    },
  });
}

export const savesWholeRow = discovery('discovery', SAVES);
export const renewsConditionally = discovery('discovery-fixed', RENEWS);
