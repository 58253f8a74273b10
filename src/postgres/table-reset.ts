/**
 * Puts the tables of a schema back, row by row, in one round trip. What they hold when the reset is made is what each
 * execution begins with. Rows are deleted and inserted, never truncated, and nothing is defined anew: that would cost a
 * file, or every plan.
 */
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import type { Instant } from '../core/time.ts';

type Reset = { readonly name: string; readonly text: string };
const resetNamed = (name: string): Reset => ({ name, text: `SELECT ${name}()` });

/** To what an execution begins with. */
export const RESET = resetNamed('seatproof_race_reset');
/** To what the tables held when they were made. */
export const RESET_AS_MADE = resetNamed('seatproof_race_reset_as_made');

/** Makes the reset of the tables as they are now; the clock is put to `now`. */
export async function makeReset(control: Client, schema: string, now: Instant, reset = RESET): Promise<void> {
  const tables = await tablesOf(control, schema);
  const deletes = tables.map(({ name }) => `DELETE FROM ${name};`);
  const inserts: string[] = [];
  for (const { name, columns } of tables.toReversed()) {
    const { rows } = await control.query<{ all: string | null }>(`SELECT json_agg(t)::text AS all FROM ${name} t`);
    const all = rows[0]?.all ?? null;
    if (all === null || columns.length === 0) continue;
    const list = columns.join(', ');
    inserts.push(
      `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM json_populate_recordset(NULL::${name}, ${escapeLiteral(all)});`,
    );
  }
  const sequences = await sequencesOf(control, schema);
  const body = [...deletes, ...inserts, ...sequences, `PERFORM ${schema}.seatproof_reset_clock(${now});`].join('\n');
  await control.query(
    `CREATE OR REPLACE FUNCTION ${reset.name}() RETURNS void LANGUAGE plpgsql AS $seatproof$ BEGIN\n${body}\nEND $seatproof$`,
  );
}

/** The tables that there are, in quotes where they need them. */
export async function tableNames(control: Client, schema: string): Promise<readonly string[]> {
  return (await tablesOf(control, schema)).map(({ name }) => name);
}

/** Drops the tables that calls have made: an execution begins without them. */
export async function dropOtherTables(control: Client, schema: string, known: readonly string[]): Promise<void> {
  const made = (await tableNames(control, schema)).filter((name) => !known.includes(name));
  if (made.length > 0) await control.query(`DROP TABLE ${made.join(', ')} CASCADE`);
}

interface Table {
  readonly name: string;
  /** Without the generated ones. */
  readonly columns: readonly string[];
}

/** Those that refer to others before those. */
async function tablesOf(control: Client, schema: string): Promise<readonly Table[]> {
  const { rows } = await control.query<{ name: string; columns: string[] | null; parents: string[] | null }>(
    `SELECT relname AS name,
       (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
       (SELECT array_agg(parent.relname::text) FROM pg_constraint JOIN pg_class parent ON parent.oid = confrelid
        WHERE conrelid = pg_class.oid AND contype = 'f' AND confrelid <> conrelid) AS parents
     FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'seatproof_clock'
     ORDER BY relname`,
    [schema],
  );
  const ordered: typeof rows = [];
  const place = (row: (typeof rows)[number], above: readonly string[]): void => {
    if (ordered.includes(row) || above.includes(row.name)) return;
    for (const other of rows) if (other.parents?.includes(row.name) === true) place(other, [...above, row.name]);
    ordered.push(row);
  };
  for (const row of rows) place(row, []);
  return ordered.map(({ name, columns }) => ({
    name: escapeIdentifier(name),
    columns: (columns ?? []).map((column) => escapeIdentifier(column)),
  }));
}

async function sequencesOf(control: Client, schema: string): Promise<readonly string[]> {
  const { rows } = await control.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind = 'S' AND relname NOT LIKE 'seatproof_clock%' ORDER BY relname`,
    [schema],
  );
  const statements: string[] = [];
  for (const { name } of rows) {
    const quoted = escapeIdentifier(name);
    const at = await control.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${quoted}`,
    );
    const { last = '1', called = false } = at.rows[0] ?? {};
    statements.push(`PERFORM setval(${escapeLiteral(`${schema}.${quoted}`)}, ${last}, ${called});`);
  }
  return statements;
}

/** Every row of every table, as text, to compare what two executions left. */
export async function contentsOf(control: Client, schema: string): Promise<string> {
  const tables = await tablesOf(control, schema);
  const parts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await control.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    parts.push(`${name}: ${rows.map(({ row }) => row).join(' ')}`);
  }
  return parts.join('\n');
}
