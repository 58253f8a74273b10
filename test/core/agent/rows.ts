/** Tables of what a client does: each row a sentence, what happens to the client, and everything that it does. */
import { expect, it } from 'vitest';
import type { ClientConfig } from '../../../src/core/client.ts';
import type { DurationText } from '../../../src/core/time.ts';
import { did, FENCED, granted, starts, type Happening } from './run.ts';

interface Row {
  /** Without it, the fenced client. */
  readonly config?: ClientConfig;
  readonly when: readonly Happening[];
  /** How much longer it is given the time. */
  readonly until?: DurationText;
  readonly does: readonly string[];
}

export function rows(table: Readonly<Record<string, Row>>): void {
  it.each(Object.entries(table))('%s', (_sentence, { config = FENCED, when, until, does }) => {
    expect(did(config, when, until)).toEqual(does);
  });
}

/** A client at work: granted at once, and what it has done until then. */
export const WORKS: readonly Happening[] = [
  ['0s', starts()],
  ['0s', granted(1)],
];
export const BEGUN = ['0s start #1 of s1', '0s works, term 1'];
