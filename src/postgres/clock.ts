/**
 * The virtual clock of one schema: functions that stand ahead of those of `pg_catalog` in the search path and tell the
 * time that a run has set, so that SQL which says `now()` is tested unchanged, and a timeout passes in no time.
 */
import type { Client } from 'pg';
import type { Instant } from '../core/time.ts';

/** The instant 0 of every run on Postgres. */
const BEGINNING = '2000-01-01 00:00:00+00';

/** SQL text: an `Instant`, from an expression of type `timestamptz`. Exact for every instant (on Postgres 13: up to the year 30000). */
export const toInstant = (timestamp: string): string =>
  `round((extract(epoch FROM ${timestamp}) - 946684800) * 1000)::bigint`;

/**
 * SQL text: a `timestamptz`, from an expression of type `bigint` that is an `Instant`. In hours and milliseconds, because
 * Postgres multiplies an interval in binary fractions, and with these factors no product needs more than 53 bits.
 */
export const fromInstant = (instant: string): string =>
  `(timestamptz '${BEGINNING}' + (${instant} / 3600000) * interval '1 hour' + (${instant} % 3600000) * interval '1 millisecond')`;

/** SQL text: a `Duration` in milliseconds, from an expression of type `interval` without months. */
export const toDuration = (interval: string): string => `round(extract(epoch FROM ${interval}) * 1000)::bigint`;

/** SQL text: an `interval`, from an expression of type `bigint` that is a `Duration`. */
export const fromDuration = (duration: string): string => `((${duration}) * interval '1 millisecond')`;

/**
 * Makes the clock in a schema that is ours. It stands at 0.
 *
 * - `now()` and `transaction_timestamp()` are fixed within a transaction: the time that was set when it began, found in a
 *   table of real instants and the virtual ones set at them.
 * - `clock_timestamp()` is the time set last, read from a sequence. A table would freeze with the snapshot of a
 *   transaction under repeatable read; sequences have no versions.
 * - `statement_timestamp()` is the time that was set when the statement began: the time set last, unless it was set since;
 *   then the table knows, except under repeatable read, where the table's later rows cannot be seen.
 * - A transaction that begins while the clock is being set may see the time before and, in a later statement, the one
 *   after. Let the setting be over before anything else begins.
 */
export async function createClock(client: Client, schema: string): Promise<void> {
  await client.query(clockOf(schema));
}

/** Sets the clock, in one round trip. It never goes back between resets: the server rejects that. */
export async function setClock(client: Client, schema: string, now: Instant): Promise<void> {
  await client.query({ name: `${schema}:clock`, text: `SELECT ${schema}.seatproof_set_clock($1)`, values: [now] });
}

/** Puts the clock back to 0. */
export async function resetClock(client: Client, schema: string): Promise<void> {
  await client.query({ name: `${schema}:clock-reset`, text: `SELECT ${schema}.seatproof_reset_clock()` });
}

/** The functions of `pg_catalog` that tell the time, or an age by it, and that the clock replaces. */
export const TIME_FUNCTIONS = [
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'clock_timestamp',
  'timeofday',
  'age',
] as const;

/** The functions of the clock, which may ask `pg_catalog` for the real time. */
export const CLOCK_FUNCTIONS: readonly string[] = [...TIME_FUNCTIONS, 'seatproof_set_clock', 'seatproof_reset_clock'];

