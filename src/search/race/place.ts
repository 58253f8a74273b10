/** Where a design is raced: on a lane of a database, or in memory. */
import type { Pool } from 'pg';
import { decide } from '../../core/decide.ts';
import type { Policy } from '../../core/policy.ts';
import type { Reply } from '../../core/reply.ts';
import { START, type Instant } from '../../core/time.ts';
import type { SqlDesign } from '../../designs/sql/design.ts';
import { setClock } from '../../postgres/clock.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import type { SessionService } from '../../service/port.ts';
import { MemoryStore } from '../../service/store.ts';
import { referenceService } from '../../service/reference.ts';
import type { RaceTools } from './call.ts';
import { memoryGround } from './ground.ts';
import { Lane } from './lane.ts';
import type { Place } from './stage.ts';
import { steppedStore } from './stepped-store.ts';

export interface DatabasePlace extends Place {
  readonly lane: Lane;
  close(): Promise<void>;
}

const LICENSES = ['L1'];

/** A lane of its own for the design. */
export async function onDatabase(server: PostgresServer, design: SqlDesign): Promise<DatabasePlace> {
  const lane = await Lane.open(server, design);
  const fresh = design.memory ?? (() => ({}));
  let beginning: unknown = fresh();
  let memory: unknown = fresh();
  // What the process remembers begins anew with each execution, as the tables do.
  lane.onReset(() => {
    memory = structuredClone(beginning);
  });
  const service = (tools: Pick<RaceTools, 'db' | 'step'>): SessionService =>
    design.service({ db: tools.db as unknown as Pool, step: tools.step, memory });
  return {
    name: design.name,
    policy: design.policy,
    keepsRule: design.keepsRule === true,
    fault: design.mishap?.fault ?? null,
    lane,
    ground: lane,
    service,
    async begin({ isolation }, prepare) {
      await lane.begin(isolation, async () => {
        memory = fresh();
        const plain: Pick<RaceTools, 'db' | 'step'> = {
          db: lane.schema.pool as unknown as RaceTools['db'],
          step: async (_, work) => work(),
        };
        const now = await prepare({
          service: service(plain),
          setClock: (to) => setClock(lane.control, lane.schema.name, to),
        });
        beginning = structuredClone(memory);
        return now;
      });
    },
    async rows() {
      if (design.rows === undefined) return null;
      await lane.ready;
      return design.rows(lane.control);
    },
    close: () => lane.close(),
  };
}

/** How a design in memory gets at its store. */
export type Locking =
  /** Each command is one step: it reads, decides and writes with nobody in between. */
  | 'one-step'
  /** Reading and writing are steps of their own, as with any store that is asked over a network. */
  | 'read-then-write';

/** The rule over a store in memory, under any policy, without a database. */
export function inMemory(name: string, policy: Policy, locking: Locking): Place {
  let store = new MemoryStore(LICENSES);
  let now: Instant = START;
  let again: () => void = () => undefined;
  const service = ({ step }: Pick<RaceTools, 'step'>): SessionService =>
    locking === 'one-step'
      ? inOneStep(
          step,
          referenceService(store, policy, () => now),
        )
      : inTwoSteps(step, store, policy, () => now);
  return {
    name,
    policy,
    keepsRule: true,
    fault: null,
    service,
    ground: memoryGround(
      () => again(),
      (to) => {
        now = to;
      },
    ),
    async begin(_, prepare) {
      store = new MemoryStore(LICENSES);
      now = START;
      now = await prepare({
        service: referenceService(store, policy, () => now),
        setClock: (to) => {
          now = to;
          return Promise.resolve();
        },
      });
      const [rows, then] = [store.rows(), now];
      again = () => {
        store = new MemoryStore(LICENSES);
        for (const { scope, seat } of rows) store.write(scope, seat);
        now = then;
      };
    },
    rows: () => Promise.resolve(store.rows()),
  };
}

function inOneStep(step: RaceTools['step'], service: SessionService): SessionService {
  return {
    start: (command) => step('start, in one', () => service.start(command)),
    heartbeat: (command) => step('heartbeat, in one', () => service.heartbeat(command)),
    end: (command) => step('end, in one', () => service.end(command)),
    status: (command) => step('status, in one', () => service.status(command)),
    sweep: (command) => step('sweep, in one', () => service.sweep(command)),
  };
}

function inTwoSteps(step: RaceTools['step'], store: MemoryStore, policy: Policy, now: () => Instant): SessionService {
  const stepped = steppedStore(store, step);
  const onSeat = async <R extends Reply>(
    command: Exclude<Parameters<typeof decide>[2], { type: 'sweep' }>,
  ): Promise<R> => {
    const seat = await stepped.read(command.scope);
    const decision = decide(seat, command.scope, command, policy, now());
    if (decision.seat !== seat) await stepped.write(command.scope, decision.seat);
    return decision.reply as R;
  };
  return {
    start: (command) => onSeat(command),
    heartbeat: (command) => onSeat(command),
    end: (command) => onSeat(command),
    status: (command) => onSeat(command),
    sweep: async (command) => {
      const sessions = [];
      for (const { scope, seat } of await stepped.all()) {
        const decision = decide(seat, scope, command, policy, now());
        if (decision.seat !== seat) await stepped.write(scope, decision.seat);
        if (decision.reply.type === 'swept') sessions.push(...decision.reply.sessions);
      }
      return { type: 'swept', sessions };
    },
  };
}
