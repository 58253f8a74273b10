/** Whether the tables of the reference design are there, whole. */
import type { ClientBase } from 'pg';
import { EnvironmentError } from '../../core/failures.ts';

/** What `migrate` makes. A column's type is followed by ` not null` where it is. */
const COLUMNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  licenses: { license_key: 'text not null' },
  seats: {
    license_key: 'text not null',
    symbol: 'text not null',
    term: 'bigint not null',
    session_id: 'text not null',
    device: 'text not null',
    state: 'text not null',
    started_at: 'timestamp with time zone not null',
    last_heartbeat: 'timestamp with time zone',
    timeout_ms: 'bigint not null',
    closed_until: 'timestamp with time zone',
    revoked_at: 'timestamp with time zone',
    revoked_by: 'text',
    previous_session_id: 'text',
    previous_how: 'text',
  },
};

const CONSTRAINTS: readonly string[] = [
  'licenses_pkey',
  'seats_pkey',
  'seats_license_fkey',
  'seats_term_check',
  'seats_timeout_check',
  'seats_state_check',
  'seats_heartbeat_check',
  'seats_revoked_at_check',
  'seats_revoked_by_check',
  'seats_previous_check',
  'seats_previous_term_check',
  'seats_previous_how_check',
];

const INDEXES: readonly string[] = ['seats_heartbeat_idx', 'seats_session_idx'];

interface Found {
  readonly tables: readonly string[];
  /** `table.column type`, with ` not null` where it is. */
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
}

/**
 * Looks in the first schema of the search path. Throws `EnvironmentError` that lists what is missing: a table that was
 * there before `migrate`, half made or another's, is left as it is.
 */
export async function checkSchema(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Found>({ name: 'seatproof:check-schema', text: WHAT_IS_THERE });
  const missing = rows[0] === undefined ? ['everything'] : [...missingFrom(rows[0])];
  if (missing.length === 0) return;
  throw new EnvironmentError(
    `the tables for the seats are not whole. Missing: ${missing.join('; ')}. ` +
      `Run migrate() where a table is missing; a table that is there but incomplete has to be mended or dropped first`,
  );
}

function* missingFrom(found: Found): Iterable<string> {
  for (const [table, columns] of Object.entries(COLUMNS)) {
    if (!found.tables.includes(table)) {
      yield `table ${table}`;
      continue;
    }
    for (const [column, type] of Object.entries(columns)) {
      if (!found.columns.includes(`${table}.${column} ${type}`)) yield `column ${table}.${column} ${type}`;
    }
    for (const constraint of CONSTRAINTS.filter((name) => name.startsWith(`${table}_`))) {
      if (!found.constraints.includes(constraint)) yield `constraint ${constraint}`;
    }
    for (const index of INDEXES.filter((name) => name.startsWith(`${table}_`))) {
      if (!found.indexes.includes(index)) yield `index ${index}`;
    }
  }
}

const WHAT_IS_THERE = `
WITH tables AS (
  SELECT c.oid, c.relname
  FROM pg_class c
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relname IN ('licenses', 'seats')
)
SELECT
  ARRAY(SELECT relname::text FROM tables) AS tables,
  ARRAY(
    SELECT relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END
    FROM tables JOIN pg_attribute ON attrelid = tables.oid
    WHERE attnum > 0 AND NOT attisdropped) AS columns,
  ARRAY(SELECT conname::text FROM tables JOIN pg_constraint ON conrelid = tables.oid WHERE convalidated) AS constraints,
  ARRAY(
    SELECT c.relname::text
    FROM tables JOIN pg_index ON indrelid = tables.oid JOIN pg_class c ON c.oid = indexrelid
    WHERE indisvalid) AS indexes`;