// PL/pgSQL, because it keeps its plans for the session; before Postgres 18 an SQL function is planned anew in each query.
// And it evaluates an expression without a table in it by itself, at a tenth of what a query costs: so sequences are read
// and set by function calls, and a table is asked only where nothing else knows. Each call of a service reads the clock.
const clockOf = (schema: string): string => `
CREATE TABLE ${schema}.seatproof_clock (real timestamptz PRIMARY KEY, virtual timestamptz NOT NULL);
INSERT INTO ${schema}.seatproof_clock VALUES ('-infinity', '${BEGINNING}');
CREATE SEQUENCE ${schema}.seatproof_clock_latest MINVALUE 0 START 0; -- instant, ms
CREATE SEQUENCE ${schema}.seatproof_clock_set_at MINVALUE 0 START 0; -- real, microseconds since 2000

CREATE FUNCTION ${schema}.now() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
${timeAt(schema, 'pg_catalog.now()')} $$;

CREATE FUNCTION ${schema}.transaction_timestamp() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ${schema}.now();
END $$;

CREATE FUNCTION ${schema}.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
DECLARE ms bigint := ${latest(schema)};
BEGIN
  RETURN ${fromInstant('ms')};
END $$;

CREATE FUNCTION ${schema}.statement_timestamp() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
${timeAt(schema, 'pg_catalog.statement_timestamp()')} $$;

CREATE FUNCTION ${schema}.timeofday() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN pg_catalog.to_char(${schema}.clock_timestamp(), 'Dy Mon DD HH24:MI:SS.US YYYY TZ');
END $$;

-- Counted from today's midnight, as the functions they hide.
CREATE FUNCTION ${schema}.age(timestamptz) RETURNS interval LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN pg_catalog.age(pg_catalog.date_trunc('day', ${schema}.now()), $1);
END $$;
CREATE FUNCTION ${schema}.age(timestamp) RETURNS interval LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN pg_catalog.age(pg_catalog.date_trunc('day', ${schema}.now())::timestamp, $1);
END $$;

CREATE FUNCTION ${schema}.seatproof_set_clock(ms bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  latest bigint := ${latest(schema)};
  -- Later than every setting before, also when the machine's clock went back in between.
  at timestamptz := greatest(
    pg_catalog.clock_timestamp(),
    timestamptz '${BEGINNING}' + (${setAt(schema)} + 1) * interval '1 microsecond');
  done bigint;
BEGIN
  IF ms < latest THEN
    RAISE EXCEPTION 'the clock cannot go back from % ms to % ms; a reset puts it to 0', latest, ms;
  END IF;
  IF ms = latest THEN
    RETURN;
  END IF;
  INSERT INTO ${schema}.seatproof_clock VALUES (at, ${fromInstant('ms')});
  done := pg_catalog.setval('${schema}.seatproof_clock_set_at', ${microseconds('at')});
  done := pg_catalog.setval('${schema}.seatproof_clock_latest', ms);
END $$;

-- As if it had always stood there, so that a transaction that began before sees it too.
CREATE FUNCTION ${schema}.seatproof_reset_clock(ms bigint DEFAULT 0) RETURNS void LANGUAGE plpgsql AS $$
DECLARE beginning timestamptz := ${fromInstant('ms')};
BEGIN
  IF ${setAt(schema)} = 0 AND ${latest(schema)} = ms THEN
    RETURN; -- It was not set since.
  END IF;
  DELETE FROM ${schema}.seatproof_clock WHERE real > '-infinity';
  UPDATE ${schema}.seatproof_clock SET virtual = beginning WHERE virtual <> beginning;
  PERFORM pg_catalog.setval('${schema}.seatproof_clock_set_at', 0);
  PERFORM pg_catalog.setval('${schema}.seatproof_clock_latest', ms);
END $$;
`;

/** The body of a function that tells the time in effect when something began: the one set last, if it was set before. */
function timeAt(schema: string, beginning: string): string {
  return `DECLARE
  -- In this order: the setter writes them in the other one, so a time set meanwhile is noticed.
  ms bigint := ${latest(schema)};
  set_at bigint := ${setAt(schema)};
  began timestamptz := ${beginning};
BEGIN
  IF set_at <= ${microseconds('began')} THEN
    RETURN ${fromInstant('ms')};
  END IF;
  RETURN (SELECT c.virtual FROM ${schema}.seatproof_clock c WHERE c.real <= began ORDER BY c.real DESC LIMIT 1);
END`;
}

const latest = (schema: string): string => lastValue(`${schema}.seatproof_clock_latest`);

const setAt = (schema: string): string => lastValue(`${schema}.seatproof_clock_set_at`);

/** The function behind the view pg_sequences; it says null of a sequence that was never set, and both of ours begin at 0. */
function lastValue(sequence: string): string {
  return `coalesce(pg_catalog.pg_sequence_last_value('${sequence}'), 0)`;
}

function microseconds(timestamp: string): string {
  return `round((extract(epoch FROM ${timestamp}) - 946684800) * 1000000)::bigint`;
}
