/** Where a Postgres comes from: one of our own for the run, one in a container, or one that is there already. */
import { randomBytes } from 'node:crypto';
import { UsageError } from '../core/failures.ts';
import { unreachable } from '../core/unreachable.ts';
import { answered } from './answer.ts';
import { connect } from './connection.ts';
import { containerUrl, openContainer } from './container.ts';
import { embeddedUrl, openEmbedded } from './embedded.ts';
import { openExisting } from './existing.ts';

export type PostgresChoice =
  { readonly type: 'embedded' } | { readonly type: 'container' } | { readonly type: 'url'; readonly url: string };

export interface PostgresServer {
  readonly kind: PostgresChoice['type'];
  /** As the server states it, for example `18.4`. */
  readonly version: string;
  /** Where to connect, with the password in it: never print it. */
  readonly url: string;
  /** Whether its processes run on this machine and are ours, so that signals of ours reach them. */
  readonly runsHere: boolean;
  /** Stops and removes what was started; an existing server is left alone. Can be called twice. */
  close(): Promise<void>;
}

export interface ServerOptions {
  /** The image of a container. */
  readonly image?: string;
  /** That of a server that is started; random by default. */
  readonly password?: string;
}

/** Reads `embedded`, `container`, or the URL of a server. Throws `UsageError` for anything else. */
export function parsePostgresChoice(text: string): PostgresChoice {
  if (text === 'embedded' || text === 'container') return { type: text };
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) {
    const { pathname, search, searchParams, hash } = new URL(text);
    // Then a part of the password was read as host or path, and a message about those would show it.
    if (`${pathname}${search}${hash}`.includes('@')) {
      throw new UsageError(
        `the password in the given URL has characters that end it: write / as %2F, ? as %3F, # as %23 and @ as %40, ` +
          `for example postgres://me:se%2Fcret@127.0.0.1:5432/test`,
      );
    }
    const port = searchParams.get('port');
    if (port !== null && !/^\d+$/.test(port)) {
      throw new UsageError(
        `the port in the given URL is no number; write for example postgres://me@127.0.0.1:5432/test`,
      );
    }
    const sslMode = searchParams.get('sslmode');
    if (sslMode !== null && !SSL_MODES.includes(sslMode)) {
      throw new UsageError(
        `there is no sslmode '${sslMode}'; the modes are ${SSL_MODES.join(', ')}, ` +
          `for example postgres://me@127.0.0.1:5432/test?sslmode=verify-full`,
      );
    }
    return { type: 'url', url: text };
  }
  // What looks like a URL may carry a password, so it is not repeated.
  const given = text.includes(':') ? 'the given text' : `'${text}'`;
  throw new UsageError(
    `${given} does not name a Postgres: write embedded, container, or the URL of a server, ` +
      `for example postgres://me:secret@127.0.0.1:5432/test`,
  );
}

/** Those that the driver knows. Of any other it would make what it likes. */
const SSL_MODES: readonly string[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** Throws `EnvironmentError` when there is no such server to be had; the message tells how to get one. */
export function openServer(choice: PostgresChoice, options: ServerOptions = {}): Promise<PostgresServer> {
  switch (choice.type) {
    case 'embedded':
      return openEmbedded(options);
    case 'container':
      return openContainer(options.image ?? 'postgres:18-alpine', options.password);
    case 'url':
      return openExisting(choice.url);
    default:
      return unreachable(choice);
  }
}

/** A URL with the user, password and database of the server that `openServer` opens with this password, but no address. */
export function credentialsOf(choice: PostgresChoice, password: string): string {
  switch (choice.type) {
    case 'embedded':
      return embeddedUrl(password, 0);
    case 'container':
      return containerUrl(password);
    case 'url':
      return choice.url;
    default:
      return unreachable(choice);
  }
}

/**
 * The same server with a new database. Advisory locks belong to one database, so runs side by side need one each. It is not
 * dropped, so use it on a server that is ours and ends with the run. Throws `EnvironmentError` when the server cannot be
 * reached.
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
