/** Calls that overlap for certain: all of them are under way before any can write. */
import type { Client } from 'pg';

/** How often to look whether the calls have come as far as they can. Some never wait, some wait for what is no lock. */
const MOST_LOOKS = 400;

/**
 * Holds the rows that the calls want, begins all of them, and lets go when each is answered or waits. So a statement that
 * reads before it locks has read what another is about to change, every time and not only now and then.
 */
export async function overlap(control: Client, schema: string, calls: readonly (() => Promise<void>)[]): Promise<void> {
  const holding = await holdRows(control, schema);
  let answered = 0;
  const running = calls.map(async (call) => {
    try {
      await call();
    } finally {
      answered += 1;
    }
  });
  // Heard of below; until then a call that fails early must not count as one that nobody waits for.
  const all = Promise.all(running);
  all.catch(() => undefined);
  if (holding) {
    for (let look = 0; look < MOST_LOOKS && answered + (await waiting(control)) < calls.length; look++);
    await control.query('COMMIT');
  }
  await all;
}

/** Whether the rows could be held: not while a table is missing. */
async function holdRows(control: Client, schema: string): Promise<boolean> {
  try {
    await control.query('BEGIN');
    // A first grant has no row yet; its foreign key waits for the license.
    await control.query(`SELECT FROM ${schema}.licenses FOR UPDATE`);
    await control.query(`SELECT FROM ${schema}.seats FOR UPDATE`);
    return true;
  } catch {
    await control.query('ROLLBACK');
    return false;
  }
}

/** How many connections wait for a lock that the control connection, or one of them, holds. */
async function waiting(control: Client): Promise<number> {
  const { rows } = await control.query<{ count: number }>({
    name: 'seatproof:waiting',
    text: `
      SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND cardinality(pg_blocking_pids(pid)) > 0`,
  });
  return rows[0]?.count ?? 0;
}
