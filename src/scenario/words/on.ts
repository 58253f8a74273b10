/** Which seat a step is about. */
import { UsageError } from '../../core/failures.ts';
import type { Scope } from '../../core/seat.ts';
import { callerPlace } from './place.ts';

/** Which license and symbol is meant. Left out: the scenario's only license, and no symbol. */
export interface On {
  readonly license?: string;
  readonly symbol?: string;
}

/** The license of a step that names none. */
export const DEFAULT_LICENSE = 'L1';

const LONGEST_NAME = 200;

export const ON = ['license', 'symbol'];

export function scopeOf(options: On | undefined): Scope {
  const [license, symbol] = [options?.license ?? DEFAULT_LICENSE, options?.symbol ?? ''];
  for (const name of [license, symbol]) {
    // What a database can keep as text and as a key.
    if (typeof name !== 'string' || name.includes('\0') || /\p{Surrogate}/u.test(name) || name.length > LONGEST_NAME) {
      throw new UsageError(
        `a license or a symbol is text of at most ${LONGEST_NAME} characters, for example { license: 'key 2' }`,
        callerPlace(),
      );
    }
  }
  return { license, symbol };
}
