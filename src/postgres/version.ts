/** Which servers will do. */
import type { Client } from 'pg';
import { EnvironmentError } from '../core/failures.ts';
import { attempted } from './answer.ts';
import { connect } from './connection.ts';
import { orLost } from './store-failure.ts';

/** The oldest major version on which the reference SQL runs. */
const OLDEST_MAJOR = 13;

/**
 * The version of the server, for example `18.4`, also where it states `18.4 (Debian 18.4-1)`. Throws `EnvironmentError`
 * when the server cannot be reached, refuses, or is too old.
 */
export async function versionOf(url: string): Promise<string> {
  const client = await connect(url);
  const stated = await ask(client);
  const version = /^[\d.]+/.exec(stated)?.[0] ?? stated;
  if (isTooOld(version)) {
    throw new EnvironmentError(
      `the server is PostgreSQL ${version}, and Seatproof needs ${OLDEST_MAJOR} or newer: ` +
        `give the URL of a newer one, or use --postgres embedded`,
    );
  }
  return version;
}

/** Whether a version as the server states it (`12.17`, `9.6.24`, `19beta1`) is below the oldest that will do. */
export function isTooOld(version: string): boolean {
  return Number.parseInt(version, 10) < OLDEST_MAJOR;
}

async function ask(client: Client): Promise<string> {
  try {
    const show = 'SHOW server_version';
    const { rows } = await orLost(show, () => client.query<{ server_version: string }>(show));
    return rows[0]?.server_version ?? 'of an unknown version';
  } finally {
    await attempted(client.end());
  }
}
