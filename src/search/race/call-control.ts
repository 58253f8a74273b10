/**
 * The controller of the proxy of one lane: parks each statement of a call until the explorer releases it, and holds the
 * reply until the explorer delivers it. Code of one call runs at a time, so a step that arrives belongs to that call,
 * whichever connection it uses. While no call runs, steps pass.
 */
import type { Admission, Controller, Opening, Release, WireConnection, WireReply, WireStep } from '../../wire/step.ts';
import type { Actor } from './actor.ts';
import { together, UNTOUCHED, type Footprint } from './footprint.ts';
import { Session, type SessionSurroundings } from './session.ts';
import { accessOf, takesLocks, type Deed, type Isolation } from './statement.ts';
import { StatementStep, type StepSurroundings } from './statement-step.ts';

export interface ControlSurroundings extends SessionSurroundings {
  /** The settings of a new connection. */
  readonly settings: (asked: string, isolation: Isolation) => string;
  /** Every connection of the proxy. */
  readonly connections: () => readonly WireConnection[];
  /** Whether another call waits for this actor, directly or not. */
  readonly isWaitedFor: (actor: number) => boolean;
  /** The actor whose own pool a connection belongs to; null for a connection of another client. */
  readonly poolOf: (connection: WireConnection) => number | null;
}

/** A statement that a call did not send while its code ran, but in the background. */
export interface Stray {
  /** Null where the client of the statement is not that of one call. */
  readonly actor: number | null;
  readonly statement: string;
}

/** The name of the application on connections of the pools that calls receive. */
export const OWN_POOL = 'seatproof';
const PASS: Release = { type: 'pass' };
const ABANDONED: Release = {
  type: 'fail',
  error: { code: '57P01', message: 'the order of the race that this call belongs to is over' },
};

export class CallControl implements Controller {
  readonly #around: ControlSurroundings;
  readonly #sessions = new Map<WireConnection, Session>();
  readonly #steps = new Map<number, StatementStep>();
  #running: Actor | null = null;
  #opened = 0;
  /** Whether the beginning of the executions is being prepared. */
  #preparing = false;
  /** Whether an execution is under way, so that every statement is to be one of a call whose code runs. */
  #playing = false;
  #stray: Stray | null = null;
  #isolation: Isolation = 'read committed';

  constructor(around: ControlSurroundings) {
    this.#around = around;
  }

  /** How many connections clients have opened by themselves. Drivers send statements of their own on a new connection. */
  get opened(): number {
    return this.#opened;
  }

  get isPreparing(): boolean {
    return this.#preparing;
  }

  get running(): Actor | null {
    return this.#running;
  }

  /** The first statement that came in the background since this was asked last; null where none did. */
  takeStray(): Stray | null {
    const stray = this.#stray;
    this.#stray = null;
    return stray;
  }

