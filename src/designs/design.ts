/** A complete session system under test: policy, server, stores, client. */
import type { ClientConfig } from '../core/client.ts';
import type { Policy } from '../core/policy.ts';
import type { Fingerprint } from '../core/seat.ts';
import type { Duration } from '../core/time.ts';
import type { Actor, StorePromise } from '../history/history.ts';
import type { Host, ServerProcess } from '../service/procedure.ts';

/** What a run interleaves: statements of the store, or whole requests where a request is one step. */
export type Granularity = 'statement' | 'request';

export interface Design {
  /** As on the command line, `s1-after`. */
  readonly name: string;
  /** What kind of system this is, in one line. */
  readonly about: string;
  readonly policy: Policy;
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
  /** How often a job sweeps although the policy does not wait for one: it only tidies up. */
  readonly tidies?: Duration;
  /** By default each statement of the store is a step. */
  readonly granularity?: Granularity;
  /** Whether its servers answer by promises, so that a world has to give them time; by default not. */
  readonly promised?: true;
  /** A process of an app server that has just begun. */
  readonly serve: (host: Host) => ServerProcess;
}
