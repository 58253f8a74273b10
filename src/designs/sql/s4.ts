/**
 * S4: a session in the memory of the process, and a row of it in the database. Before: the memory first, then the answer,
 * and the row some time later, so that a look-up in between finds nothing. After, as its fix says: the row first, the memory
 * after; now two starts find the memory free while the row of neither is written. Repaired: the row decides, in one
 * statement, and nothing else is asked.
 */
import type { Pool } from 'pg';
import type { StartCommand } from '../../core/command.ts';
import type { StartReply } from '../../core/reply.ts';
import type { SessionService } from '../../service/port.ts';
import { active, gone, granted, hasExpired, idle, refused, renewed, type HolderRow } from './answers.ts';
import { AGE_AND_NOW, NOW } from './columns.ts';
import { s4 as policy } from '../s4/system.ts';
import type { SqlSystem, Step } from './system.ts';

const TABLES = `
CREATE TABLE sessions (
  license_key text PRIMARY KEY,
  session_id text NOT NULL,
  device text NOT NULL,
  term integer NOT NULL,
  last_heartbeat timestamptz NOT NULL
)`;

interface Memory {
  current: { readonly session_id: string; readonly device: string; readonly term: number } | null;
  terms: number;
}

const WRITE = `
INSERT INTO sessions (license_key, session_id, device, term, last_heartbeat)
VALUES ($1, $2, $3, $4, now())
ON CONFLICT (license_key) DO UPDATE
SET session_id = excluded.session_id, device = excluded.device, term = excluded.term, last_heartbeat = excluded.last_heartbeat
RETURNING session_id, term, ${NOW}`;

const CLAIM_IF_FREE = `
INSERT INTO sessions AS mine (license_key, session_id, device, term, last_heartbeat)
VALUES ($1, $2, $3, 1, now())
ON CONFLICT (license_key) DO UPDATE
SET session_id = excluded.session_id, device = excluded.device, term = mine.term + 1, last_heartbeat = excluded.last_heartbeat
WHERE mine.last_heartbeat <= now() - make_interval(secs => $4) OR mine.device = excluded.device
RETURNING session_id, term, ${NOW}`;

const LOOK_UP = `SELECT session_id, device, term, ${AGE_AND_NOW} FROM sessions WHERE license_key = $1`;

interface Tools {
  readonly pool: Pool;
  readonly step: Step;
  readonly memory: Memory;
}

type Start = (tools: Tools, command: StartCommand) => Promise<StartReply>;

const memoryFirst: Start = async ({ pool, step, memory }, command) => {
  const mine = await step('memory: take the session if no other device has one', () => {
    if (isOfAnother(memory, command)) return null;
    memory.terms += 1;
    return (memory.current = { session_id: command.session, device: command.device, term: memory.terms });
  });
  if (mine === null) return refusedByMemory(memory, command);
  const { license } = command.scope;
  // Not waited for: the answer goes out before the row is there.
  pool.query(WRITE, [license, mine.session_id, mine.device, mine.term]).catch(() => undefined);
  return granted({ ...mine, now_ms: 0 }, policy);
};

const rowFirst: Start = async ({ pool, step, memory }, command) => {
  const free = await step('memory: has another device a session?', () => !isOfAnother(memory, command));
  if (!free) return refusedByMemory(memory, command);
  const term = await step('memory: the next term', () => (memory.terms += 1));
  const values = [command.scope.license, command.session, command.device, term];
  const { rows } = await pool.query<HolderRow>(WRITE, values);
  await step('memory: set the session', () => {
    memory.current = { session_id: command.session, device: command.device, term };
  });
  if (rows[0] === undefined) throw new Error('the insert returned no row');
  return granted(rows[0], policy);
};

const rowDecides: Start = async ({ pool }, command) => {
  const { license } = command.scope;
  for (;;) {
    const claimed = await pool.query<HolderRow>(CLAIM_IF_FREE, [
      license,
      command.session,
      command.device,
      policy.timeout / 1000,
    ]);
    if (claimed.rows[0] !== undefined) return granted(claimed.rows[0], policy);
    const { rows } = await pool.query<HolderRow>(LOOK_UP, [license]);
    if (rows[0] !== undefined && !hasExpired(rows[0].age_ms, policy)) return refused(rows[0], command, policy);
  }
};

/** A device may replace its own session. */
function isOfAnother({ current }: Memory, { device }: StartCommand): boolean {
  return current !== null && current.device !== device;
}

function refusedByMemory({ current }: Memory, command: StartCommand): StartReply {
  if (current === null) return gone('unknown');
  return refused({ ...current, age_ms: 0, now_ms: 0 }, command, policy);
}

function service(tools: Tools, start: Start, remembers: boolean): SessionService {
  const { pool, step, memory } = tools;
  return {
    start: (command) => start(tools, command),
    heartbeat: async ({ scope, session, term }) => {
      const { rows } = await pool.query<HolderRow>(
        `UPDATE sessions SET last_heartbeat = now()
         WHERE license_key = $1 AND session_id = $2 AND term = $3
           AND last_heartbeat > now() - make_interval(secs => $4)
         RETURNING term, ${NOW}`,
        [scope.license, session, term, policy.timeout / 1000],
      );
      return rows[0] === undefined ? gone('unknown') : renewed(rows[0], policy);
    },
    end: async ({ scope, session, term }) => {
      if (remembers) {
        await step('memory: forget the session', () => {
          if (memory.current?.session_id === session) memory.current = null;
        });
      }
      const { rowCount } = await pool.query(
        'DELETE FROM sessions WHERE license_key = $1 AND session_id = $2 AND term = $3',
        [scope.license, session, term],
      );
      return rowCount === 1 ? { type: 'ended' } : gone('unknown');
    },
    status: async ({ scope }) => {
      const { rows } = await pool.query<HolderRow>(LOOK_UP, [scope.license]);
      return rows[0] === undefined || hasExpired(rows[0].age_ms, policy) ? idle() : active(rows[0], policy);
    },
  };
}

const system = (start: Start, remembers: boolean): SqlSystem<Memory> => ({
  tables: TABLES,
  memory: () => ({ current: null, terms: 0 }),
  service: (tools) => service(tools, start, remembers),
});

export const S4 = {
  before: system(memoryFirst, true),
  after: system(rowFirst, true),
  oneStatement: system(rowDecides, false),
};
