/** `seatproof run` on a real Postgres. */
import { existsSync, readdirSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openServer } from '../../src/postgres/server.ts';
import { FAILS, LASTS, PASSES, project, seatproof } from './seatproof.ts';

test('plays on the model and on an embedded Postgres, and a failure on both is told once', async () => {
  const cwd = project({ 'scenarios/own/early.scenario.ts': FAILS, 'scenarios/own/start.scenario.ts': PASSES });
  const { code, stdout, stderr } = await seatproof(['run'], { cwd });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.match(/^✗ a rival/gm)).toHaveLength(1);
  expect(stdout).toContain('on model and postgres');
  expect(stdout).toMatch(/own +1 ✓ {2}1 ✗ +1 ✓ {2}1 ✗/);
  expect(readdirSync(path.join(cwd, 'reports', 'histories'))).toHaveLength(4);
});

test('a server that dies in the middle is an error of the surroundings, and no report is half-written', async () => {
  const server = await openServer({ type: 'embedded' });
  onTestFinished(() => server.close());
  const url = await throughProxy(server.url, 400);
  const cwd = project({ 'scenarios/a.scenario.ts': PASSES, 'scenarios/b.scenario.ts': LASTS.replace('1900s', '20s') });
  const { code, stderr } = await seatproof(['run', '--postgres', url], { cwd });
  expect({ code, stderr }).toMatchObject({ code: 3 });
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stderr).not.toContain(new URL(url).password);
  expect(existsSync(path.join(cwd, 'reports'))).toBe(false);
});

/** The URL of a proxy to that server that breaks off, and is gone, after so many messages. */
async function throughProxy(url: string, messages: number): Promise<string> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let left = messages;
  const proxy = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.on('data', (data) => {
      upstream.write(data);
      if (--left > 0) return;
      proxy.close();
      for (const socket of sockets) socket.destroy();
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  target.port = String((proxy.address() as AddressInfo).port);
  return target.href;
}
