/** Every start fails by a statement on the pool, which ends the connection that it used. */
import { adjust, design, recommended } from '../../../src/index.ts';

export default design({
  name: 'missing-table',
  policy: adjust(recommended, { onConflict: 'refuse' }),
  sql: {
    tables: 'CREATE TABLE sessions (license text PRIMARY KEY, device text NOT NULL)',
    service: ({ pool }) => ({
      start: async () => {
        await pool.query('SELECT * FROM sesions');
        return { type: 'granted' };
      },
    }),
  },
});