  get sessions(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** Whose code runs from now on; null for no call's. */
  runs(actor: Actor | null): void {
    this.#running = actor;
  }

  /** An execution begins. */
  plays(): void {
    this.#playing = true;
  }

  /** Code without control follows an execution. */
  rests(): void {
    this.#playing = false;
  }

  /** The level of transactions that do not choose one. */
  async isolate(isolation: Isolation): Promise<void> {
    // Those that were not used yet were opened at the former level.
    for (const connection of this.#around.connections()) this.#sessionOf(connection);
    this.#isolation = isolation;
    for (const session of this.#sessions.values()) await session.isolate(isolation);
  }

  actorOf(pid: number): number | null {
    for (const { connection, owner } of this.#sessions.values()) if (connection.pid === pid) return owner;
    return null;
  }

  /** Whether a call holds what a statement of this actor may have to wait for. `pid` is that of its own connection. */
  mayWait({ index }: Actor, deed: Deed, pid: number | null): boolean {
    const locks = takesLocks(deed);
    for (const session of this.#sessions.values()) {
      // What the connection itself holds is no obstacle; what a second one of the same call holds is.
      if (session.connection.pid === pid || session.owner === null) continue;
      if (session.holdsAnything || (locks && (session.holdsLocks || (session.owner !== index && session.busy)))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the actor has left a transaction open. */
  inTransaction({ index }: Actor): boolean {
    return this.#of(index).some(({ dead, inTransaction }) => !dead && inTransaction);
  }

  /** Rolls back every connection of the actor but one that is in the middle of a statement. */
  async cut({ index }: Actor): Promise<Footprint> {
    const gone: Footprint[] = [];
    for (const session of this.#of(index)) if (!session.busy) gone.push(await session.rollBack());
    return together(gone);
  }

  /** All but what belongs to the beginning of the executions. */
  async tidy(): Promise<void> {
    for (const session of this.#sessions.values()) {
      if (!session.prepared || session.owner !== null) await session.tidy();
    }
  }

  /** From now on, statements belong to the beginning of the executions; a former beginning is tidied. */
  async prepare(): Promise<void> {
    for (const session of this.#sessions.values()) {
      session.prepared = false;
      session.owner = null;
    }
    await this.tidy();
    this.#preparing = true;
    this.#playing = false;
  }

  prepared(): void {
    this.#preparing = false;
  }

  onConnect({ options, applicationName }: Opening): Admission {
    if (applicationName !== OWN_POOL) this.#opened += 1;
    return { type: 'accept', options: this.#around.settings(options, this.#isolation) };
  }

  onStep(step: WireStep): Release | Promise<Release> {
    const session = this.#sessionOf(step.connection);
    const actor = this.#running;
    if (actor?.abandoned === true) return ABANDONED;
    const owner = this.#around.poolOf(step.connection);
    if (this.#playing && (actor === null || (owner !== null && owner !== actor.index))) {
      this.#noteStray(step, owner);
    }
    if (actor === null) {
      for (const { text } of step.statements) session.note(text);
      session.prepared ||= this.#preparing;
      return PASS;
    }
    session.owner = actor.index;
    const statement = new StatementStep(step, session, this.#aroundStep(actor));
    this.#steps.set(step.id, statement);
    actor.announce(statement);
    return statement.released;
  }

  onReply({ id }: WireStep, reply: WireReply): Promise<void> | undefined {
    const statement = this.#steps.get(id);
    this.#steps.delete(id);
    return statement?.answer(reply);
  }

  /** That the server notices the end of a connection on which something is open is a step of its own: others may come before. */
  onLeave(connection: WireConnection): Promise<void> | undefined {
    const session = this.#sessions.get(connection);
    const actor = this.#running;
    if (session === undefined || actor === null || actor.abandoned) return undefined;
    if (!session.inTransaction && !session.holdsAnything) return undefined;
    return new Promise((resolve) => actor.announce(closing(session, resolve)));
  }

  onClose(connection: WireConnection): void {
    this.#sessions.get(connection)?.ended();
    this.#sessions.delete(connection);
  }

  #sessionOf(connection: WireConnection): Session {
    let session = this.#sessions.get(connection);
    if (session === undefined) {
      session = new Session(connection, this.#isolation, this.#around);
      this.#sessions.set(connection, session);
    }
    return session;
  }

  /** Of a client of the user's, what a pool sends to keep its connections is no statement of a call. */
  #noteStray({ statements }: WireStep, actor: number | null): void {
    const changes = (sql: string): boolean => {
      const deed = this.#around.read(sql);
      return deed.type === 'access' && deed.writes.length > 0;
    };
    const stray = statements.find(({ text }) => actor !== null || changes(text));
    if (stray !== undefined) this.#stray ??= { actor, statement: stray.text };
  }

  #of(actor: number): readonly Session[] {
    return [...this.#sessions.values()].filter(({ owner }) => owner === actor);
  }

  #aroundStep({ index }: Actor): StepSurroundings {
    return {
      access: (sql) => accessOf(sql, this.#around.read(sql)),
      closesCircle: () => this.#around.isWaitedFor(index),
    };
  }
}

function closing(session: Session, closed: () => void): Parameters<Actor['announce']>[0] {
  const cut = async () => {
    const footprint = await session.rollBack();
    closed();
    return { outcome: { type: 'done', rows: null } as const, footprint, deliver: () => undefined };
  };
  return {
    kind: 'step',
    what: 'its connection is closed',
    key: '',
    // What it holds must not keep a later statement of its own call waiting for ever.
    first: true,
    lasting: () => false,
    access: () => null,
    begin: cut,
    wanted: () => UNTOUCHED,
    pid: () => null,
    cut,
    discard: closed,
  };
}
