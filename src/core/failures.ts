/** The two failures a person can mend; anything else that is thrown is a bug of ours. */

/** Where in a user's own text something is wrong. */
export interface Place {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
}

/**
 * Bad input: a flag, a scenario, a policy, a file. `message` says what was wrong and shows a correct example, `place`
 * says where, when that is known. Exit code 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly place: Place | null;

  constructor(message: string, place: Place | null = null) {
    super(message);
    this.place = place;
  }
}

/** Something on the machine is missing or refuses: no Postgres, no Docker, a full disk. The message tells how to get it. Exit code 3. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Recognises a failure by name. A scenario file may carry a second copy of this package, whose classes are not the same
 * objects as ours.
 */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError';
}

export function isEnvironmentError(error: unknown): error is EnvironmentError {
  return error instanceof Error && error.name === 'EnvironmentError';
}
