/** Many connections at once: at most one session holds a seat, and the terms rise one by one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import type { Reply } from '../../src/core/reply.ts';
import { instant } from '../../src/core/time.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import type { Deployment } from '../../src/service/port.ts';
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

function granted(replies: readonly Reply[]): readonly number[] {
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
    expect([...granted(replies)].sort()).toEqual(eight);
    const replaced = replies.flatMap((reply) => (reply.type === 'granted' ? [reply.replaced?.term ?? 0] : []));
    expect([...replaced].sort()).toEqual(eight.map((n) => n - 1));
  }
});

test('one start said eight times at once is one session', async () => {
  const deployment = await deploy(PLAIN);
  for (let round = 0; round < ROUNDS; round++) {
    await deployment.reset(['key']);
    expect(granted(await Promise.all(eight.map(() => start(deployment, 1))))).toEqual(eight.map(() => 1));
  }
});

test.each([
  // A renewal and a takeover: whoever comes second sees the other.
  ['a heartbeat and a takeover', 0],
  ['a heartbeat and a sweep at the expiry', T],
])('%s at once leave one truth', async (_what, at) => {
  const deployment = await deploy({ ...PLAIN, onConflict: 'take-over', lateHeartbeat: 'revive' });
  const { service } = deployment;
  for (let round = 0; round < ROUNDS; round++) {
    await deployment.reset(['key']);
    await start(deployment, 1);
    await deployment.setClock(instant(at));
    const beat = Promise.resolve(service.heartbeat({ type: 'heartbeat', scope, session: 's1', term: 1 }));
    const rival = at === 0 ? start(deployment, 2) : Promise.resolve(service.sweep({ type: 'sweep' }));
    const [renewal] = await Promise.all([beat, rival]);
    const [row] = await deployment.held();
    // Swept after it was renewed cannot be: the renewal moved the expiry on.
    const stands = row?.seat.latest?.id === 's1' && row.seat.latest.standing.type === 'held';
    expect(at === 0 ? false : renewal.type === 'renewed').toBe(stands);
  }
});

test('in a storm of starts, heartbeats, ends and sweeps no two grants share a term, and each says whom it replaced', async () => {
  const deployment = await deploy({ ...PLAIN, onConflict: 'take-over', lateHeartbeat: 'revive' });
  const { service } = deployment;
  await deployment.reset(['key']);
  const replies: Reply[] = [];
  const sizes: number[] = [];
  const actor = async (n: number) => {
    for (let i = 0; i < 100; i++) {
      const session = `s${n}-${i}`;
      const reply = await service.start({ type: 'start', scope, session, device: `d${n}`, takeOver: null });
      replies.push(reply);
      if (reply.type !== 'granted') continue;
      const { term } = reply;
      replies.push(await service.heartbeat({ type: 'heartbeat', scope, session, term }));
      if (i % 3 === 0) replies.push(await service.end({ type: 'end', scope, session, term }));
      if (i % 7 === 0) replies.push(await service.sweep({ type: 'sweep' }));
      sizes.push((await deployment.held()).length);
    }
  };
  await Promise.all(eight.map(actor));
  expect(replies.filter((reply) => reply.type === 'failed')).toEqual([]);
  const terms = granted(replies);
  expect(terms).toHaveLength(800);
  expect([...terms].sort((a, b) => a - b)).toEqual(Array.from({ length: 800 }, (_, i) => i + 1));
  expect(new Set(sizes)).toEqual(new Set([1]));
});
