/** The small pure parts of the command line. */
import { describe, expect, test } from 'vitest';
import { lookAtNode } from '../../src/cli/checks.ts';
import { failureOf } from '../../src/cli/failures.ts';
import { readList, readSeed } from '../../src/cli/options.ts';
import { randomFrom } from '../../src/service/random.ts';
import { suggest } from '../../src/core/suggest.ts';

test.each([
  ['rnu', 'run'],
  ['RUN', 'run'],
  ['docter', 'doctor'],
  ['design', 'designs'],
  ['xml', null],
  ['', null],
])(`who writes '%s' means %s`, (word, meant) => {
  expect(suggest(word, ['run', 'designs', 'doctor', 'judge'])).toBe(meant);
});

describe('a seed', () => {
  test.each([
    ['0', 0],
    ['42', 42],
    ['0x5eed0001', 0x5eed0001],
    ['4294967295', 2 ** 32 - 1],
  ])('%s is %i', (text, seed) => {
    expect(readSeed(text)).toBe(seed);
  });

  test.each(['', '-1', '1.5', '0x', '4294967296', 'seed', '1e3'])(`'%s' is none`, (text) => {
    expect(() => readSeed(text)).toThrow('is no seed');
  });

  test('draws the same numbers each time, from 0 to below 1, and another seed others', () => {
    const draw = (seed: number): readonly number[] => Array.from({ length: 1_000 }, randomFrom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).every((number) => number >= 0 && number < 1)).toBe(true);
  });
});

test('a list holds each word once, in the order given, and blanks do not matter', () => {
  expect(readList('b, a,b', ['a', 'b'], '--x', 'letter', 'x')).toEqual(['b', 'a']);
});

test.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['24.0.0', true],
  ['20.9.0', false],
  ['18.99.0', false],
])('Node %s will do: %s', (version, ok) => {
  expect(lookAtNode(version).ok).toBe(ok);
});

test('what nobody expected is called a bug of ours, with its stack and how to see it again', () => {
  const { code, text } = failureOf(new TypeError('x is not a function'));
  expect(code).toBe(70);
  expect(text).toMatch(/^error: this is a bug of Seatproof[\s\S]*TypeError: x is not a function\n +at [\s\S]*replay: /);
});
