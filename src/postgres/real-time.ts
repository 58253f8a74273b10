/** Rejects SQL that would read the real time past the virtual clock, in statements and in what a schema holds. */
import type { ClientBase } from 'pg';
import { UsageError, type Place } from '../core/failures.ts';
import { CLOCK_FUNCTIONS } from './clock.ts';
import { tokensOf } from './sql-text.ts';
import { findRealTime, typeAfter, type RealTime } from './time-reading.ts';

/** Throws `UsageError` that names what reads the real time, the line in the SQL, and what to write instead. */
export function rejectRealTime(sql: string, place: Place | null = null): void {
  const found = findRealTime(sql);
  if (found === null) return;
  throw new UsageError(
    `${found.what} in line ${found.line} of the SQL reads the real time, which a run cannot set: write ${found.instead} instead`,
    place === null ? null : { ...place, line: (place.line ?? 1) + found.line - 1 },
  );
}

/**
 * The same for what a schema holds already: defaults, generated columns, constraints, views, triggers and functions, other
 * than those of the virtual clock. The schema must be the first in the client's search path: only then do its own functions
 * print without a schema, and those of the system with one.
 */
export async function rejectRealTimeInSchema(client: ClientBase, schema: string): Promise<void> {
  const path = await client.query<{ first: string }>('SELECT current_schema() AS first');
  const first = path.rows[0]?.first;
  if (first !== schema) {
    throw new Error(`the search path begins with ${first}; to look for the real time it must begin with ${schema}`);
  }
  const { rows } = await client.query<{ what: string; sql: string }>(EVERYTHING, [schema, CLOCK_FUNCTIONS]);
  const days = await client.query<{ day: string }>(REAL_DAYS);
  const aroundToday = new Set(days.rows.map(({ day }) => day));
  for (const { what, sql } of rows) {
    const found = findRealTime(sql) ?? findFrozenTime(sql, aroundToday);
    if (found !== null) {
      throw new UsageError(
        `${what} reads the real time with ${found.what}, which a run cannot set: write ${found.instead} instead, ` +
          `and make it while the schema of the run stands first in the search path`,
      );
    }
  }
}

/**
 * A time of today in what a schema holds: the server turns a literal 'now' into the time at which it was written when it
 * makes a default or a view of it. No run means a real day: its own time begins in the year 2000.
 */
function findFrozenTime(sql: string, aroundToday: ReadonlySet<string>): RealTime | null {
  const tokens = tokensOf(sql);
  for (const [i, { kind, text, line }] of tokens.entries()) {
    if (kind !== 'string' || !aroundToday.has(text.slice(0, 10)) || typeAfter(tokens, i) === null) continue;
    return { what: `a time of today, '${text}', which was 'now' when it was made`, instead: 'now()', line };
  }
  return null;
}

const REAL_DAYS = `SELECT (pg_catalog.now()::date + distance)::text AS day FROM generate_series(-1, 1) AS distance`;

const EVERYTHING = `
SELECT what, sql
FROM (
  SELECT
    CASE attgenerated WHEN '' THEN 'the default of ' ELSE 'the generated column ' END || relname || '.' || attname AS what,
    pg_get_expr(adbin, adrelid) AS sql
  FROM pg_attrdef
    JOIN pg_class ON pg_class.oid = adrelid
    JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
  WHERE relnamespace = $1::regnamespace
  UNION ALL
  SELECT 'the constraint ' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype = 'c'
  UNION ALL
  SELECT 'the view ' || relname, pg_get_viewdef(oid)
  FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('v', 'm')
  UNION ALL
  SELECT 'the trigger ' || tgname, pg_get_triggerdef(pg_trigger.oid)
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = $1::regnamespace AND NOT tgisinternal
  UNION ALL
  SELECT 'the function ' || proname, pg_get_functiondef(oid)
  FROM pg_proc
  WHERE pronamespace = $1::regnamespace AND prokind IN ('f', 'p') AND proname <> ALL ($2::text[])
) AS found
ORDER BY what`;
