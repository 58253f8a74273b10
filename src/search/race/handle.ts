/** The `db` that a call is handed: a pool with node-postgres's shapes, whose every statement waits for its turn. */
import { escapeIdentifier, escapeLiteral, type QueryConfig, type QueryResult } from 'pg';
import type { Actor } from './actor.ts';
import type { RaceClient, RacePool } from './call.ts';
import { RaceFault } from './fault.ts';
import type { Footprint } from './footprint.ts';
import type { Step, StepEnd } from './step.ts';
import type { Sent, Wire } from './wire.ts';

/** Where a handle gets its connections from. */
export interface Wires {
  /** One that is free; opened where there is none. */
  take(): Promise<Wire>;
  giveBack(wire: Wire): void;
  /** Whether somebody waits for this call already, so that it would close a circle by waiting for them. */
  closesCircle(): boolean;
  /** Ends the connection of one wire for certain. */
  cut(wire: Wire): Promise<Footprint>;
  /** Whether the statement would last by itself on a connection without a transaction. */
  lasting(sql: string): boolean;
  wanted(sql: string): Footprint;
  readonly count: { readonly total: number; readonly idle: number };
}

export function poolFor(actor: Actor, wires: Wires): RacePool {
  // Without a client of its own, a statement takes a free connection when its turn comes.
  const onAny: On = async (_config, work) => {
    const wire = await wires.take();
    try {
      return await work(wire);
    } finally {
      wires.giveBack(wire);
    }
  };
  const pool = {
    ...listening(),
    query: queryOf((config) => announce(actor, wires, config, onAny)),
    connect(callback?: (error: Error | undefined, client: RaceClient, release: () => void) => void) {
      const taken = wires.take().then((wire) => clientOn(actor, wires, wire));
      if (callback === undefined) return taken;
      taken.then(
        (client) => callback(undefined, client, () => client.release()),
        (error: Error) => callback(error, undefined as never, () => undefined),
      );
      return undefined;
    },
    end: () => Promise.resolve(),
    get totalCount() {
      return wires.count.total;
    },
    get idleCount() {
      return wires.count.idle;
    },
    waitingCount: 0,
  };
  return pool as RacePool;
}

function clientOn(actor: Actor, wires: Wires, wire: Wire): RaceClient {
  let released = false;
  return {
    ...listening(),
    query: queryOf((config) => {
      if (released) return Promise.reject(new Error('Client was released, and cannot be used any more'));
      return announce(actor, wires, config, (_, work) => work(wire), wire);
    }),
    release() {
      if (released) throw new Error('Release called on client which has already been released to the pool.');
      released = true;
      wires.giveBack(wire);
    },
    escapeIdentifier,
    escapeLiteral,
  } as RaceClient;
}

/** Nobody emits anything here: a connection that is lost is told by the statement that was said on it. */
function listening(): Record<string, unknown> {
  const same = function (this: unknown) {
    return this;
  };
  return { on: same, once: same, off: same, removeListener: same, addListener: same };
}

type On = (config: QueryConfig, work: (wire: Wire) => Promise<Sent>) => Promise<Sent>;

function announce(
  actor: Actor,
  wires: Wires,
  config: QueryConfig,
  on: On,
  own: Wire | null = null,
): Promise<QueryResult> {
  if (actor.abandoned) return new Promise(() => undefined);
  return new Promise((resolve, reject) => {
    let used: Wire | null = own;
    const end = (sent: Sent): StepEnd => ({
      outcome: sent.outcome,
      footprint: sent.footprint,
      deliver: () => (sent.result === null ? reject(sent.error) : resolve(sent.result)),
    });
    const step: Step = {
      kind: 'statement',
      what: inOneLine(config.text),
      lasting: () => (own === null ? wires.lasting(config.text) : own.lasting(config.text)),
      begin: async () => {
        if (used?.dead === true) return end(lost(used.cut()));
        return end(
          await on(config, (wire) => {
            used = wire;
            return wire.send(config, wires.closesCircle());
          }),
        );
      },
      wanted: () => (used === null ? wires.wanted(config.text) : used.wanted(config.text)),
      pid: () => used?.pid ?? null,
      cut: async () => {
        used ??= await wires.take();
        return end(lost(await wires.cut(used)));
      },
    };
    actor.announce(step);
  });
}

function lost(footprint: Footprint): Sent {
  const error = new Error('Connection terminated unexpectedly');
  return { outcome: { type: 'failed', code: 'lost', message: error.message }, footprint, result: null, error };
}

type Ask = (config: QueryConfig) => Promise<QueryResult>;

/** The many ways in which node-postgres can be asked, as one. */
function queryOf(ask: Ask): (...args: readonly unknown[]) => unknown {
  return (...args) => {
    const callback = args.find((arg) => typeof arg === 'function') as
      ((error: Error | undefined, result?: QueryResult) => void) | undefined;
    const [first, second] = args;
    if (typeof first === 'object' && first !== null && 'submit' in first) {
      throw new TypeError(
        'a cursor or a stream fetches its rows bit by bit, which the explorer cannot order: use query()',
      );
    }
    const config: QueryConfig = { ...(typeof first === 'string' ? { text: first } : (first as QueryConfig)) };
    if (Array.isArray(second)) config.values = second;
    const answer = ask(config);
    if (callback === undefined) return answer;
    answer.then(
      (result) => callback(undefined, result),
      (error: Error) => callback(error),
    );
    return undefined;
  };
}

/** Comments dropped, white space as one space. */
function inOneLine(sql: string): string {
  const known = lines.get(sql);
  if (known !== undefined) return known;
  if (lines.size > MOST_LINES) lines.clear();
  const line = withoutBreaks(sql);
  lines.set(sql, line);
  return line;
}

const lines = new Map<string, string>();
const MOST_LINES = 1_000;

function withoutBreaks(sql: string): string {
  return sql
    .replaceAll(/--[^\n]*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

export function tooManyConnections({ name: call, last }: Actor, most: number): RaceFault {
  return new RaceFault('too-many-connections', {
    call,
    statement: last,
    says: `asked for more than ${most} connections at once${last === null ? '' : ', after'}`,
    fix: 'release each client when its work is done',
  });
}
