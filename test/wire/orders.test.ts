/**
 * Every order of two logins by the controller alone: the service is ordinary code on an ordinary pool, in the process and
 * the event loop of the proxy. The counts are known from the in-process explorer.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Controller, Release, WireConnection, WireReply, WireStep } from '../../src/wire/step.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import { clientOf, throughProxy } from './through-proxy.ts';

type Login = (pool: pg.Pool, license: string, device: string) => Promise<'granted' | 'refused'>;

/** Check, then claim, in a transaction. */
const inTransaction =
  (lock: string): Login =>
  async (pool, license, device) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ device: string | null }>(
        `SELECT device FROM wire_licenses WHERE key = $1${lock}`,
        [license],
      );
      if (rows[0]?.device !== null) {
        await client.query('ROLLBACK');
        return 'refused';
      }
      await client.query('UPDATE wire_licenses SET device = $2 WHERE key = $1', [license, device]);
      await client.query('COMMIT');
      return 'granted';
    } finally {
      client.release();
    }
  };

const conditional: Login = async (pool, license, device) => {
  const { rowCount } = await pool.query(
    'UPDATE wire_licenses SET device = $2 WHERE key = $1 AND device IS NULL RETURNING device',
    [license, device],
  );
  return rowCount === 1 ? 'granted' : 'refused';
};

interface Call {
  phase: 'running' | 'parked' | 'at-server' | 'waiting' | 'over';
  answer: string | null;
  connection: WireConnection | null;
  release: (release: Release) => void;
  deliver: (() => void) | null;
}

/** Code of one call runs at a time, so a step that arrives is a step of that call. */
class Explorer implements Controller {
  readonly #control: pg.Client;
  #calls: Call[] = [];
  #running: Call | null = null;
  #changed: () => void = () => undefined;

  constructor(control: pg.Client) {
    this.#control = control;
  }

  onStep({ connection }: WireStep): Release | Promise<Release> {
    const call = this.#running;
    // No call runs: the pool connects.
    if (call === null) return { type: 'pass' };
    call.connection = connection;
    this.#enter(call, 'parked');
    return new Promise((resolve) => (call.release = resolve));
  }

  onReply({ connection }: WireStep, { closed }: WireReply): Promise<void> {
    const call = this.#calls.find((each) => each.connection === connection) as Call;
    if (closed) throw new Error('the connection of a call has ended');
    return new Promise((resolve) => {
      call.deliver = resolve;
      this.#changed();
    });
  }

  /** Plays one order: `choices` are calls by index; where they end, the first call that can go on does. */
  async play(starts: readonly (() => Promise<string>)[], choices: readonly number[]) {
    this.#calls = starts.map(() => ({
      phase: 'running',
      answer: null,
      connection: null,
      release: () => undefined,
      deliver: null,
    }));
    for (const [i, call] of this.#calls.entries()) {
      await this.#run(call, () => {
        void starts[i]?.().then(
          (answer) => this.#over(call, answer),
          (error: unknown) => this.#over(call, String(error)),
        );
      });
    }
    const order: number[] = [];
    const alternatives: (readonly number[])[] = [];
    for (;;) {
      const able = [...this.#calls.keys()].filter((i) => this.#calls[i]?.phase === 'parked');
      const [first] = able;
      if (first === undefined) break;
      const choice = choices[order.length] ?? first;
      order.push(choice);
      alternatives.push(able);
      await this.#step(this.#calls[choice] as Call);
      for (const waiting of this.#calls.filter(({ phase }) => phase === 'waiting')) await this.#settle(waiting);
    }
    return { order, alternatives, answers: this.#calls.map(({ answer }) => answer) };
  }

  async #step(call: Call): Promise<void> {
    call.phase = 'at-server';
    call.release({ type: 'forward' });
    await this.#settle(call);
  }

  /** Until the server has answered, or the statement waits for another one. */
  async #settle(call: Call): Promise<void> {
    while (call.deliver === null) {
      const { rows } = await this.#control.query<{ blocked: boolean }>({
        name: 'blocked',
        text: 'SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked',
        values: [call.connection?.pid],
      });
      if (call.deliver === null && rows[0]?.blocked === true) {
        call.phase = 'waiting';
        return;
      }
    }
    const { deliver } = call;
    call.deliver = null;
    await this.#run(call, deliver);
  }

  /** Runs code of the call until it has sent its next step, or is over. */
  async #run(call: Call, start: () => void): Promise<void> {
    call.phase = 'running';
    this.#running = call;
    start();
    while (this.#isRunning(call)) await new Promise<void>((resolve) => (this.#changed = resolve));
    this.#running = null;
  }

  #isRunning({ phase }: Call): boolean {
    return phase === 'running';
  }

  #over(call: Call, answer: string): void {
    call.answer = answer;
    this.#enter(call, 'over');
  }

  #enter(call: Call, phase: Call['phase']): void {
    call.phase = phase;
    this.#changed();
  }
}

let direct: pg.Client;
beforeAll(async () => {
  direct = new pg.Client((await sharedServer()).url);
  await direct.connect();
  await direct.query('CREATE TABLE wire_licenses (key text PRIMARY KEY, device text)');
});
afterAll(async () => {
  await direct.query('DROP TABLE wire_licenses');
  await direct.end();
});

test.each([
  ['check, then claim', 50, 40, inTransaction('')],
  ['SELECT … FOR UPDATE', 24, 0, inTransaction(' FOR UPDATE')],
  ['a conditional UPDATE', 2, 0, conditional],
] as const)('two logins by %s have %i orders, and both are granted in %i', async (_, orders, both, login) => {
  const explorer = new Explorer(await clientOf((await sharedServer()).url));
  const proxy = await throughProxy({ controller: explorer });
  const pool = new pg.Pool({ connectionString: proxy.url, max: 4 });
  onTestFinished(() => pool.end());
  const warm = await Promise.all([pool.connect(), pool.connect()]);
  for (const client of warm) client.release();
  const seen = new Set<string>();
  const outcomes: string[] = [];
  const open: (readonly number[])[] = [[]];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    const license = `license ${outcomes.length} of ${proxy.url.length}`;
    await direct.query('INSERT INTO wire_licenses VALUES ($1) ON CONFLICT (key) DO UPDATE SET device = NULL', [
      license,
    ]);
    const starts = ['laptop', 'desktop'].map((device) => () => login(pool, license, device));
    const { order, alternatives, answers } = await explorer.play(starts, prefix);
    seen.add(order.join(''));
    outcomes.push(answers.join(' '));
    for (let at = order.length - 1; at >= prefix.length; at--) {
      const others = alternatives[at]?.filter((choice) => choice > (order[at] ?? 0)) ?? [];
      for (const choice of others) open.push([...order.slice(0, at), choice]);
    }
  }
  expect(seen.size).toBe(outcomes.length);
  expect(outcomes).toHaveLength(orders);
  expect(outcomes.filter((outcome) => outcome === 'granted granted')).toHaveLength(both);
  const once = outcomes.filter((outcome) => ['granted refused', 'refused granted'].includes(outcome));
  expect(once).toHaveLength(orders - both);
});
