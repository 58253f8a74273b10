/** Tests of what a mistake in a scenario is told as: the message, and the line. `// next line: …` marks the guilty one. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { UsageError } from '../../src/core/failures.ts';

export interface Mistakes {
  /** A mistake that is found while the scenario is put together. */
  readonly refuses: (name: string, write: () => unknown, message: string) => void;
  /** What a failure says, and the comment above the line that it points to. */
  readonly told: (error: unknown) => object;
  /** What it must say, and the comment that must be there. */
  readonly says: (message: string, name: string) => object;
}

/** For mistakes in this file. */
export function mistakesIn(file: string): Mistakes {
  const lines = readFileSync(file, 'utf8').split('\n');
  const told: Mistakes['told'] = (error) => {
    if (!(error instanceof UsageError)) throw error;
    const { message, place } = error;
    return { message, file: place?.file, above: lines[(place?.line ?? 0) - 2]?.trim() };
  };
  const says: Mistakes['says'] = (message, name) => ({
    message: expect.stringContaining(message) as unknown,
    file,
    above: `// next line: ${name}`,
  });
  return {
    told,
    says,
    refuses(name, write, message) {
      it(name, () => {
        expect(told(thrownBy(write))).toEqual(says(message, name));
      });
    },
  };
}

/** It must throw. */
export function thrownBy(write: () => unknown): unknown {
  try {
    write();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
