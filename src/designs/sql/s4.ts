/**
 * S4: a session in the memory of the process, and a row of it in the database. Before: the memory first, then the answer,
 * and the row some time later, so that a look-up in between finds nothing. After, as its fix says: the row first, the memory
 * after; now two starts find the memory free while the row of neither is written. Repaired: the row decides, in one
 * statement, and nothing else is asked.
 */
import type { Pool } from 'pg';
import type { StartCommand } from '../../core/command.ts';
import type { Policy } from '../../core/policy.ts';
import { s3 } from '../../core/presets/s3.ts';
import type { StartReply } from '../../core/reply.ts';
import type { SessionService } from '../../service/port.ts';
import { active, gone, granted, hasExpired, idle, refused, renewed, swept, type HolderRow } from './answers.ts';
import { AGE_AND_NOW, NOW } from './columns.ts';
import type { SqlDesign, Step } from './design.ts';

/** The note gives no figures; those of S3 are taken. */
const policy: Policy = { ...s3, name: 's4' };

const TABLES = `
CREATE TABLE sessions (
  license_key text PRIMARY KEY,
  session_id text NOT NULL,
  device text NOT NULL,
  term bigint NOT NULL,
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
WHERE mine.last_heartbeat <= now() - make_interval(secs => $4)
RETURNING session_id, term, ${NOW}`;

const LOOK_UP = `SELECT session_id, device, term, ${AGE_AND_NOW} FROM sessions WHERE license_key = $1`;

interface Tools {
  readonly db: Pool;
  readonly step: Step;
  readonly memory: Memory;
}

type Start = (tools: Tools, command: StartCommand) => Promise<StartReply>;

const memoryFirst: Start = async ({ db, step, memory }, command) => {
  const mine = await step('memory: take the session if there is none', () => {
    if (memory.current !== null) return null;
    memory.terms += 1;
    return (memory.current = { session_id: command.session, device: command.device, term: memory.terms });
  });
  if (mine === null) return refusedByMemory(memory, command);
  const { license } = command.scope;
  // Not waited for: the answer goes out before the row is there.
  db.query(WRITE, [license, mine.session_id, mine.device, mine.term]).catch(() => undefined);
  return granted({ ...mine, now_ms: 0 }, policy);
};

const rowFirst: Start = async ({ db, step, memory }, command) => {
  const free = await step('memory: is there a session?', () => memory.current === null);
  if (!free) return refusedByMemory(memory, command);
  const term = await step('memory: the next term', () => (memory.terms += 1));
  const values = [command.scope.license, command.session, command.device, term];
  const { rows } = await db.query<HolderRow>(WRITE, values);
  await step('memory: set the session', () => {
    memory.current = { session_id: command.session, device: command.device, term };
  });
  if (rows[0] === undefined) throw new Error('the insert returned no row');
  return granted(rows[0], policy);
};

const rowDecides: Start = async ({ db }, command) => {
  const { license } = command.scope;
  for (;;) {
    const claimed = await db.query<HolderRow>(CLAIM_IF_FREE, [
      license,
      command.session,
      command.device,
      policy.timeout / 1000,
    ]);
    if (claimed.rows[0] !== undefined) return granted(claimed.rows[0], policy);
    const { rows } = await db.query<HolderRow>(LOOK_UP, [license]);
    if (rows[0] !== undefined && !hasExpired(rows[0].age_ms, policy)) return refused(rows[0], command, policy);
  }
};

function refusedByMemory({ current }: Memory, command: StartCommand): StartReply {
  if (current === null) return gone('unknown');
  return refused({ ...current, age_ms: 0, now_ms: 0 }, command, policy);
}

function service(tools: Tools, start: Start, remembers: boolean): SessionService {
  const { db, step, memory } = tools;
  return {
    start: (command) => start(tools, command),
    heartbeat: async ({ scope, session, term }) => {
      const { rows } = await db.query<HolderRow>(
        `UPDATE sessions SET last_heartbeat = now()
         WHERE license_key = $1 AND session_id = $2 AND term = $3 RETURNING term, ${NOW}`,
        [scope.license, session, term],
      );
      return rows[0] === undefined ? gone('unknown') : renewed(rows[0], policy);
    },
    end: async ({ scope, session, term }) => {
      if (remembers) {
        await step('memory: forget the session', () => {
          if (memory.current?.session_id === session) memory.current = null;
        });
      }
      const { rowCount } = await db.query(
        'DELETE FROM sessions WHERE license_key = $1 AND session_id = $2 AND term = $3',
        [scope.license, session, term],
      );
      return rowCount === 1 ? { type: 'ended' } : gone('unknown');
    },
    status: async ({ scope }) => {
      const { rows } = await db.query<HolderRow>(LOOK_UP, [scope.license]);
      return rows[0] === undefined || hasExpired(rows[0].age_ms, policy) ? idle() : active(rows[0], policy);
    },
    sweep: () => swept([]),
  };
}

const design = (name: string, about: string, start: Start, remembers: boolean): SqlDesign<Memory> => ({
  name,
  about,
  policy,
  tables: TABLES,
  memory: () => ({ current: null, terms: 0 }),
  service: (tools) => service(tools, start, remembers),
});

export const S4: readonly SqlDesign[] = [
  design('s4-before', 'the memory first, then the answer, the row later', memoryFirst, true),
  design('s4-after', 'the row first, the memory after', rowFirst, true),
  design('s4-repaired', 'the row decides, in one statement', rowDecides, false),
];
