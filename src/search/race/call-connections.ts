/** The proxy in front of the database of one lane, and the clients of calls that connect to it. */
import type { Socket } from 'node:net';
import { Pool } from 'pg';
import { isUsageError } from '../../core/failures.ts';
import { virtualTime } from '../../postgres/virtual-time.ts';
import { InProcessSocket } from '../../wire/in-process-socket.ts';
import type { Problem } from '../../wire/problem.ts';
import { openProxy, type WireProxy } from '../../wire/proxy.ts';
import type { WireConnection } from '../../wire/step.ts';
import { brokenProtocol, serverGone, tooManyConnections } from './accusations.ts';
import { drained, outsideOfCalls, type Actor } from './actor.ts';
import { CallControl, OWN_POOL, type ControlSurroundings } from './call-control.ts';
import type { RaceTools } from './call.ts';
import { followSockets } from './client-sockets.ts';
import { prepareQueries } from './prepared-queries.ts';
import type { SharedAddress } from './shared-address.ts';

/** Connections that one call may have at once: as many as a pool of node-postgres has by default. */
const MOST_CONNECTIONS = 10;
/** How long a statement without control may last on, in real milliseconds. */
const PATIENCE_MS = 10_000;
/** How long the code of an abandoned call may take to come to its end, in real milliseconds. */
const BURIAL_MS = 100;

export class CallConnections {
  readonly url: string;
  /** For code that is not controlled: what prepares the executions, and what follows one. */
  readonly #preparing: Pool;
  readonly #following: Pool;
  readonly control: CallControl;
  readonly #proxy: WireProxy;
  readonly #address: SharedAddress | null;
  readonly #followed: readonly ReturnType<typeof followSockets>[];
  /** The sockets of clients of our own pools, each with the actor whose pool it is; null for a pool of no actor. */
  readonly #inProcess = new Map<InProcessSocket, number | null>();
  /** By actor. */
  readonly #pools = new Map<number, Pool>();

  private constructor(proxy: WireProxy, control: CallControl, address: SharedAddress | null) {
    this.#proxy = proxy;
    this.#address = address;
    this.control = control;
    this.url = proxy.url;
    const ports = [Number(new URL(proxy.url).port), ...(address === null ? [] : [address.port])];
    this.#followed = ports.map((port) => followSockets(port));
    this.#preparing = this.#newPool();
    this.#following = this.#newPool();
  }

  /**
   * `url` is that of the server; clients of `address` are connected to it as well. Throws `EnvironmentError` when no port is
   * free.
   */
  static async open(
    url: string,
    around: Omit<ControlSurroundings, 'connections' | 'poolOf'>,
    address: SharedAddress | null,
  ): Promise<CallConnections> {
    const control: CallControl = new CallControl({
      ...around,
      connections: () => connections.#connections,
      poolOf: (connection) => connections.#ownerOf(connection),
    });
    const rewrite = virtualTime();
    const onProblem = (problem: Problem): void => accuse(control.running, problem);
    const proxy = await openProxy({ url, controller: control, rewrite, onProblem });
    const connections = new CallConnections(proxy, control, address);
    address?.attach({ url, controller: control, rewrite, onProblem });
    return connections;
  }

  get #connections(): readonly WireConnection[] {
    return this.#address === null
      ? this.#proxy.connections
      : [...this.#proxy.connections, ...this.#address.connections];
  }

  /** For code that is not controlled. What prepares the executions keeps its connections. */
  get pool(): Pool {
    return this.control.isPreparing ? this.#preparing : this.#following;
  }

  database({ index }: Actor): Pick<RaceTools, 'url' | 'pool'> {
    let pool = this.#pools.get(index);
    if (pool === undefined) this.#pools.set(index, (pool = this.#newPool(index)));
    return { url: this.url, pool };
  }

