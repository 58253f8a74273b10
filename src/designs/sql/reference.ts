/**
 * The reference in SQL, as it is shipped and within a transaction of its caller's. Alone, each command is one statement, and
 * no other can come between. Within a transaction, as an application may well use it, a command holds its locks while
 * others begin, wait and go on: there its guards are put to the test.
 */
import { DatabaseError, type Client, type ClientBase, type Pool, type QueryConfig } from 'pg';
import type { Policy } from '../../core/policy.ts';
import type { Complete, Failed } from '../../core/reply.ts';
import { readSeats } from '../../postgres/rows.ts';
import { postgresService, type Queryable } from '../../postgres/service.ts';
import { migrate } from '../../postgres/sql/schema.ts';
import type { CompleteService, Eventually } from '../../service/port.ts';
import { LICENSE, type SqlSystem } from './system.ts';

/** How often a command is said again that met another one; under read committed once is enough. */
const ATTEMPTS = 5;

export interface ReferenceOptions {
  /** Replaces each statement. */
  readonly change?: (statement: { readonly name: string; readonly text: string }) => {
    readonly name: string;
    readonly text: string;
  };
  /** SQL to run after the tables are made. */
  readonly alter?: string;
  /** Whether each command runs in a transaction of its caller. */
  readonly transaction?: boolean;
}

/** The reference SQL under a policy. */
export function referenceSystem(policy: Policy, options: ReferenceOptions = {}): SqlSystem {
  const { change, alter, transaction = false } = options;
  return {
    tables: async (client) => {
      await migrate(client);
      await client.query('INSERT INTO licenses VALUES ($1)', [LICENSE]);
      if (alter !== undefined) await client.query(alter);
    },
    service: ({ pool }) =>
      transaction ? retried(pool, policy, change) : postgresService(() => changing(pool, change), policy),
    rows: async (client) => readSeats(client as Client, await schemaOf(client), 'seats'),
  };
}

const schemas = new WeakMap<ClientBase, string>();

/** Asked once of each connection. */
async function schemaOf(client: ClientBase): Promise<string> {
  const known = schemas.get(client);
  if (known !== undefined) return known;
  const { rows } = await client.query<{ schema: string }>('SELECT current_schema() AS schema');
  const schema = rows[0]?.schema ?? '';
  schemas.set(client, schema);
  return schema;
}

/** Each command in a transaction of its own, said again when the server rejected it for the sake of another one. */
function retried(pool: Pool, policy: Policy, change: ReferenceOptions['change']): CompleteService {
  const run = async <R>(
    command: (service: CompleteService) => Eventually<R | Complete<Failed>>,
  ): Promise<R | Complete<Failed>> => {
    for (let attempt = 1; ; attempt++) {
      const client = await pool.connect();
      const met = { conflict: false };
      try {
        await client.query('BEGIN');
        const reply = await command(postgresService(() => noting(changing(client, change), met), policy));
        await client.query(met.conflict ? 'ROLLBACK' : 'COMMIT').catch((error: unknown) => {
          if (!isConflict(error)) throw error;
          met.conflict = true;
        });
        if (!met.conflict || attempt === ATTEMPTS) return reply;
      } finally {
        client.release();
      }
    }
  };
  return {
    start: (command) => run((service) => service.start(command)),
    heartbeat: (command) => run((service) => service.heartbeat(command)),
    end: (command) => run((service) => service.end(command)),
    status: (command) => run((service) => service.status(command)),
    sweep: (command) => run((service) => service.sweep(command)),
  };
}

/** Serialization failures and deadlocks: the transaction did nothing, and may be tried again. */
function isConflict(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01');
}

function noting(queryable: Queryable, met: { conflict: boolean }): Queryable {
  const query = async (config: QueryConfig): Promise<unknown> => {
    try {
      return await queryable.query(config);
    } catch (error) {
      met.conflict ||= isConflict(error);
      throw error;
    }
  };
  return { query } as unknown as Queryable;
}

function changing(queryable: Queryable, change: ReferenceOptions['change']): Queryable {
  if (change === undefined) return queryable;
  const query = (config: QueryConfig & { readonly name: string }): unknown =>
    queryable.query({ ...config, ...change(config) });
  return { query } as unknown as Queryable;
}
