/** The reference SQL keeps the rules. */
import { afterAll, beforeAll } from 'vitest';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { conformance } from '../service/conformance.ts';
import { sharedServer } from './shared-server.ts';

let schema: PostgresSchema;
beforeAll(async () => {
  schema = await openSchema(await sharedServer());
});
afterAll(() => schema.close());

conformance((policy) => deployPostgres(schema, policy));
