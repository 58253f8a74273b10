/** The reference design on a real Postgres, ready to be driven and looked into. */
import type { Client } from 'pg';
import type { Policy } from '../core/policy.ts';
import type { Instant } from '../core/time.ts';
import type { StoreRefusal } from '../history/history.ts';
import type { Deployment } from '../service/port.ts';
import { send } from '../service/send.ts';
import { resetClock, setClock } from './clock.ts';
import { changeFault, HIDDEN_SEATS } from './faults.ts';
import { overlap } from './overlap.ts';
import { rejectRealTimeInSchema } from './real-time.ts';
import { readSeats } from './rows.ts';
import { openSchema, type PostgresSchema } from './schema.ts';
import type { PostgresServer } from './server.ts';
import { postgresService } from './service.ts';
import { orLost } from './store-failure.ts';
import { checkSchema } from './sql/check-schema.ts';
import { migrate } from './sql/schema.ts';

/**
 * Deploys the reference SQL. On a server it makes a schema of its own, dropped at `close`; in a schema that is given it
 * costs little, so one schema can serve many deployments, one after another: each begins with a `reset`. Throws
 * `EnvironmentError` when the server is gone or no longer answers, when tables of the same names are there and are not ours,
 * and `UsageError` when something in the schema reads the real time.
 */
export async function deployPostgres(on: PostgresServer | PostgresSchema, policy: Policy): Promise<Deployment> {
  const ownSchema = !('control' in on);
  const schema = ownSchema ? await openSchema(on) : on;
  try {
    await orLost('migrate', () => prepare(schema));
  } catch (error) {
    if (ownSchema) await schema.close();
    throw error;
  }
  const { control, name } = schema;
  let fault: StoreRefusal | null = null;
  const setFault = async (next: StoreRefusal | null) => {
    await changeFault(control, name, fault, next);
    fault = next;
  };
  const tableOfSeats = () => (fault === 'table-missing' ? HIDDEN_SEATS : 'seats');
  return {
    name: 'postgres',
    service: postgresService(() => schema.pool, policy),
    concurrent: true,
    reset: (licenses) =>
      orLost('reset', async () => {
        await setFault(null);
        const line = await schema.line();
        await inOneWrite(line, () => Promise.all([...empty(line, name, licenses), resetClock(line, name)]));
      }),
    alone: (now, command) =>
      orLost(command.type, async () => {
        const line = await schema.line();
        const service = postgresService(() => line, policy);
        const [, reply, held] = await inOneWrite(line, () =>
          Promise.all([setClock(line, name, now), send(service, command), readSeats(line, name, tableOfSeats())]),
        );
        return { reply, held };
      }),
    setClock: (now: Instant) => orLost('setClock', () => setClock(control, name, now)),
    overlap: (calls) => orLost('overlap', () => overlap(control, name, calls)),
    held: () => orLost('held', () => readSeats(control, name, tableOfSeats())),
    fault: (next) => orLost('fault', () => setFault(next)),
    empty: () =>
      orLost('empty', async () => {
        await setFault(null);
        await control.query(`DROP TABLE ${name}.seats`);
        await migrate(control);
      }),
    restart: () => orLost('restart', () => schema.reopenPool()),
    close: () => (ownSchema ? schema.close() : orLost('close', () => setFault(null))),
  };
}

/** What is asked of a connection meanwhile leaves in one piece: each write costs more than all that it carries. */
function inOneWrite<T>({ connection: { stream } }: Client, ask: () => T): T {
  stream.cork();
  try {
    return ask();
  } finally {
    stream.uncork();
  }
}

/** Deleted rather than truncated, because that costs a file each time. */
function empty(line: Client, schema: string, licenses: readonly string[]): readonly Promise<unknown>[] {
  return [
    line.query({ name: `${schema}:reset-seats`, text: `DELETE FROM ${schema}.seats` }),
    line.query({ name: `${schema}:reset-licenses`, text: `DELETE FROM ${schema}.licenses` }),
    line.query({
      name: `${schema}:licenses`,
      text: `INSERT INTO ${schema}.licenses SELECT DISTINCT unnest($1::text[])`,
      values: [licenses],
    }),
  ];
}

/** Schemas that have their tables. Only this process uses a schema of its own, so they are still as they were made. */
const prepared = new WeakSet<PostgresSchema>();

async function prepare(schema: PostgresSchema): Promise<void> {
  if (prepared.has(schema)) return;
  await migrate(schema.control);
  await checkSchema(schema.control);
  await rejectRealTimeInSchema(schema.control, schema.name);
  prepared.add(schema);
}
