/** What becomes of an error of the database: an answer where the database spoke, an environment failure where it is gone. */
import { DatabaseError } from 'pg';
import { EnvironmentError } from '../core/failures.ts';
import type { Complete, Failed } from '../core/reply.ts';
import { answered } from './answer.ts';

const FOREIGN_KEY_VIOLATION = '23503';
const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';

/**
 * The reply to a command that the database could not carry out. Throws `EnvironmentError` when the connection was lost,
 * because then nobody knows whether the command took effect; throws anything else as it is.
 */
export function failedOrThrow(error: unknown, command: string, license: string | null): Complete<Failed> {
  if (isLostConnection(error)) throw lostConnection(error, command);
  if (!(error instanceof DatabaseError)) throw error;
  const { code, message } = error;
  if (code === FOREIGN_KEY_VIOLATION) return unknownLicense(license ?? '');
  const remedy =
    code === UNDEFINED_TABLE || code === UNDEFINED_COLUMN
      ? '; the database lacks a part of the schema: run migrate() of src/postgres/sql/schema.ts on it'
      : '';
  return { type: 'failed', why: 'store', message: `${message}${remedy}` };
}

/** The reply to a command about a license that nobody bought. */
export function unknownLicense(license: string): Complete<Failed> {
  return { type: 'failed', why: 'unknown-license', message: `there is no license '${license}'` };
}

/**
 * Does something with the database that is no command of the service. Throws `EnvironmentError` when the connection was
 * lost, or the server no longer answers.
 */
export async function orLost<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await answered(what, work());
  } catch (error) {
    throw isLostConnection(error) ? lostConnection(error, what) : error;
  }
}

function lostConnection(error: Error, during: string): EnvironmentError {
  return new EnvironmentError(
    `the connection to Postgres was lost during '${during}' (${error.message}), so its outcome is unknown: ` +
      `see that the server stays up, and run again`,
    { cause: error },
  );
}

/** Whether the server, or the way to it, is gone, rather than that it rejected a statement. */
export function isLostConnection(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof DatabaseError) {
    // Class 08 is a broken connection; 57P01 to 57P03 a server that stops, stopped, or is not up yet.
    // 53300 is a server that has no connection left for us.
    return /^(08|57P0[1-3]|53300)/.test(error.code ?? '');
  }
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(ECONN|EPIPE|ENOTFOUND|EHOST|ENET|ETIMEDOUT|ENOENT)/.test(code) ||
    /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect)/.test(
      error.message,
    )
  );
}
