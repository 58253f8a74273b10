/** The server that all test files share, as each of them opens it. */
import { inject } from 'vitest';
import { openServer, type PostgresServer } from '../../src/postgres/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** With the password in it. */
    postgresUrl: string;
  }
}

export function sharedServer(): Promise<PostgresServer> {
  return openServer({ type: 'url', url: inject('postgresUrl') });
}
