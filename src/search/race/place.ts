/** Where a design is raced: its SQL on a lane of a database, or its in-process server over stores in memory. */
import { UsageError } from '../../core/failures.ts';
import type { Design } from '../../designs/design.ts';
import { requestsOfSql } from '../../designs/sql/server.ts';
import { setClock } from '../../postgres/clock.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import type { SessionService } from '../../service/port.ts';
import type { RaceTools } from './call.ts';
import { Lane } from './lane.ts';
import type { SharedAddress } from './shared-address.ts';
import type { Place } from './stage.ts';

export interface DatabasePlace extends Place {
  readonly lane: Lane;
  close(): Promise<void>;
}

/** For calls that follow one another: connections without the explorer. */
export function uncontrolled({ url, pool }: Lane): RaceTools {
  return { url, pool, step: async (_, work) => work() };
}

/** Throws `UsageError` for a design without SQL. */
export function sqlOf({ name, sql }: Design): NonNullable<Design['sql']> {
  if (sql !== null) return sql;
  throw new UsageError(
    `${name} runs in process, over the stores of Seatproof, and has no SQL to race on a Postgres; race it with --on memory`,
  );
}

/** A lane of its own for the design, to which clients of `address` are connected. Throws `UsageError` for a design without SQL. */
export async function onDatabase(
  server: PostgresServer,
  design: Design,
  address: SharedAddress | null = null,
): Promise<DatabasePlace> {
  const system = await sqlOf(design)();
  const requests = design.requests ?? requestsOfSql(system);
  const lane = await Lane.open(server, system, address);
  const fresh = system.memory ?? (() => ({}));
  let beginning: unknown = fresh();
  let memory: unknown = fresh();
  // What the process remembers begins anew with each execution, as the tables do.
  lane.onReset(() => {
    memory = structuredClone(beginning);
  });
  // The tools make a pool when they are asked for it.
  const service = (tools: RaceTools): SessionService =>
    system.service({
      get url() {
        return tools.url;
      },
      get pool() {
        return tools.pool;
      },
      step: tools.step,
      memory,
    });
  return {
    name: design.name,
    policy: design.policy,
    keepsRule: design.keepsRule,
    errors: design.errors ?? [],
    has: (request) => requests === null || requests.has(request),
    fault: system.mishap?.fault ?? null,
    lane,
    ground: lane,
    service,
    async begin({ isolation }, prepare) {
      await lane.begin(isolation, async () => {
        memory = fresh();
        const now = await prepare({
          service: service(uncontrolled(lane)),
          setClock: (to) => setClock(lane.control, lane.schema.name, to),
        });
        beginning = structuredClone(memory);
        return now;
      });
    },
    async rows() {
      if (system.rows === undefined) return null;
      await lane.ready;
      return system.rows(lane.control);
    },
    rowsTellAll: system.rows !== undefined && system.memory === undefined,
    async atRest() {
      await lane.takeBack();
      return service(uncontrolled(lane));
    },
    giveUp: () => lane.abandon(),
    close: () => lane.close(),
  };
}
