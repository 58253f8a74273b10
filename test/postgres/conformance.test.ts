/** The reference SQL keeps the rules, at every isolation level. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { openServer } from '../../src/postgres/server.ts';
import { conformance } from '../service/conformance.ts';
import { PLAIN } from '../service/moments.ts';
import { sharedServer } from './shared-server.ts';

describe.each(['read committed', 'repeatable read', 'serializable'])('under %s', (level) => {
  let schema: PostgresSchema;
  beforeAll(async () => {
    const url = new URL((await sharedServer()).url);
    url.searchParams.set('options', `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`);
    schema = await openSchema(await openServer({ type: 'url', url: url.href }));
  });
  afterAll(() => schema.close());

  test('this level is the one in use', async () => {
    const { rows } = await schema.pool.query('SHOW transaction_isolation');
    expect(rows).toEqual([{ transaction_isolation: level }]);
  });

  test('of eight that start at once, one is granted; others are refused, or could not be put in an order', async () => {
    const deployment = await deployPostgres(schema, PLAIN);
    const scope = { license: 'key-1', symbol: '' };
    for (let round = 0; round < 20; round++) {
      await deployment.reset(['key-1']);
      const replies = await Promise.all(
        [1, 2, 3, 4, 5, 6, 7, 8].map(async (n) =>
          deployment.service.start({ type: 'start', scope, session: `s${n}`, device: `d${n}`, takeOver: null }),
        ),
      );
      const kinds = replies.map(({ type }) => (type === 'failed' ? 'refused' : type)).sort();
      expect(kinds).toEqual(['granted', ...Array.from({ length: 7 }, () => 'refused')]);
    }
  });

  conformance((policy) => deployPostgres(schema, policy));
});
