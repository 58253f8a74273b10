/** What is printed and returned when a command does not come to its end. */
import path from 'node:path';
import { isEnvironmentError, isUsageError, type Place } from '../core/failures.ts';
import { Interrupted } from './interrupts.ts';

export const EXIT = {
  passed: 0,
  finding: 1,
  usage: 2,
  environment: 3,
  inconclusive: 4,
  bug: 70,
} as const;

/** A mistake of ours, with how to see it again. */
export class Bug extends Error {
  override readonly name = 'Bug';
  /** The command line that leads to it again; null where that is the one just given. */
  readonly replay: string | null;

  constructor(cause: unknown, replay: string | null) {
    super('a bug of Seatproof', { cause });
    this.replay = replay;
  }
}

/** Several mistakes of the user's, found together. */
export class UsageErrors extends Error {
  override readonly name = 'UsageErrors';
  readonly errors: readonly Error[];

  constructor(errors: readonly Error[]) {
    super('several usage errors');
    this.errors = errors;
  }
}

export interface Failure {
  readonly code: number;
  /** For standard error, ended by a line feed. */
  readonly text: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Interrupted) return { code: error.code, text: `${error.message}\n` };
  if (error instanceof UsageErrors) {
    return { code: EXIT.usage, text: error.errors.map((each) => failureOf(each).text).join('') };
  }
  if (isUsageError(error)) return { code: EXIT.usage, text: `error: ${placed(error.place)}${error.message}\n` };
  if (isEnvironmentError(error)) return { code: EXIT.environment, text: `error: ${error.message}\n` };
  return { code: EXIT.bug, text: bugText(error) };
}

/** A path as the user would write it. */
export function nearPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === '' || relative.startsWith(`..${path.sep}..`) ? file : relative.split(path.sep).join('/');
}

function placed(place: Place | null): string {
  if (place === null) return '';
  return `${nearPath(place.file)}${place.line === undefined ? '' : `:${place.line}`}: `;
}

/** Here the stack is shown, because it is for us. */
function bugText(error: unknown): string {
  const cause = error instanceof Bug ? error.cause : error;
  const replay = error instanceof Bug ? error.replay : null;
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return [
    'error: this is a bug of Seatproof. Please report it with what follows',
    `  ${stack.replaceAll('\n', '\n  ')}`,
    `  node ${process.version}, ${process.platform} ${process.arch}`,
    `replay: ${replay ?? 'the same command line again'}`,
    '',
  ].join('\n');
}
