/** Notes how rows arrive: in production node-postgres returns a bigint and a count as text. */
import { adjust, design, recommended } from 'seatproof';

export const seen: object[] = [];

export default design({
  name: 'node-types',
  policy: adjust(recommended, { onConflict: 'refuse' }),
  sql: {
    tables: 'CREATE TABLE sessions (license text PRIMARY KEY)',
    service: ({ pool }) => ({
      async start() {
        const { rows } = await pool.query<{ big: unknown; n: unknown; small: unknown }>(
          'SELECT 1::bigint AS big, count(*) AS n, 1::int AS small FROM sessions',
        );
        const [row] = rows;
        seen.push({ bigint: typeof row?.big, count: typeof row?.n, int: typeof row?.small });
        return { type: 'granted' };
      },
    }),
  },
});
