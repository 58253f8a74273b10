/** What the wire proxy costs: statements a second on one connection, without it, and through it in the same process. */
import pg from 'pg';
import { openServer } from '../../src/postgres/server.ts';
import { openProxy, type WireProxy } from '../../src/wire/proxy.ts';
import type { Controller } from '../../src/wire/step.ts';
import { measure, type Figure } from './figure.ts';

const STATEMENTS = 10_000;
const SIMPLE = 'SELECT 1 AS one';
const PREPARED = { name: 'bench', text: 'SELECT $1::int AS one', values: [1] };

/** Every step is parked, and every reply held, for as long as a promise takes. */
const CONTROLLER: Controller = {
  onStep: async () => await Promise.resolve({ type: 'forward' }),
  onReply: async () => await Promise.resolve(),
};

export async function benchWire(): Promise<readonly Figure[]> {
  const server = await openServer({ type: 'embedded' });
  const proxies: WireProxy[] = [];
  try {
    // Over TCP, as the clients of the proxy connect.
    const direct = new URL(server.url);
    direct.searchParams.delete('host');
    proxies.push(await openProxy({ url: direct.href }));
    proxies.push(await openProxy({ url: direct.href, controller: CONTROLLER }));
    const [passing, controlled] = proxies.map(({ url }) => url) as [string, string];
    const figures: Figure[] = [];
    for (const [statement, query] of [['prepared SELECT', PREPARED] as const, ['simple query', SIMPLE] as const]) {
      for (const [way, url] of [
        ['direct', direct.href],
        ['through the proxy', passing],
        ['with a controller', controlled],
      ] as const) {
        const about = { name: `wire: ${statement}, ${way}`, unit: 'statements/s', promised: null } as const;
        figures.push(await measure({ ...about, better: 'higher' }, 5, () => rate(url, query)));
      }
    }
    return figures;
  } finally {
    for (const proxy of proxies) await proxy.close();
    await server.close();
  }
}

async function rate(url: string, query: string | pg.QueryConfig): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const begun = performance.now();
  for (let i = 0; i < STATEMENTS; i++) await client.query(query);
  const seconds = (performance.now() - begun) / 1000;
  await client.end();
  return STATEMENTS / seconds;
}
