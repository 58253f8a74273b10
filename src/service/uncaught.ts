/** Errors that a service lets through: each is an answer, as an HTTP 500 is, and is judged as one. */
import { inspect } from 'node:util';
import type { Failed } from '../core/reply.ts';

/** How deep libraries wrap the error of a database. */
const DEPTH = 5;

/** Where data layers keep the error that they wrap. */
const WRAPPED = ['cause', 'parent', 'original'] as const;

/**
 * The answer that an error stands for. A failure of the store (`StoreFailure`) says so itself, and an error that the design
 * declares counts as one; any other is an unhandled error. `declared` lists SQLSTATEs and names of errors.
 */
export function failedBy(error: unknown, declared: readonly string[] = []): Failed {
  const sqlstate = sqlstateOf(error);
  const name = nameOf(error);
  const message = messageOf(error);
  // By name, because the module of a service may have a second copy of this package.
  if (name === 'StoreFailure') {
    const why = fieldOf(error, 'why') === 'unknown-license' ? 'unknown-license' : 'store';
    return { type: 'failed', why, message };
  }
  const isDeclared = (sqlstate !== null && declared.includes(sqlstate)) || declared.includes(name);
  return {
    type: 'failed',
    why: isDeclared ? 'store' : 'error',
    message,
    ...(sqlstate === null ? {} : { sqlstate }),
  };
}

/** The SQLSTATE of the error, or of an error that it wraps; null where a database raised neither. */
export function sqlstateOf(error: unknown, depth = DEPTH): string | null {
  if (typeof error !== 'object' || error === null || depth === 0) return null;
  const code = fieldOf(error, 'code');
  // Codes of Node's own errors, such as EPIPE, have no digit.
  if (typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code)) return code;
  for (const key of WRAPPED) {
    const found = sqlstateOf(fieldOf(error, key), depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function nameOf(error: unknown): string {
  const name = fieldOf(error, 'name');
  return typeof name === 'string' ? name : '';
}

/** What was thrown; where it is an object that cannot be examined, such as a proxy whose traps throw, an error in its place. */
export function examinable(error: unknown): unknown {
  try {
    void (error instanceof Error);
    return error;
  } catch {
    return new Error(messageOf(error));
  }
}

function messageOf(error: unknown): string {
  const message = fieldOf(error, 'message');
  if (typeof message === 'string' && message !== '') return message;
  try {
    if (typeof error === 'string' || error instanceof Error) return String(error);
    return `the service threw ${inspect(error, { depth: 1, breakLength: Number.POSITIVE_INFINITY })}, which is no Error`;
  } catch {
    return 'an error that cannot be printed';
  }
}

/** A field of whatever was thrown; undefined where it cannot be read. */
function fieldOf(error: unknown, key: string): unknown {
  try {
    return typeof error === 'object' && error !== null ? (Reflect.get(error, key) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
