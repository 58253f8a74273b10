/** Many connections at once: at most one session holds a seat, and the terms rise one by one. */
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { RuleReply } from '../../src/core/reply.ts';
import { instant } from '../../src/core/time.ts';
import { connect } from '../../src/postgres/connection.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { postgresService } from '../../src/postgres/service.ts';
import type { Deployment } from '../../src/service/port.ts';
import { deployModel } from '../../src/service/reference.ts';
import { send } from '../../src/service/send.ts';
import { PLAIN, T } from '../service/moments.ts';
import { sharedServer } from './shared-server.ts';

const ROUNDS = 50;
const scope = { license: 'key', symbol: '' };

let schema: PostgresSchema;
beforeAll(async () => {
  schema = await openSchema(await sharedServer());
});
afterAll(() => schema.close());

const deploy = (policy: Policy) => deployPostgres(schema, policy);
const eight = [1, 2, 3, 4, 5, 6, 7, 8];
const start = ({ service }: Deployment, n: number, takeOver: number | null = null) =>
  Promise.resolve(service.start({ type: 'start', scope, session: `s${n}`, device: `d${n}`, takeOver }));

const byNumber = (a: number, b: number) => a - b;

function granted(replies: readonly RuleReply[]): readonly number[] {
  return replies.flatMap((reply) => (reply.type === 'granted' ? [reply.term] : []));
}

test('of eight that start at once on a fresh seat, one is granted and seven are refused by it', async () => {
  const deployment = await deploy(PLAIN);
  for (let round = 0; round < ROUNDS; round++) {
    await deployment.reset(['key']);
    const replies = await Promise.all(eight.map((n) => start(deployment, n)));
    expect(granted(replies)).toEqual([1]);
    const [row] = await deployment.held();
    const refusals = replies.filter((reply) => reply.type === 'refused');
    expect(refusals).toHaveLength(7);
    for (const refusal of refusals) expect(refusal.holder.session).toBe(row?.seat.latest?.id);
  }
});

test('of eight that start at once on an expired seat, one is granted', async () => {
  const deployment = await deploy(PLAIN);
  for (let round = 0; round < ROUNDS; round++) {
    await deployment.reset(['key']);
    await start(deployment, 9);
    await deployment.setClock(instant(T));
    expect(granted(await Promise.all(eight.map((n) => start(deployment, n))))).toEqual([2]);
  }
});

test('of eight that agree to take over the same term, one takes it', async () => {
  const deployment = await deploy({ ...PLAIN, onConflict: 'ask' });
  for (let round = 0; round < ROUNDS; round++) {
    await deployment.reset(['key']);
    await start(deployment, 9);
    expect(granted(await Promise.all(eight.map((n) => start(deployment, n, 1))))).toEqual([2]);
  }
});

test('eight that take over one another on a fresh seat are granted eight terms, each from the one before', async () => {
  const deployment = await deploy({ ...PLAIN, onConflict: 'take-over' });
  for (let round = 0; round < ROUNDS; round++) {
    await deployment.reset(['key']);
    const replies = await Promise.all(eight.map((n) => start(deployment, n)));
    expect([...granted(replies)].sort(byNumber)).toEqual(eight);
    const replaced = replies.flatMap((reply) => (reply.type === 'granted' ? [reply.replaced?.term ?? 0] : []));
    expect([...replaced].sort(byNumber)).toEqual(eight.map((n) => n - 1));
  }
});

test('one start said eight times at once is one session', async () => {
  const deployment = await deploy(PLAIN);
  for (let round = 0; round < ROUNDS; round++) {
    await deployment.reset(['key']);
    expect(granted(await Promise.all(eight.map(() => start(deployment, 1))))).toEqual(eight.map(() => 1));
  }
});

const TAKES_OVER: Policy = { ...PLAIN, onConflict: 'take-over', lateHeartbeat: 'revive' };
const starts = (n: number): Command => ({ type: 'start', scope, session: `s${n}`, device: `d${n}`, takeOver: null });
const beats: Command = { type: 'heartbeat', scope, session: 's1', term: 1, device: 'd1' };
const ends: Command = { type: 'end', scope, session: 's1', term: 1, device: 'd1' };
const sweeps: Command = { type: 'sweep' };
const s1Before = [starts(1)];

// The first command has done its work and not committed; the second one waits for it, and must see what it did.
test.each<readonly [string, number, readonly Command[], Command, Command, object]>([
  ['a takeover after the first grant has the next term', 0, [], starts(1), starts(2), { type: 'granted', term: 2 }],
  ['a heartbeat after a takeover is gone', 0, s1Before, starts(2), beats, { type: 'gone', why: 'replaced', by: 'd2' }],
  ['an end after a takeover is gone', 0, s1Before, starts(2), ends, { type: 'gone', why: 'replaced', by: 'd2' }],
  ['a heartbeat after an end is gone', 0, s1Before, ends, beats, { type: 'gone', why: 'ended', by: null }],
  ['an end after an end is ended', 0, s1Before, ends, ends, { type: 'ended' }],
  [
    'a takeover after an end replaces nobody',
    0,
    s1Before,
    ends,
    starts(2),
    { type: 'granted', term: 2, replaced: null },
  ],
  ['a sweep after a late heartbeat finds nothing', T, s1Before, beats, sweeps, { type: 'swept', sessions: [] }],
  ['a sweep after a sweep finds nothing', T, s1Before, sweeps, sweeps, { type: 'swept', sessions: [] }],
  ['a late heartbeat after a sweep is gone', T, s1Before, sweeps, beats, { type: 'gone', why: 'expired', by: null }],
])('%s', async (_sentence, at, before, first, second, reply) => {
  const deployment = await deploy(TAKES_OVER);
  await deployment.reset(['key']);
  for (const command of before) await send(deployment.service, command);
  await deployment.setClock(instant(at));
  const client = await connect(schema.server.url, schema.name);
  await client.query('BEGIN');
  await send(
    postgresService(() => client, TAKES_OVER),
    first,
  );
  const waiting = send(deployment.service, second);
  await untilBlockedBy(client);
  await client.query('COMMIT');
  expect(await waiting).toMatchObject(reply);
  await client.end();

  // And the rows are those of the two commands, one after the other.
  const model = deployModel(TAKES_OVER);
  await model.reset(['key']);
  for (const command of before) await send(model.service, command);
  await model.setClock(instant(at));
  await send(model.service, first);
  await send(model.service, second);
  expect(await deployment.held()).toEqual(await model.held());
});

