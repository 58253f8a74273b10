/** The `db` that a call is handed: a pool with node-postgres's shapes, whose every statement waits for its turn. */
import { escapeIdentifier, escapeLiteral, type QueryConfig, type QueryResult } from 'pg';
import type { Actor } from './actor.ts';
import { answered, askedWith } from './asked.ts';
import type { RaceClient, RacePool } from './call.ts';
import { UNTOUCHED } from './footprint.ts';
import type { Step, StepEnd } from './step.ts';
import { StatementStep } from './statement-step.ts';
import type { Wire } from './wire.ts';
import type { Wires } from './wire-pool.ts';

export function poolFor(actor: Actor, wires: Wires): RacePool {
  return new HandedPool(actor, wires) as unknown as RacePool;
}

/** Nobody emits anything here: a connection that is lost is told by the statement that was said on it. */
class Silent {
  on(): this {
    return this;
  }
  once(): this {
    return this;
  }
  off(): this {
    return this;
  }
  addListener(): this {
    return this;
  }
  removeListener(): this {
    return this;
  }
}

/** Query builders look for `Pool` in the name of the class, to know whether a transaction needs a client of its own. */
class HandedPool extends Silent {
  readonly #actor: Actor;
  readonly #wires: Wires;
  readonly waitingCount = 0;

  constructor(actor: Actor, wires: Wires) {
    super();
    this.#actor = actor;
    this.#wires = wires;
  }

  query(...args: readonly unknown[]): unknown {
    const { config, callback } = askedWith(args);
    return answered(announced(this.#actor, this.#wires, config, null), callback);
  }

  connect(callback?: (error: Error | undefined, client?: HandedClient, release?: () => void) => void): unknown {
    const taken = this.#wires.take().then((wire) => new HandedClient(this.#actor, this.#wires, wire));
    if (callback === undefined) return taken;
    return answered(taken, (error, client) => callback(error, client, () => client?.release()));
  }

  /** Ends nothing: the connections are the explorer's. */
  end(callback?: () => void): unknown {
    return answered(Promise.resolve(), callback ?? null);
  }

  get totalCount(): number {
    return this.#wires.count.total;
  }

  get idleCount(): number {
    return this.#wires.count.idle;
  }
}

class HandedClient extends Silent implements Pick<RaceClient, 'release'> {
  readonly #actor: Actor;
  readonly #wires: Wires;
  readonly #wire: Wire;
  #released = false;
  readonly escapeIdentifier = escapeIdentifier;
  readonly escapeLiteral = escapeLiteral;

  constructor(actor: Actor, wires: Wires, wire: Wire) {
    super();
    this.#actor = actor;
    this.#wires = wires;
    this.#wire = wire;
  }

  query(...args: readonly unknown[]): unknown {
    const { config, callback } = askedWith(args);
    return answered(this.#ask(config), callback);
  }

  #ask(config: QueryConfig): Promise<QueryResult> {
    if (this.#released) return Promise.reject(new Error('Client was released, and cannot be used any more'));
    return announced(this.#actor, this.#wires, config, this.#wire);
  }

  /** With an error, or `true`, the connection is closed, and the server rolls back what is open once it notices. */
  release(close?: Error | boolean): void {
    if (this.#released) throw new Error('Release called on client which has already been released to the pool.');
    this.#released = true;
    if (close instanceof Error || close === true) this.#actor.announce(closing(this.#wires, this.#wire));
    else this.#wires.giveBack(this.#wire);
  }
}

/** That the server notices is a step of its own: others may come before. */
function closing(wires: Wires, wire: Wire): Step {
  const cut = async (): Promise<StepEnd> => ({
    outcome: { type: 'done', rows: null },
    footprint: await wires.cut(wire),
    deliver: () => undefined,
  });
  return {
    kind: 'step',
    what: 'its connection is closed',
    lasting: () => false,
    access: () => null,
    begin: cut,
    wanted: () => UNTOUCHED,
    pid: () => null,
    cut,
  };
}

function announced(actor: Actor, wires: Wires, config: QueryConfig, own: Wire | null): Promise<QueryResult> {
  if (actor.abandoned) return new Promise(() => undefined);
  const step = new StatementStep(config, wires, own);
  actor.announce(step);
  return step.result;
}
