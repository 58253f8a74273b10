/** A Postgres of our own for one run: real server processes, data in a temporary folder, nothing of it left afterwards. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '../core/failures.ts';
import { findBinaries, type Binaries } from './embedded-binaries.ts';
import { guardServer } from './guardian.ts';
import type { PostgresServer } from './server.ts';
import { versionOf } from './version.ts';

const USER = 'seatproof';
const PORT_ATTEMPTS = 5;
const STOP_LIMIT_MS = 5_000;

/** Who the server's processes run as; empty for ourselves. */
type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** Throws `EnvironmentError` when the npm package is missing or its server does not come up. */
export async function openEmbedded(): Promise<PostgresServer> {
  const binaries = await findBinaries();
  const identity = serverIdentity();
  const root = await mkdtemp(path.join(tmpdir(), 'seatproof-'));
  const guardian = guardServer(root);
  let running: Running | null = null;
  const close = async () => {
    if (running !== null) await stop(running.process);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
    guardian.dismiss();
  };
  try {
    if (identity.uid !== undefined) await chown(root, identity.uid, identity.gid);
    const password = randomBytes(18).toString('hex');
    await initialise(binaries, identity, root, password);
    running = await startOnFreePort(binaries, identity, root);
    const url = `postgres://${USER}:${password}@127.0.0.1:${running.port}/postgres`;
    return { kind: 'embedded', version: await versionOf(url), url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Postgres refuses to run as root, so root lends it another user. */
function serverIdentity(): Identity {
  if (process.getuid?.() !== 0) return {};
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    // No such user yet.
  }
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' });
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch (cause) {
    throw new EnvironmentError(
      `Postgres refuses to run as root, and a user named postgres could not be made: ` +
        `run Seatproof as another user than ${userInfo().username}, or make that user with useradd --system postgres`,
      { cause },
    );
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

async function initialise(binaries: Binaries, identity: Identity, root: string, password: string): Promise<void> {
  const passwordFile = path.join(root, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (identity.uid !== undefined) await chown(passwordFile, identity.uid, identity.gid);
  const args = ['-D', path.join(root, 'data'), '-U', USER, `--pwfile=${passwordFile}`, '--auth=password'];
  args.push('--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions');
  const initdb = launch(binaries.initdb, args, identity, root);
  const code = await ended(initdb.process);
  await rm(passwordFile, { force: true });
  if (code !== 0) throw didNotStart('could not be set up', initdb.log());
}

interface Running {
  readonly process: ChildProcess;
  readonly port: number;
}

async function startOnFreePort(binaries: Binaries, identity: Identity, root: string): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = launch(binaries.postgres, serverArguments(root, port), identity, root);
    const up = await Promise.race([
      server.says('ready to accept connections'),
      ended(server.process).then(() => false),
    ]);
    if (up) return { process: server.process, port };
    // Between our looking for a port and the server's taking it, somebody else may have.
    const taken = /could not bind|could not create any TCP/.test(server.log());
    if (!taken || attempt === PORT_ATTEMPTS) throw didNotStart('did not start', server.log());
  }
}

/** Nothing needs to survive a crash of the machine, so nothing waits for the disk. */
function serverArguments(root: string, port: number): readonly string[] {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '32MB',
    max_connections: 200,
    // One line about each query that fails on purpose would bury the one that tells why the server stopped.
    log_min_messages: 'log',
  };
  return [
    '-D',
    path.join(root, 'data'),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

interface Launched {
  readonly process: ChildProcess;
  /** What it wrote last. */
  log(): string;
  /** Resolves with true once it has written this. */
  says(text: string): Promise<boolean>;
}

function launch(program: string, args: readonly string[], identity: Identity, cwd: string): Launched {
  const child = spawn(program, args, {
    ...identity,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Messages in English, because we read them; a known time zone, because looking for the machine's takes initdb long.
    env: { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' },
  });
  let log = '';
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer | string) => {
    log = (log + chunk.toString()).slice(-4_000);
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.on('error', (error) => hear(error.message));
  return {
    process: child,
    log: () => log.trim(),
    says: (text) =>
      new Promise((resolve) => {
        const listener = () => {
          if (log.includes(text)) resolve(true);
        };
        listeners.add(listener);
        listener();
      }),
  };
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('close', (code) => resolve(code));
    // A program that cannot be run at all has no end to wait for.
    child.once('error', () => resolve(null));
  });
}

/** Disconnects everyone and stops; a server that does not manage within some seconds is ended. */
async function stop(server: ChildProcess): Promise<void> {
  const over = ended(server);
  server.kill('SIGINT');
  const insist = setTimeout(() => server.kill('SIGQUIT'), STOP_LIMIT_MS);
  await over;
  clearTimeout(insist);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function didNotStart(what: string, log: string): EnvironmentError {
  return new EnvironmentError(
    `the embedded Postgres ${what}. It said:\n${log === '' ? '(nothing)' : log}\n` +
      `Mend that, or give the URL of a server with --postgres postgres://user@host:5432/database`,
  );
}
