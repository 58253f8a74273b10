/** What flags may say, read into values. Everything else is a usage error with the nearest word and a correct example. */
import { Option } from 'commander';
import { UsageError } from '../core/failures.ts';
import { SEEDS } from '../service/random.ts';
import { suggest } from '../core/suggest.ts';

export const TARGETS = ['model', 'postgres'] as const;
export type TargetName = (typeof TARGETS)[number];

export const REPORTERS = ['terminal', 'json', 'junit'] as const;
export type Reporter = (typeof REPORTERS)[number];

/** A usage error of the command line: what is wrong, and a command line that would be right. */
export function wrongUsage(message: string, example: string): UsageError {
  return new UsageError(`${message}\ntry: ${example}`);
}

/** Reads `model,postgres`: words of a list, each once, in the order given. */
export function readList<Word extends string>(
  text: string,
  known: readonly Word[],
  flag: string,
  noun: string,
  example: string,
): readonly Word[] {
  const words = text.split(',').map((word) => word.trim());
  const read = words.map((word) => {
    const found = known.find((candidate) => candidate === word);
    if (found !== undefined) return found;
    const nearest = suggest(word, known);
    const meant = nearest === null ? '' : `. Did you mean '${nearest}'?`;
    throw wrongUsage(`${flag}: there is no ${noun} '${word}'; the ${noun}s are ${known.join(', ')}${meant}`, example);
  });
  return [...new Set(read)];
}

/** A flag that takes a list; its help shows the default as one would write it. */
export function listOption<Word extends string>(
  flags: string,
  about: string,
  byDefault: readonly Word[],
  read: (text: string) => readonly Word[],
  inWords: string = byDefault.join(','),
): Option {
  return new Option(flags, about).argParser(read).default([...byDefault], inWords);
}

/** The flag `--design`, as every command has it. */
export function designOption(byDefault?: string): Option {
  const option = new Option('--design <name|file>', 'a built-in design, or a module that exports one');
  return byDefault === undefined ? option : option.default(byDefault);
}

/** Reads how many: a whole number from 1 up. */
export function readCount(text: string, flag: string, example: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw wrongUsage(`${flag}: '${text}' is no count; write a whole number from 1 up`, example);
}

/** Reads `0x5eed01` or a decimal number, below 2^32. */
export function readSeed(text: string): number {
  const seed = /^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(seed) && seed < SEEDS) return seed;
  throw wrongUsage(
    `--seed: '${text}' is no seed; write a whole number below 2^32, decimal or with 0x before hex digits`,
    'seatproof run --seed 0x5eed0001',
  );
}
