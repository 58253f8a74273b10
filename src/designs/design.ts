/** A complete session system under test: policy, client, and one or two implementations of its server. */
import type { ClientConfig } from '../core/client.ts';
import type { Command } from '../core/command.ts';
import { UsageError } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import type { Fingerprint } from '../core/seat.ts';
import type { Actor, StorePromise } from '../history/history.ts';
import type { SessionService } from '../service/port.ts';
import type { Host, ServerProcess } from '../service/procedure.ts';
import type { SqlSystem } from './sql/system.ts';

/** A request that a service may have. */
export type RequestName = Command['type'];

export const REQUESTS: readonly RequestName[] = ['start', 'heartbeat', 'end', 'status', 'sweep'];

/** What a run interleaves: statements of the store, or whole requests where a request is one step. */
export type Granularity = 'statement' | 'request';

export interface Design {
  /** As on the command line, `s1-after`. */
  readonly name: string;
  /** What kind of system this is, in one line. */
  readonly about: string;
  readonly policy: Policy;
  /** Codes of laws that it is expected to break. */
  readonly breaks: readonly string[];
  /** SQLSTATEs and names of errors that its service is known to answer with: each counts as a failing store. */
  readonly errors?: readonly string[];
  /** Its client. Processes of one device may differ, so it is asked for each actor. */
  readonly client: (actor: Pick<Actor, 'name' | 'device'>) => ClientConfig;
  /** What a process presents as its device; `start` counts the starts of the process. By default the fingerprint of the device. */
  readonly presents?: (actor: Actor, start: number) => Fingerprint;
  /** The names of its databases; the first is the one that decides. Each process may have stores in memory besides. */
  readonly stores: readonly string[];
  /** What it promises of them, where there are several. */
  readonly promises: StorePromise | null;
  /** Whether its work goes through a resource that checks terms, which refuses one lower than it has seen. */
  readonly resource: 'checks-terms' | 'accepts-all' | 'none';
  /** Whether it follows the rule `decide` in one atomic statement a command, so that its replies are compared with the rule. */
  readonly keepsRule: boolean;
  /** By default each statement of the store is a step. */
  readonly granularity?: Granularity;
  /** Whether its servers answer by promises, so that a world has to give them time; by default not. */
  readonly promised?: true;
  /** The requests that its service has; absent where it has all of them. `withItsRequests` finds it out. */
  readonly requests?: ReadonlySet<RequestName>;
  /** A process of an app server that has just begun, over the stores of a world; null for a design in SQL alone. */
  readonly serve: ((host: Host) => ServerProcess) | null;
  /** Its server over Postgres; null where it has none. Loaded when it is used, because it brings the driver along. */
  readonly sql: (() => Promise<SqlSystem>) | null;
}

/** What the user has written: figures alone, a service over the stores of a world, or a service over Postgres. */
export type DesignKind = 'policy' | 'serve' | 'sql';

export function kindOf({ keepsRule, serve }: Design): DesignKind {
  if (serve === null) return 'sql';
  return keepsRule ? 'policy' : 'serve';
}

/** The in-process server. Throws `UsageError` for a design in SQL, which runs on a database only. */
export function serverOf({ name, serve }: Design): NonNullable<Design['serve']> {
  if (serve !== null) return serve;
  throw new UsageError(
    `${name} is a design in SQL, which runs on a Postgres only; write for example seatproof campaign --design ${name}`,
  );
}

/** The requests that a service object has. */
export function requestsIn(service: SessionService): ReadonlySet<RequestName> {
  return new Set(REQUESTS.filter((request) => typeof service[request] === 'function'));
}

export function hasRequest({ requests }: Pick<Design, 'requests'>, request: RequestName): boolean {
  return requests === undefined || requests.has(request);
}