  /**
   * Whether a client has written bytes that the proxy has not read, or the other way round, or a connection is being opened
   * or closed. Only clients in this process are known.
   */
  inFlight(): boolean {
    for (const socket of [...this.#followed.flatMap(({ sockets }) => [...sockets]), ...this.#inProcess.keys()]) {
      const connection = this.#connectionOf(socket);
      if (connection === undefined || !connection.isReady) return true;
      const { peer } = connection;
      if (peer.bytesRead !== socket.bytesWritten || peer.bytesWritten !== socket.bytesRead) return true;
    }
    return false;
  }

  /** What is wrong with how the actor leaves its connections; null where nothing is. */
  leftOpen(actor: Actor): string | null {
    if (this.control.inTransaction(actor)) return 'leaves a transaction open when it answers';
    const pool = this.#pools.get(actor.index);
    return pool !== undefined && pool.totalCount > pool.idleCount ? 'does not release its client' : null;
  }

  /** Why a call whose code does not go on waits; null where that is not known. */
  whyStuck(actor: Actor): Error | null {
    const waiting = this.#pools.get(actor.index)?.waitingCount ?? 0;
    return waiting > 0 ? tooManyConnections(actor, MOST_CONNECTIONS) : null;
  }

  /** Lets the code of abandoned calls come to its end: each of its statements fails. */
  async bury(actors: readonly Actor[]): Promise<void> {
    const dead = actors.filter(({ abandoned }) => abandoned);
    const [first] = dead;
    if (first === undefined) return;
    this.control.rests();
    this.control.runs(first);
    for (const actor of dead) actor.discard();
    const isOver = (): boolean => dead.every(({ ended }) => ended) && !this.inFlight();
    for (const begun = performance.now(); !isOver() && performance.now() - begun < BURIAL_MS;) await drained();
    this.control.runs(null);
    for (const actor of dead) if (!actor.ended || this.leftOpen(actor) !== null) this.#drop(actor.index);
  }

  /** Puts connections back as they were opened, or as they were prepared. */
  async tidy(): Promise<void> {
    await this.#answered();
    await this.control.tidy();
  }

  /** Puts every connection back as it was opened; what follows belongs to the beginning of the executions. */
  async prepare(): Promise<void> {
    await this.#answered();
    await this.control.prepare();
  }

  /** Until the server has answered what code without control has sent. */
  async #answered(): Promise<void> {
    const isBusy = (): boolean => this.#connections.some(({ isAtServer }) => isAtServer);
    for (const begun = performance.now(); isBusy() && performance.now() - begun < PATIENCE_MS;) await drained();
  }

  /** The server processes of the connections on which something is under way. */
  busy(): readonly number[] {
    return this.#connections.flatMap(({ isAtServer, status, pid }) =>
      pid !== null && (isAtServer || status !== 'idle') ? [pid] : [],
    );
  }

  async close(): Promise<void> {
    // A pool waits for clients that a call has kept.
    for (const pool of [this.#preparing, this.#following, ...this.#pools.values()]) end(pool);
    await this.#proxy.close();
    for (const { stop } of this.#followed) stop();
  }

  /** Code that did not come to its end reaches the database no more. */
  #drop(actor: number): void {
    const pool = this.#pools.get(actor);
    if (pool !== undefined) end(pool);
    this.#pools.delete(actor);
    for (const { owner, connection } of this.control.sessions) if (owner === actor) connection.reset();
  }

  #ownerOf({ peer }: WireConnection): number | null {
    for (const [socket, owner] of this.#inProcess) if (socket.other === peer) return owner;
    return null;
  }

  #connectionOf(socket: Socket | InProcessSocket): WireConnection | undefined {
    const connections = this.#connections;
    if (socket instanceof InProcessSocket) return connections.find(({ peer }) => peer === socket.other);
    return connections.find(({ peer }) => peer.remotePort === socket.localPort);
  }

  /** The connections of our own pools stay in this process: over TCP, a step takes twice as long. */
  #connect(owner: number | null): InProcessSocket {
    const socket = this.#proxy.connect(outsideOfCalls);
    this.#inProcess.set(socket, owner);
    return socket.once('close', () => this.#inProcess.delete(socket));
  }

  /** For one actor, or for code that is not controlled. */
  #newPool(owner: number | null = null): Pool {
    const pool = new Pool({
      connectionString: this.url,
      application_name: OWN_POOL,
      max: MOST_CONNECTIONS,
      idleTimeoutMillis: 0,
      ssl: false,
      stream: () => this.#connect(owner),
    });
    // The statement on a lost connection fails; without a listener the event would end the process as well.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => {
      client.on('error', () => undefined);
      prepareQueries(client);
    });
    // It belongs to all executions: a call does not end it.
    pool.end = () => Promise.resolve();
    return pool;
  }
}

/** A pool that a call has left in the middle of something does not end by itself; its connections end with the proxy. */
function end(pool: Pool): void {
  Pool.prototype.end.call(pool, () => undefined);
}

/** What the proxy reports is a fault of the call whose code runs. */
function accuse(actor: Actor | null, { kind, message, cause }: Problem): void {
  if (actor === null || actor.abandoned) return;
  if (kind === 'controller' && cause instanceof Error && isUsageError(cause)) actor.accuse(cause);
  else actor.accuse(kind === 'server-unreachable' ? serverGone(actor, message) : brokenProtocol(actor, message));
}
