/** A Postgres of our own for one run: real server processes, data in a temporary folder, nothing of it left afterwards. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '../core/failures.ts';
import { findBinaries, type Binaries } from './embedded-binaries.ts';
import { guardServer, type Guardian } from './guardian.ts';
import { ended, launch, stop, type Identity, type Launched } from './program.ts';
import type { PostgresServer } from './server.ts';
import { versionOf } from './version.ts';

const USER = 'seatproof';
const PORT_ATTEMPTS = 5;

export interface EmbeddedOptions {
  /** Users that root may lend the server, the first that there is; by default `postgres`, or `nobody`. */
  readonly users?: readonly string[];
  /** A port that nobody seems to have. */
  readonly pickPort?: () => Promise<number>;
  /** Random by default. */
  readonly password?: string;
}

/** Throws `EnvironmentError` when the npm package is missing or its server does not come up. */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<PostgresServer> {
  const binaries = await findBinaries();
  const identity = serverIdentity(options.users ?? ['postgres', 'nobody']);
  const { root, guardian } = await makeFolder();
  let running: Running | null = null;
  const close = async () => {
    const stopped = running === null || (await stop(running.process));
    if (stopped) await rm(root, { recursive: true, force: true, maxRetries: 5 });
    // What does not stop when it is asked, the guardian ends, and removes the folder then.
    await guardian.dismiss();
  };
  let closing: Promise<void> | null = null;
  try {
    if (identity.uid !== undefined) await chown(root, identity.uid, identity.gid);
    const { password = randomBytes(18).toString('hex') } = options;
    await initialise(binaries, identity, root, password);
    running = await startOnFreePort(binaries, identity, root, options.pickPort ?? freePort);
    const url = urlOf(root, running.port, password);
    // On Windows there are no such signals as can be taken back.
    const runsHere = process.platform !== 'win32';
    return { kind: 'embedded', version: await versionOf(url), url, runsHere, close: () => (closing ??= close()) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Named by us, so that the guardian knows it before it is there. */
async function makeFolder(): Promise<{ readonly root: string; readonly guardian: Guardian }> {
  const root = path.resolve(tmpdir(), `seatproof-${randomBytes(6).toString('hex')}`);
  const guardian = guardServer(root);
  try {
    await mkdir(root, { mode: 0o700 });
    return { root, guardian };
  } catch (cause) {
    await guardian.dismiss();
    throw new EnvironmentError(
      `the embedded Postgres needs a folder for its data, and none can be made in '${tmpdir()}': ` +
        `set TMPDIR to a folder that can be written`,
      { cause },
    );
  }
}

/** Postgres refuses to run as root, so root lends it another user: one that is there, because none is to be left behind. */
function serverIdentity(users: readonly string[]): Identity {
  if (process.getuid?.() !== 0) return {};
  for (const user of users) {
    try {
      return { uid: idOf('-u', user), gid: idOf('-g', user) };
    } catch {
      // There is no such user.
    }
  }
  throw new EnvironmentError(
    `Postgres refuses to run as root, and there is no user ${users.join(' or ')} to run it as: ` +
      `run Seatproof as another user than ${userInfo().username}, or make one with useradd --system postgres`,
  );
}

function idOf(flag: '-u' | '-g', user: string): number {
  return Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
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
  readonly process: Launched['process'];
  readonly port: number;
}

async function startOnFreePort(
  binaries: Binaries,
  identity: Identity,
  root: string,
  pickPort: () => Promise<number>,
): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const port = await pickPort();
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

export function embeddedUrl(password: string, port: number): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
}

/** Through a socket in its folder, where there can be one, a statement takes little more than half the time that it takes by TCP. */
function urlOf(root: string, port: number, password: string): string {
  const url = new URL(embeddedUrl(password, port));
  if (socketFolder(root) !== '') url.searchParams.set('host', root);
  return url.href;
}

/** Empty where there can be none: on Windows, and where the path would be too long for a socket. */
function socketFolder(root: string): string {
  return process.platform !== 'win32' && root.length <= LONGEST_SOCKET_FOLDER ? root : '';
}

/** A path of a socket has 104 bytes on macOS and 108 on Linux; after the folder comes `/.s.PGSQL.65535`. */
const LONGEST_SOCKET_FOLDER = 80;

/** Nothing needs to survive a crash of the machine, so nothing waits for the disk. */
function serverArguments(root: string, port: number): readonly string[] {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: `"${socketFolder(root)}"`,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '32MB',
    max_connections: 200,
    // In files of the data folder, so that nothing is left elsewhere when the server has to be ended with SIGKILL.
    dynamic_shared_memory_type: 'mmap',
    // One line about each query that fails on purpose would bury the one that tells why the server stopped.
    log_min_messages: 'log',
  };
  return [
    '-D',
    path.join(root, 'data'),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
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
