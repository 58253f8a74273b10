/** A Postgres in a container, for one run. */
import { randomBytes } from 'node:crypto';
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { EnvironmentError } from '../core/failures.ts';
import { NO_ENGINE } from './engine.ts';
import { guardContainers } from './guardian.ts';
import type { PostgresServer } from './server.ts';
import { versionOf } from './version.ts';

const LABEL = 'seatproof.run';
/** Of the user, and of the database. */
const USER = 'seatproof';

export function containerUrl(password: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:0/${USER}`;
}

/** Throws `EnvironmentError` when no Docker engine answers, or the image cannot be had, or its server does not come up. */
export async function openContainer(
  image: string,
  password = randomBytes(18).toString('hex'),
): Promise<PostgresServer> {
  const run = randomBytes(8).toString('hex');
  // The reaper that testcontainers starts beside ours does the same, where it is not disabled and its image can be had.
  const socket = engineSocket();
  const guardian = socket === null ? null : guardContainers(socket, `${LABEL}=${run}`);
  let container: StartedPostgreSqlContainer | null = null;
  let closing: Promise<void> | null = null;
  const close = async () => {
    await container?.stop();
    // It goes on looking for some seconds, which nobody need wait for.
    void guardian?.dismiss();
  };
  try {
    container = await start(image, run, password);
    const url = container.getConnectionUri();
    return {
      kind: 'container',
      version: await versionOf(url),
      url,
      runsHere: false,
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(image: string, run: string, password: string): Promise<StartedPostgreSqlContainer> {
  // Not loaded before it is wanted: it is large.
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  try {
    return await new PostgreSqlContainer(image)
      .withUsername(USER)
      .withDatabase(USER)
      .withPassword(password)
      .withLabels({ [LABEL]: run })
      .start();
  } catch (error) {
    throw whyNot(image, error);
  }
}

/** The engine's unix socket; null where it is reached in another way. */
function engineSocket(): string | null {
  const host = process.env['DOCKER_HOST'];
  if (host === undefined || host === '') return '/var/run/docker.sock';
  return host.startsWith('unix://') ? host.slice('unix://'.length) : null;
}

function whyNot(image: string, error: unknown): EnvironmentError {
  const said = error instanceof Error ? error.message : String(error);
  if (/container runtime strategy|ECONNREFUSED|ENOENT.*sock/.test(said)) {
    return new EnvironmentError(NO_ENGINE, { cause: error });
  }
  if (/no such image|pull|manifest|not found|registry|denied|\/v2\/|dial tcp/i.test(said)) {
    // The message of the engine does not tell which of the two images it is about.
    const other =
      process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true'
        ? ''
        : ' If it is here, the missing one is that of testcontainers itself, testcontainers/ryuk: ' +
          'set TESTCONTAINERS_RYUK_DISABLED=true, and Seatproof removes its container without it.';
    return new EnvironmentError(
      `the image '${image}' is not here and cannot be pulled (${said}): ` +
        `name one that is with --image, for example --image postgres:18-alpine.${other}`,
      { cause: error },
    );
  }
  return new EnvironmentError(
    `the container of '${image}' does not come up (${said}): name an image of Postgres with --image, or use --postgres embedded`,
    { cause: error },
  );
}
