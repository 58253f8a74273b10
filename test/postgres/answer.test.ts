/** A server that no longer answers: it is told of after a limit, and what is left of it does not keep anyone waiting. */
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { EnvironmentError } from '../../src/core/failures.ts';
import { instant } from '../../src/core/time.ts';
import { answered, attempted } from '../../src/postgres/answer.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema } from '../../src/postgres/schema.ts';
import { openServer } from '../../src/postgres/server.ts';
import type { Deployment } from '../../src/service/port.ts';
import { PLAIN } from '../service/moments.ts';
import { proxyTo } from './proxy.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

const never = new Promise<string>(() => undefined);

test('an answer is passed on, and so is a failure, and neither leaves a timer', async () => {
  expect(await answered('start', Promise.resolve('granted'))).toBe('granted');
  await expect(answered('start', Promise.reject(new Error('no such table')))).rejects.toThrow('no such table');
  await attempted(Promise.reject(new Error('gone already')));
  expect(vi.getTimerCount()).toBe(0);
});

test('29 s of silence are borne, 30 are not', async () => {
  let failure: unknown = null;
  answered('heartbeat', never).catch((error: unknown) => (failure = error));
  await vi.advanceTimersByTimeAsync(29_999);
  expect(failure).toBe(null);
  await vi.advanceTimersByTimeAsync(1);
  expect(failure).toBeInstanceOf(EnvironmentError);
  expect(String(failure)).toContain(
    "Postgres has not answered for 30 s during 'heartbeat', so its outcome is unknown: see that the server is running",
  );
});

const scope = { license: 'key', symbol: '' };

test.each<readonly [string, (deployment: Deployment) => Promise<unknown>]>([
  ['status', async ({ service }) => service.status({ type: 'status', scope })],
  ['setClock', async (deployment) => deployment.setClock(instant(1))],
  ['held', async (deployment) => deployment.held()],
  ['end', async ({ alone }) => alone?.(instant(1), { type: 'end', scope, session: 's', term: 1, device: 'd' })],
  ['fault', async (deployment) => deployment.fault('writes-refused')],
  ['overlap', async (deployment) => deployment.overlap?.([])],
])("a deployment says so of '%s', and its schema can be closed", async (name, ask) => {
  const { url, fallSilent } = await proxyTo(inject('postgresUrl'));
  const schema = await openSchema(await openServer({ type: 'url', url }));
  const deployment = await deployPostgres(schema, PLAIN);
  await deployment.reset(['key']);
  fallSilent();
  const asked = ask(deployment).then(String, String);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await asked).toContain(`has not answered for 30 s during '${name}'`);
  const closing = schema.close();
  await vi.advanceTimersByTimeAsync(10_000);
  await closing;
});
