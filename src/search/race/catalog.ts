/** What the schema of a run holds, as far as the reading of statements needs it. */
import type { Client } from 'pg';
import type { Catalog } from './statement.ts';

export async function readCatalog(control: Client, schema: string): Promise<Catalog> {
  const { rows: tables } = await control.query<{ name: string; opaque: boolean }>(
    `SELECT relname AS name,
       relkind NOT IN ('r', 'p')
         OR relhasrules OR relrowsecurity
         OR EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal)
         OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid OR inhparent = pg_class.oid) AS opaque
     FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')`,
    [schema],
  );
  const { rows: functions } = await control.query<{ name: string }>(
    `SELECT DISTINCT proname AS name FROM pg_proc
     WHERE pronamespace = $1::regnamespace
       AND proname NOT IN ('now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp', 'timeofday', 'age')`,
    [schema],
  );
  const { rows: keys } = await control.query<{ child: string; parent: string }>(
    `SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent
     FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype = 'f'`,
    [schema],
  );
  const { rows: schemas } = await control.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname NOT IN ($1, 'pg_catalog')`,
    [schema],
  );
  return {
    tables: grouped(
      tables.filter(({ opaque }) => !opaque).map(({ name }) => name),
      keys.map(({ child, parent }) => [unquoted(child), unquoted(parent)] as const),
    ),
    opaque: new Set([...tables.filter(({ opaque }) => opaque), ...functions].map(({ name }) => name)),
    schemas: new Set(schemas.map(({ name }) => name)),
  };
}

/** Tables that foreign keys connect are one group, named by one of them: a write of one locks rows of the other. */
function grouped(names: readonly string[], pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const group = new Map(names.map((name) => [name, name]));
  for (const [a, b] of pairs) {
    const [from, to] = [group.get(a) ?? a, group.get(b) ?? b];
    for (const [name, of] of group) if (of === from) group.set(name, to);
  }
  return group;
}

function unquoted(name: string): string {
  return (name.split('.').at(-1) ?? name).replaceAll('"', '');
}
