/** A server that is there already: nothing is started, and nothing is stopped. */
import type { PostgresServer } from './server.ts';
import { versionOf } from './version.ts';

/** Throws `EnvironmentError` when the server cannot be reached, refuses, or is too old. */
export async function openExisting(url: string): Promise<PostgresServer> {
  return { kind: 'url', version: await versionOf(url), url, runsHere: false, close: () => Promise.resolve() };
}
