/** A database of its own on a server: advisory locks belong to one database, so runs side by side need one each. */
import { randomBytes } from 'node:crypto';
import { answered } from './answer.ts';
import { connect } from './connection.ts';
import type { PostgresServer } from './server.ts';

/**
 * The same server with a new database. It is not dropped, so use it on a server that is ours and goes with the run.
 * Throws `EnvironmentError` when the server cannot be reached.
 */
export async function openDatabase(server: PostgresServer): Promise<PostgresServer> {
  const name = `seatproof_${randomBytes(8).toString('hex')}`;
  const client = await connect(server.url);
  try {
    await answered('CREATE DATABASE', client.query(`CREATE DATABASE ${name}`));
  } finally {
    await client.end();
  }
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return { ...server, url: url.href };
}
