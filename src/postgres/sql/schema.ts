/** The tables of the reference design. Where they exist already, nothing changes; said twice at once, one waits for the other. */
import type { ClientBase } from 'pg';

/** Runs in one transaction: all of it or nothing. The tables are made in the first schema of the search path. */
export async function migrate(client: ClientBase): Promise<void> {
  await client.query(MIGRATION);
}

// Statements that are sent together are one transaction.
const MIGRATION = `
-- CREATE IF NOT EXISTS can fail when two run at once, so they come one by one.
SELECT pg_advisory_xact_lock(hashtextextended('seatproof migration ' || current_schema(), 0));

CREATE TABLE IF NOT EXISTS licenses (
  license_key text PRIMARY KEY
);

-- One row a seat, from its first grant on. All instants are this database's clock.
CREATE TABLE IF NOT EXISTS seats (
  license_key text NOT NULL CONSTRAINT seats_license_fkey REFERENCES licenses ON DELETE CASCADE,
  symbol text NOT NULL DEFAULT '',              -- empty where the seat is the license itself
  term bigint NOT NULL,                         -- rises by one with every grant
  session_id text NOT NULL,
  device text NOT NULL,
  state text NOT NULL,
  started_at timestamptz NOT NULL,
  last_heartbeat timestamptz,                   -- missing means released, and nothing else does
  timeout_ms bigint NOT NULL,                   -- under which the session was last granted or renewed
  closed_until timestamptz,                     -- to other devices, because an earlier session of this one may still work
  revoked_at timestamptz,
  revoked_by text,                              -- the device that took over and waits
  previous_session_id text,                     -- the session of the term before, and how it ended
  previous_how text,
  CONSTRAINT seats_pkey PRIMARY KEY (license_key, symbol),
  CONSTRAINT seats_term_check CHECK (term >= 1),
  CONSTRAINT seats_timeout_check CHECK (timeout_ms > 0),
  CONSTRAINT seats_state_check CHECK (state IN ('held', 'released', 'swept', 'revoked')),
  CONSTRAINT seats_heartbeat_check CHECK ((last_heartbeat IS NULL) = (state = 'released')),
  CONSTRAINT seats_revoked_at_check CHECK ((revoked_at IS NOT NULL) = (state = 'revoked')),
  CONSTRAINT seats_revoked_by_check CHECK ((revoked_by IS NOT NULL) = (state = 'revoked')),
  CONSTRAINT seats_previous_check CHECK ((previous_session_id IS NULL) = (previous_how IS NULL)),
  CONSTRAINT seats_previous_term_check CHECK ((previous_session_id IS NULL) = (term = 1)),
  CONSTRAINT seats_previous_how_check CHECK (previous_how IN ('expired', 'replaced', 'ended'))
);

-- For the sweep, which looks only at held seats; and to find a session by its id, as support does.
CREATE INDEX IF NOT EXISTS seats_heartbeat_idx ON seats (last_heartbeat) WHERE state = 'held';
CREATE INDEX IF NOT EXISTS seats_session_idx ON seats (session_id);
`;