test('a start that waited for a first grant which was rolled back is the first grant', async () => {
  const deployment = await deploy(PLAIN);
  await deployment.reset(['key']);
  const client = await connect(schema.server.url, schema.name);
  await client.query('BEGIN');
  await send(
    postgresService(() => client, PLAIN),
    starts(1),
  );
  const waiting = send(deployment.service, starts(2));
  await untilBlockedBy(client);
  await client.query('ROLLBACK');
  expect(await waiting).toMatchObject({ type: 'granted', term: 1, session: 's2' });
  await client.end();
});

test('calls that overlap have all read before any of them writes', async () => {
  const deployment = await deploy(PLAIN);
  for (let round = 0; round < 10; round++) {
    await deployment.reset(['key']);
    await send(deployment.service, starts(1));
    // Checks, and then claims: each sees what was there before the other.
    const seen: string[] = [];
    const naive = (session: string) => async () => {
      const { rows } = await schema.pool.query<{ session_id: string }>('SELECT session_id FROM seats');
      seen.push(rows[0]?.session_id ?? '');
      await schema.pool.query('UPDATE seats SET session_id = $1', [session]);
    };
    await deployment.overlap?.([naive('s2'), naive('s3')]);
    expect(seen).toEqual(['s1', 's1']);
  }
});

// Time goes by while the second command waits for the lock of the first, until the session has expired.
test.each<readonly [string, Command, object]>([
  ['a heartbeat that waited until its session had expired is late', beats, { type: 'gone', why: 'expired' }],
  ['a start that waited until the holder had expired is granted', starts(2), { type: 'granted', replaced: null }],
])('%s', async (_sentence, command, reply) => {
  const deployment = await deploy(PLAIN);
  await deployment.reset(['key']);
  await send(deployment.service, starts(1));
  await deployment.setClock(instant(T - 1));
  const client = await connect(schema.server.url, schema.name);
  await client.query('BEGIN');
  await client.query('SELECT FROM seats FOR UPDATE');
  const waiting = send(deployment.service, command);
  await untilBlockedBy(client);
  await deployment.setClock(instant(T));
  await client.query('COMMIT');
  expect(await waiting).toMatchObject(reply);
  await client.end();
});

async function untilBlockedBy(client: Client): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  for (let i = 0; i < 2_000; i++) {
    const blocked = await schema.control.query(
      'SELECT FROM pg_stat_activity WHERE $1::int = ANY (pg_blocking_pids(pid))',
      [rows[0]?.pid],
    );
    if (blocked.rows.length > 0) return;
  }
  throw new Error('the second command does not wait for the first');
}

test('in a storm of starts, heartbeats, ends and sweeps no two grants share a term, and each says whom it replaced', async () => {
  const deployment = await deploy({ ...PLAIN, onConflict: 'take-over', lateHeartbeat: 'revive' });
  const { service } = deployment;
  await deployment.reset(['key']);
  const replies: RuleReply[] = [];
  const actor = async (n: number) => {
    for (let i = 0; i < 100; i++) {
      const session = `s${n}-${i}`;
      const reply = await service.start({ type: 'start', scope, session, device: `d${n}`, takeOver: null });
      replies.push(reply);
      if (reply.type !== 'granted') continue;
      const { term } = reply;
      replies.push(await service.heartbeat({ type: 'heartbeat', scope, session, term, device: `d${n}` }));
      if (i % 3 === 0) replies.push(await service.end({ type: 'end', scope, session, term, device: `d${n}` }));
      if (i % 7 === 0) replies.push(await service.sweep({ type: 'sweep' }));
    }
  };
  let over = false;
  const watch = async () => {
    const seen: number[] = [];
    while (!over) {
      const rows = await deployment.held();
      seen.push(rows[0]?.seat.term ?? 0);
    }
    return seen;
  };
  const watching = watch();
  await Promise.all(eight.map(actor));
  over = true;
  const seen = await watching;
  expect(seen).toEqual([...seen].sort(byNumber));
  expect(replies.filter((reply) => reply.type === 'failed')).toEqual([]);
  const terms = granted(replies);
  expect(terms).toHaveLength(800);
  expect([...terms].sort(byNumber)).toEqual(Array.from({ length: 800 }, (_, i) => i + 1));
  const takeovers = replies.flatMap((reply) => (reply.type === 'granted' && reply.replaced !== null ? [reply] : []));
  expect(takeovers.length).toBeGreaterThan(0);
  expect(takeovers.map(({ replaced }) => replaced?.term)).toEqual(takeovers.map(({ term }) => term - 1));
});
