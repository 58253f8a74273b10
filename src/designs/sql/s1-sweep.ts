/**
 * The clean-up job of S1. It selects what is stale, for its log, and then deletes by id; a heartbeat in between is lost.
 * A transaction round the two changes nothing about that. Repaired, the delete repeats the condition.
 */
import type { ClientBase, Pool } from 'pg';
import { s1 } from '../../core/presets/s1.ts';
import type { SweepReply } from '../../core/reply.ts';
import { swept, type HolderRow } from './answers.ts';
import { inTransaction } from './system.ts';

export type Sweep = (pool: Pool) => Promise<SweepReply>;

const STALE = `last_heartbeat < now() - make_interval(secs => $1)`;
const SECONDS = s1.timeout / 1000;

async function selectThenDelete(client: Pick<ClientBase, 'query'>): Promise<SweepReply> {
  const stale = await client.query<HolderRow>(`SELECT session_id, device, term FROM active_sessions WHERE ${STALE}`, [
    SECONDS,
  ]);
  if (stale.rows.length === 0) return swept([]);
  const deleted = await client.query<HolderRow>(
    'DELETE FROM active_sessions WHERE session_id = ANY ($1) RETURNING session_id, device, term',
    [stale.rows.map(({ session_id: id }) => id)],
  );
  return swept(deleted.rows);
}

export const SWEEP_OF: Record<'before' | 'after' | 'repaired', Sweep> = {
  before: (pool) => selectThenDelete(pool),
  after: (pool) => inTransaction(pool, selectThenDelete),
  repaired: async (pool) => {
    const { rows } = await pool.query<HolderRow>(
      `DELETE FROM active_sessions WHERE ${STALE} RETURNING session_id, device, term`,
      [SECONDS],
    );
    return swept(rows);
  },
};
