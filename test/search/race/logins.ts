/** Logins of the simplest kind, whose orders can be counted by hand. */
import type { RaceCall } from '../../../src/search/race/call.ts';
import { explore, type Explored, type ExploreOptions } from '../../../src/search/race/explore.ts';
import type { Ground } from '../../../src/search/race/ground.ts';

export const TABLES = `CREATE TABLE seats (license text PRIMARY KEY, device text); INSERT INTO seats VALUES ('L1', NULL)`;

const CHECK = 'SELECT device FROM seats WHERE license = $1';

/** BEGIN, check, claim, COMMIT; `lock` goes behind the check. */
export function checkThenClaim(device: string, lock = ''): RaceCall {
  return {
    name: device,
    run: async ({ pool }) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const { rows } = await client.query<{ device: string | null }>(`${CHECK} ${lock}`, ['L1']);
        const free = rows[0]?.device === null;
        if (free) await client.query('UPDATE seats SET device = $2 WHERE license = $1', ['L1', device]);
        await client.query('COMMIT');
        return free ? 'granted' : 'refused';
      } catch (error) {
        await client.query('ROLLBACK');
        return `error ${String(Reflect.get(error as object, 'code'))}`;
      } finally {
        client.release();
      }
    },
  };
}

/** One conditional statement. */
export function claimIfFree(device: string): RaceCall {
  return {
    name: device,
    run: async ({ pool }) => {
      const sql = 'UPDATE seats SET device = $2 WHERE license = $1 AND device IS NULL RETURNING device';
      const { rowCount } = await pool.query(sql, ['L1', device]);
      return rowCount === 1 ? 'granted' : 'refused';
    },
  };
}

export interface Counted extends Explored {
  /** `granted, refused`, with how many schedules ended so. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export async function count(
  ground: Ground,
  calls: readonly RaceCall[],
  options: ExploreOptions = {},
): Promise<Counted> {
  const outcomes: Record<string, number> = {};
  const explored = await explore([ground], calls, options, ({ answers }) => {
    const outcome = answers
      .map((answer) => {
        if (answer.type === 'returned') return String(answer.value);
        return answer.type === 'threw' ? (answer.error as Error).message : answer.type;
      })
      .join(', ');
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  });
  return { ...explored, outcomes };
}
