/** A process of an app server whose service runs on a real Postgres while the world around it stands still. */
import type { Command } from '../../core/command.ts';
import type { Reply } from '../../core/reply.ts';
import type { Instant } from '../../core/time.ts';
import type { SeatRow } from '../../history/history.ts';
import { DATABASE, OutcomeUnknown, type Host, type Procedure, type ServerProcess } from '../../service/procedure.ts';
import type { SessionService } from '../../service/port.ts';
import { promiseOf, send } from '../../service/send.ts';
import { StoreFailure, type SeatStore } from '../../service/store.ts';
import { requestsIn, type Design, type RequestName } from '../design.ts';
import { mirror, type RunDatabase } from './run-database.ts';
import type { SqlSystem } from './system.ts';
import { NOWHERE, unconnected } from './unconnected.ts';

/** The design with a server over the database, so that it can be played in a world. */
export function onRunDatabase(design: Design, database: RunDatabase): Design {
  return { ...design, promised: true, serve: (host) => serve(host, database) };
}

function serve(host: Host, database: RunDatabase): ServerProcess {
  const { system } = database;
  const memory: unknown = system.memory === undefined ? {} : system.memory();
  const pool = database.poolOf(host);
  const service = (): SessionService =>
    // A service that takes the URL was rejected when the database was opened.
    system.service({ url: NOWHERE, pool, step: async (_label, work) => work(), memory });
  return {
    handle: (command) => handle(command, host, database, service),
    requests: requestsIn(service()),
    // Statements are waited for, so a request without an answer waits for a timer, or for nothing at all.
    waits: () => false,
  };
}

/**
 * The request as the world's store has it: late, refused in an outage before any statement runs, or carried out and not
 * answered where the outcome is unknown.
 */
function* handle(command: Command, host: Host, database: RunDatabase, service: () => SessionService): Procedure<Reply> {
  let now = 0 as Instant;
  let unknown: OutcomeUnknown | null = null;
  try {
    yield {
      type: 'statement',
      store: DATABASE,
      label: command.type,
      access: command.type === 'status' ? 'read' : 'write',
      run: (_store, storeTime) => (now = storeTime),
    };
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    unknown = error;
  }
  let reply: Reply;
  try {
    yield { type: 'promise', promise: database.setClock(now) };
    const answered: unknown = send(service(), command);
    const promise = promiseOf(answered);
    reply = (promise === null ? answered : yield { type: 'promise', promise }) as Reply;
  } finally {
    const rows = (yield { type: 'promise', promise: database.rows() }) as Awaited<ReturnType<RunDatabase['rows']>>;
    if (rows !== null) show(rows, host);
  }
  if (unknown !== null) throw unknown;
  return reply;
}

/** What the tables hold, in the store of the world, where histories take it from. Of an outage it is read when that is over. */
function show(rows: readonly SeatRow[], host: Host): void {
  const run = (store: SeatStore): void => mirror(rows, store);
  try {
    host.atOnce({ type: 'statement', store: DATABASE, label: 'read the rows', access: 'read', run });
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
  }
}

/** The requests of the service; null where it cannot be made without a database. */
export function requestsOfSql(system: SqlSystem): ReadonlySet<RequestName> | null {
  const { service } = unconnected(system);
  return service === null ? null : requestsIn(service);
}
