/** Connections to a server: how they are configured, and what is said when there is none. */
import { Client, types, type ClientConfig } from 'pg';
import { EnvironmentError } from '../core/failures.ts';

const INT8 = 20;
const CONNECT_LIMIT_S = 10;

/**
 * For statements of Seatproof's own, whose `bigint`s are counts or milliseconds below 2^53: they arrive as numbers. A
 * service gets its rows as node-postgres returns them in production, with `bigint` and `count` as text.
 */
export const NUMBERS: NonNullable<ClientConfig['types']> = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

/**
 * What a server, a database or a user may have been set up with otherwise, and what we send or read depends on. Some of it
 * would fail calls that are right: under `serializable` one of two that meet, within a time limit one that waits for another.
 */
const AS_POSTGRES_COMES = {
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  timezone: 'UTC',
  datestyle: 'ISO,MDY',
  intervalstyle: 'postgres',
  standard_conforming_strings: 'on',
  quote_all_identifiers: 'off',
};

/**
 * `schema` stands ahead of `pg_catalog` in the search path, so that the functions in it hide those of the system. What the
 * URL itself sets with `options` comes after our settings and before the search path and what is set with `more`.
 */
export function connectionTo(url: string, schema?: string, more: Readonly<Record<string, string>> = {}): ClientConfig {
  const target = new URL(url);
  target.searchParams.set('options', optionsFor(url, schema, null, more));
  return {
    // URLSearchParams writes a space as '+', which the driver does read; the server's own tools would not.
    connectionString: target.href.replaceAll('+', '%20'),
    application_name: 'seatproof',
    connectionTimeoutMillis: CONNECT_LIMIT_S * 1_000,
    keepAlive: true,
  };
}

/** The options of a connection, as `connectionTo` sets them. What a client asks for comes after those of the URL. */
export function optionsFor(
  url: string,
  schema: string | undefined,
  asked: string | null,
  more: Readonly<Record<string, string>>,
): string {
  const options = [
    ...Object.entries(AS_POSTGRES_COMES).map(([name, value]) => setting(name, value)),
    new URL(url).searchParams.get('options'),
    asked,
    ...Object.entries(more).map(([name, value]) => setting(name, value)),
    schema === undefined ? null : setting('search_path', `${schema},pg_catalog`),
  ];
  return options.filter((option) => option !== null && option !== '').join(' ');
}

/** What to do where a server cannot be used, besides putting it right. */
const ANOTHER = ', or let Seatproof bring its own with --postgres embedded';

function setting(name: string, value: string): string {
  return `-c ${name}=${value.replaceAll(' ', '\\ ')}`;
}

/**
 * A connection that is up; with `pipeline` it sends what it is asked at once, without waiting for the answer to what it was
 * asked before. Throws `EnvironmentError` that names host and port when the server does not answer or refuses, and what
 * `another` says can be done.
 */
export async function connect(
  url: string,
  schema?: string,
  { pipeline = false, settings = {}, another = ANOTHER }: ConnectOptions = {},
): Promise<Client> {
  const client = clientTo(url, schema, settings, pipeline);
  // A connection that dies while idle says so here, and to the next query too; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw noServer(url, error, another);
  }
  return client;
}

interface ConnectOptions {
  readonly pipeline?: boolean;
  /** Of the server, for this connection. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What else can be done where it does not answer. */
  readonly another?: string;
}

function clientTo(
  url: string,
  schema: string | undefined,
  settings: Readonly<Record<string, string>>,
  pipeline: boolean,
): Client {
  try {
    return new Client({ ...connectionTo(url, schema, settings), types: NUMBERS, pipeline });
  } catch (error) {
    // The URL names a certificate, and that file cannot be read.
    throw noServer(url, error);
  }
}

/** The failure to report when the server of `url` cannot be used. Never repeats the password. */
export function noServer(url: string, error: unknown, another = ANOTHER): EnvironmentError {
  const reason = reasonOf(error);
  if (NO_PASSWORD.test(reason)) {
    const { username, host, pathname } = new URL(url);
    return new EnvironmentError(
      `the server at ${addressOf(url)} wants a password, and none was given: write it into the URL, for example ` +
        `postgres://${username === '' ? 'me' : username}:secret@${host}${pathname}, or set PGPASSWORD`,
      { cause: error },
    );
  }
  return new EnvironmentError(
    `no usable Postgres at ${addressOf(url)}: ${reason}. Check host, port, user, password and database${another}`,
    { cause: error },
  );
}

/** What the driver says, or the server, where a password is asked for and there is none; it depends on how it is asked for. */
const NO_PASSWORD = /^SASL: .* client password must be|^empty password returned by client/;

/** `host:port` of a server's URL. */
function addressOf(url: string): string {
  const { hostname, port, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? (hostname === '' ? 'localhost' : decodeURIComponent(hostname));
  return `${host}:${searchParams.get('port') ?? (port === '' ? '5432' : port)}`;
}

function reasonOf(error: unknown): string {
  // One error for each address that was tried; the first says as much as all.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error) || first.message === '') return String(first);
  return first.message === 'timeout expired' ? `it did not answer within ${CONNECT_LIMIT_S} s` : first.message;
}
