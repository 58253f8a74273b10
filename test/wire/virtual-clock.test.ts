/** SQL that names the real clock reads the virtual one through a proxy that rewrites it, in DDL and functions as well. */
import { expect, onTestFinished, test } from 'vitest';
import { instant } from '../../src/core/time.ts';
import { setClock } from '../../src/postgres/clock.ts';
import { openSchema } from '../../src/postgres/schema.ts';
import { rewriteRealTime } from '../../src/postgres/time-rewriting.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import { clientOf, Recorder, throughProxy } from './through-proxy.ts';

test('defaults, functions, statements and prepared statements read the time that was set', async () => {
  const schema = await openSchema(await sharedServer());
  onTestFinished(() => schema.close());
  const recorder = new Recorder();
  const proxy = await throughProxy({ rewrite: rewriteRealTime, controller: recorder });
  const client = await clientOf(proxy.url, { options: `-c search_path=${schema.name},pg_catalog -c timezone=UTC` });
  await client.query(`
    CREATE TABLE heartbeats (at timestamptz DEFAULT CURRENT_TIMESTAMP, day date DEFAULT CURRENT_DATE);
    CREATE FUNCTION tomorrow() RETURNS date LANGUAGE plpgsql AS $$ BEGIN RETURN CURRENT_DATE + 1; END $$;`);
  // Ten days after the beginning of the year 2000.
  await setClock(schema.control, schema.name, instant(10 * 86_400_000));
  await client.query('INSERT INTO heartbeats DEFAULT VALUES');
  const { rows } = await client.query({
    name: 'all',
    text: `SELECT at::text, day::text, tomorrow()::text, CURRENT_DATE::text, LOCALTIMESTAMP - at::timestamp = $1::interval AS same
      FROM heartbeats`,
    values: ['0'],
  });
  const day = '2000-01-11';
  expect(rows).toEqual([{ at: `${day} 00:00:00+00`, day, tomorrow: '2000-01-12', current_date: day, same: true }]);
  expect(recorder.steps.at(-1)?.statements[0]?.text).toContain('CURRENT_DATE::text, LOCALTIMESTAMP');
});
