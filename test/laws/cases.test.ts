/** Every law is put to its table: the outcome of each row, the words of each finding, and a row for each cause. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LAWS } from '../../src/laws/all.ts';
import { told, verdictIn, type Case } from './cases.ts';
import { CAUSES } from './causes.cases.ts';
import { HOLDING } from './holding.cases.ts';
import { TIME } from './time.cases.ts';
import { UNTOLD } from './untold.cases.ts';
import { WORK } from './work.cases.ts';
import { WORLD } from './world.cases.ts';
import { WRITING } from './writing.cases.ts';

const TABLES = [HOLDING, WRITING, TIME, WORK, WORLD, CAUSES, UNTOLD];
const casesOf = (code: string): readonly Case[] => TABLES.flatMap((table) => table[code] ?? []);

describe.each(LAWS)('$code $name', ({ code }) => {
  const cases = casesOf(code);

  test.each(cases.map((row) => [row[0], row[1], row] as const))('%s: %s', (outcome, _what, row) => {
    const verdict = verdictIn(code, row);
    expect([verdict.outcome, ...verdict.findings.map(({ message }) => message)].slice(0, 1)).toEqual([outcome]);
    if (outcome === 'kept') expect(verdict.tested).toBeGreaterThan(0);
  });

  test('has rows that keep it and rows that break it, each with a title of its own', () => {
    const outcomes = new Set(cases.map(([outcome]) => outcome));
    expect([...outcomes]).toEqual(expect.arrayContaining(['kept', 'broken']));
    expect(new Set(cases.map(([, what]) => what)).size).toBe(cases.length);
  });

  test('tells each finding with its cause, message, why, fix and calls', async () => {
    const blocks = cases.map((row) => told(row[1], verdictIn(code, row))).filter((text) => text !== '');
    await expect(`${blocks.join('\n\n')}\n`).toMatchFileSnapshot(`golden/${code}.txt`);
  });
});

describe('the words of a finding', () => {
  const findings = LAWS.flatMap(({ code }) => casesOf(code).flatMap((row) => verdictIn(code, row).findings));

  test('are complete: a cause, a why and a fix', () => {
    const incomplete = findings.filter(({ cause, why, fix }) => !cause || why === null || fix === null);
    expect(incomplete).toEqual([]);
  });

  test('are sentences without a full stop, and name nothing that was not told', () => {
    for (const { message, why, fix } of findings) {
      for (const text of [message, why, fix]) expect(text).not.toMatch(/\.$|undefined|null|NaN|Infinity|[0-9a-f]{16}/);
    }
  });
});

test('every cause in the sources has a row that breaks its law by it', () => {
  const seen = new Set(
    LAWS.flatMap(({ code }) =>
      casesOf(code).flatMap((row) => verdictIn(code, row).findings.map(({ cause }) => cause ?? '')),
    ),
  );
  expect([...seen].sort()).toEqual(causesInSources());
});

/** Sources name a cause as a literal, each in one file; a line that names one otherwise is listed too, so that the test fails. */
function causesInSources(): readonly string[] {
  const folder = new URL('../../src/laws/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const mentions = readFileSync(new URL(name, folder), 'utf8').matchAll(/\bcause: (?!string\b)('([a-z-]+)')?.*/g);
      return [...new Set([...mentions].map(([line, , cause]) => cause ?? `${name}: ${line}`))];
    })
    .sort();
}
