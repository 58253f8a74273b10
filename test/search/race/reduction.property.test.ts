/** Leaving out equivalent orders loses no outcome: random programs, played in every order and in one of each class. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { START } from '../../../src/core/time.ts';
import type { RaceCall } from '../../../src/search/race/call.ts';
import { explore, interleavings } from '../../../src/search/race/explore.ts';
import { memoryGround } from '../../../src/search/race/ground.ts';
import type { Lane } from '../../../src/search/race/lane.ts';
import { contentsOf } from '../../../src/postgres/table-reset.ts';
import { seed } from '../../seed.ts';
import { laneWith } from './lane-for-tests.ts';

const TABLES = `
CREATE TABLE t1 (id int PRIMARY KEY, v int NOT NULL);
CREATE TABLE t2 (id int PRIMARY KEY, v int NOT NULL, ref int REFERENCES t1);
CREATE TABLE t3 (id int PRIMARY KEY, v int NOT NULL);
INSERT INTO t1 VALUES (1, 0), (2, 0); INSERT INTO t2 VALUES (1, 0, 1); INSERT INTO t3 VALUES (1, 0), (2, 0)`;

let lane: Lane;
beforeAll(async () => {
  lane = await laneWith(TABLES);
});
afterAll(() => lane.close());

const table = fc.constantFrom('t1', 't1', 't2', 't3');
const id = fc.constantFrom(1, 1, 2);
const on = (text: (t: string, n: number) => string) => fc.tuple(table, id).map(([t, n]) => text(t, n));
const statement = fc.oneof(
  on((t, n) => `SELECT v FROM ${t} WHERE id = ${n}`),
  on((t) => `SELECT sum(v) AS v FROM ${t}`),
  on((t, n) => `SELECT v FROM ${t} WHERE id = ${n} FOR UPDATE`),
  on((t, n) => `UPDATE ${t} SET v = v * 2 + $1 WHERE id = ${n}`),
  on((t, n) => `UPDATE ${t} SET v = v + $1 WHERE id = ${n} AND v < 3 RETURNING v`),
  on((t) => `INSERT INTO ${t} (id, v) VALUES (3, $1)`),
  on((t, n) => `DELETE FROM ${t} WHERE id = ${n}`),
);
const program = fc.record({
  end: fc.constantFrom('COMMIT', 'COMMIT', 'ROLLBACK', null),
  statements: fc.array(statement, { minLength: 1, maxLength: 2 }),
});
type Program = typeof program extends fc.Arbitrary<infer P> ? P : never;

function callOf({ end, statements }: Program, index: number): RaceCall {
  return {
    name: `call ${index}`,
    run: async ({ pool }) => {
      const client = await pool.connect();
      const seen: string[] = [];
      try {
        if (end !== null) await client.query('BEGIN');
        for (const sql of statements) {
          const { rows, rowCount } = await client.query(sql, sql.includes('$1') ? [index + 1] : []);
          seen.push(`${rowCount}: ${rows.map((row) => row.v).join()}`);
        }
        if (end !== null) await client.query(end);
      } catch (error) {
        seen.push(String(Reflect.get(error as object, 'code')));
        if (end !== null) await client.query('ROLLBACK');
      }
      client.release();
      return seen.join(' ');
    },
  };
}

test('random programs on Postgres end alike at every level', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(program, { minLength: 2, maxLength: 3 }),
      fc.constantFrom('read committed', 'read committed', 'repeatable read', 'serializable' as const),
      async (programs, isolation) => {
        fc.pre(interleavings(programs.map(({ end, statements }) => statements.length + (end === null ? 0 : 2))) <= 70);
        await lane.begin(isolation, () => Promise.resolve(START));
        const outcomes = async (mode: 'raw' | 'reduced'): Promise<ReadonlySet<string>> => {
          const seen = new Set<string>();
          await explore([lane], programs.map(callOf), { mode }, async ({ answers }) => {
            const contents = await contentsOf(lane.control, lane.schema.name);
            seen.add(`${JSON.stringify(answers)}\n${contents.replaceAll(/^"?seatproof.*\n?/gm, '')}`);
          });
          return seen;
        };
        const [raw, reduced] = [await outcomes('raw'), await outcomes('reduced')];
        expect(raw.size).toBeGreaterThan(0);
        expect([...reduced].toSorted()).toEqual([...raw].toSorted());
      },
    ),
    { seed, numRuns: 12 },
  );
});

test('random programs in memory end alike', async () => {
  const memory = new Map<string, number>();
  const ground = memoryGround(() => memory.clear());
  const step = fc.constantFrom('read x', 'write x', 'double x', 'write y', 'read y');
  const callFor = (labels: readonly string[], index: number): RaceCall => ({
    name: `call ${index}`,
    run: async (tools) => {
      const seen: number[] = [];
      for (const label of labels) {
        await tools.step(label, () => {
          const [what = '', key = ''] = label.split(' ');
          const value = memory.get(key) ?? 0;
          if (what === 'read') seen.push(value);
          else memory.set(key, what === 'double' ? value * 2 : value + index + 1);
        });
      }
      return seen.join();
    },
  });
  const lists = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(lists, async (labels) => {
      const outcomes = async (mode: 'raw' | 'reduced'): Promise<readonly string[]> => {
        const seen = new Set<string>();
        await explore([ground], labels.map(callFor), { mode }, ({ answers }) => {
          seen.add(JSON.stringify([answers, memory.get('x'), memory.get('y')]));
        });
        return [...seen].toSorted();
      };
      const [raw, reduced] = [await outcomes('raw'), await outcomes('reduced')];
      expect(raw).not.toEqual([]);
      expect(reduced).toEqual(raw);
    }),
    { seed, numRuns: 10 },
  );
});
