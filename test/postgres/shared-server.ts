/** The server that all test files share, as each of them opens it. */
import { inject } from 'vitest';
import { openServer, type PostgresServer } from '../../src/postgres/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** With the password in it. */
    postgresUrl: string;
    /** Whether it is one of ours on this machine. */
    postgresRunsHere: boolean;
  }
}

export async function sharedServer(): Promise<PostgresServer> {
  const server = await openServer({ type: 'url', url: inject('postgresUrl') });
  return { ...server, runsHere: inject('postgresRunsHere') };
}
