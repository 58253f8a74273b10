/** The order of the rooms, the shape of the repository, and proof that the check of the order sees what it must. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { breaches } from './architecture/rooms.ts';

const top = fileURLToPath(new URL('..', import.meta.url));

/** One file, its text, and what the check says of it. */
const rows: readonly {
  readonly says: string;
  readonly path: string;
  readonly text: string;
  readonly breaches: readonly string[];
}[] = [
  {
    says: 'a room may import itself, every room above it, and its packages',
    path: 'src/history/a.ts',
    text: `import { z } from 'zod';\nimport { b } from './b.ts';\nimport type { C } from '../core/c.ts';`,
    breaches: [],
  },
  {
    says: 'a room may not import one below it',
    path: 'src/laws/a.ts',
    text: `/** A law. */\nimport { x } from '../core/x.ts';\nimport { y } from '../service/deep/y.ts';`,
    breaches: ['src/laws/a.ts:3: laws may not import service'],
  },
  {
    says: 'report may import core, history and laws, and no other room above it',
    path: 'src/report/x/y.ts',
    text: [
      `import { a } from '../../core/a.ts';`,
      `import { b } from '../../laws/b.ts';`,
      `import { c } from '../../world/c.ts';`,
    ].join('\n'),
    breaches: ['src/report/x/y.ts:3: report may not import world'],
  },
  {
    says: 'an import of types only is an import',
    path: 'src/service/a.ts',
    text: `import type { Y } from '../postgres/y.ts';\nimport { type Z } from '../world/z.ts';`,
    breaches: [
      'src/service/a.ts:1: service may not import postgres',
      'src/service/a.ts:2: service may not import world',
    ],
  },
  {
    says: 'a type taken from an import in its place is an import',
    path: 'src/core/a.ts',
    text: `export type A =\n  import('../laws/law.ts').Law;\nlet b: typeof import('../history/history.ts');`,
    breaches: ['src/core/a.ts:2: core may not import laws', 'src/core/a.ts:3: core may not import history'],
  },
  {
    says: 'a dynamic import is an import',
    path: 'src/core/a.ts',
    text: `export async function a() {\n  return await import('../tune/tune.ts');\n}`,
    breaches: ['src/core/a.ts:2: core may not import tune'],
  },
  {
    says: 'a dynamic import of a computed name is for rooms that load what they find',
    path: 'src/laws/a.ts',
    text: `export const a = (name: string) => import(name);`,
    breaches: ['src/laws/a.ts:1: laws may not import what it computes'],
  },
  {
    says: 'the loader of scenarios may import a computed name',
    path: 'src/scenario/load.ts',
    text: `export const a = (name: string) => import(name);`,
    breaches: [],
  },
  {
    says: 're-exports are imports',
    path: 'src/history/a.ts',
    text: `export { a } from '../laws/a.ts';\nexport * from '../search/b.ts';\nexport type { C } from '../tune/c.ts';\nexport * as d from '../core/d.ts';`,
    breaches: [
      'src/history/a.ts:1: history may not import laws',
      'src/history/a.ts:2: history may not import search',
      'src/history/a.ts:3: history may not import tune',
    ],
  },
  {
    says: 'an import for its effects is an import',
    path: 'src/world/a.ts',
    text: `import '../scenario/b.ts';`,
    breaches: ['src/world/a.ts:1: world may not import scenario'],
  },
  {
    says: 'require is an import',
    path: 'src/history/a.ts',
    text: `import b = require('../world/b.ts');\nconst c = require('node:fs');`,
    breaches: [
      'src/history/a.ts:1: history may not import world',
      'src/history/a.ts:2: history may not import the package node:fs',
    ],
  },
  {
    says: 'a room may use its own packages only, whole or in part',
    path: 'src/laws/a.ts',
    text: `import { z } from 'zod';\nimport pg from 'pg/lib/index.js';\nimport { P } from '@testcontainers/postgresql/build/x.js';`,
    breaches: [
      'src/laws/a.ts:1: laws may not import the package zod',
      'src/laws/a.ts:2: laws may not import the package pg',
      'src/laws/a.ts:3: laws may not import the package @testcontainers/postgresql',
    ],
  },
  {
    says: 'the core may not use what comes with Node',
    path: 'src/core/a.ts',
    text: `import { readFileSync } from 'node:fs';\nimport net from 'net';`,
    breaches: [
      'src/core/a.ts:1: core may not import the package node:fs',
      'src/core/a.ts:2: core may not import the package net',
    ],
  },
  {
    says: 'a directive that brings in types is an import',
    path: 'src/core/a.ts',
    text: `/// <reference types="node" />\n/// <reference path="../cli/globals.ts" />\nexport {};`,
    breaches: ['src/core/a.ts:1: core may not import the package node', 'src/core/a.ts:2: core may not import cli'],
  },
  {
    says: 'nothing may import the command line',
    path: 'src/tune/a.ts',
    text: `import { main } from '../cli/main.ts';`,
    breaches: ['src/tune/a.ts:1: tune may not import cli'],
  },
  {
    says: 'the public entry may import rooms, but not the command line or a package',
    path: 'src/index.ts',
    text: `export { a } from './tune/a.ts';\nexport { main } from './cli/main.ts';\nexport { z } from 'zod';`,
    breaches: ['src/index.ts:2: src/index.ts may not import cli', 'src/index.ts:3: src/index.ts may import rooms only'],
  },
  {
    says: 'no room may import the public entry, by its path or by the name of the package',
    path: 'src/cli/a.ts',
    text: `import { a } from '../index.ts';\nimport { b } from 'seatproof';`,
    breaches: ['src/cli/a.ts:1: cli may not import src/index.ts', 'src/cli/a.ts:2: cli may not import src/index.ts'],
  },
  {
    says: 'no room may import what lies outside src',
    path: 'src/cli/a.ts',
    text: `import { seed } from '../../test/seed.ts';`,
    breaches: ['src/cli/a.ts:1: cli may not import test/seed.ts'],
  },
  {
    says: 'a room whose name begins like another is not that one',
    path: 'src/core-extras/a.ts',
    text: ``,
    breaches: [
      'src/core-extras/a.ts:1: this file is in no room; the rooms are core, history, laws, service, postgres, wire, designs, world, scenario, search, tune, report, cli',
    ],
  },
  {
    says: 'a scenario may import the package and other scenario files',
    path: 'scenarios/own/a.ts',
    text: `import { at } from 'seatproof';\nimport { cast } from '../cast.ts';`,
    breaches: [],
  },
  {
    says: 'a scenario may not import what users do not have',
    path: 'scenarios/own/a.ts',
    text: `import { at } from '../../src/scenario/words/steps.ts';\nimport { z } from 'zod';`,
    breaches: [
      'scenarios/own/a.ts:1: scenarios may import seatproof and one another only',
      'scenarios/own/a.ts:2: scenarios may import seatproof and one another only',
    ],
  },
  {
    says: 'a test may import anything',
    path: 'test/a.test.ts',
    text: `import { main } from '../src/cli/main.ts';\nimport { at } from '../src/index.ts';`,
    breaches: [],
  },
  {
    says: 'comments, strings and regular expressions import nothing',
    path: 'src/core/a.ts',
    text: [
      `// import { a } from '../cli/a.ts';`,
      `/* import('../cli/a.ts') */`,
      `export const b = "import { c } from '../cli/c.ts'";`,
      'export const d = `import("../cli/d.ts") ${String(1)}`;',
      `export const e = /import '..\\/cli\\/e.ts'/;`,
    ].join('\n'),
    breaches: [],
  },
];

describe('the check of the order of the rooms', () => {
  test.each(rows)('$says', ({ path, text, breaches: expected }) => {
    expect(breaches(new Map([[path, text]]))).toEqual(expected);
  });

  test('a cycle between rooms is broken where it goes down', () => {
    const files = new Map([
      ['src/service/a.ts', `import { b } from '../world/b.ts';`],
      ['src/world/b.ts', `import { a } from '../service/a.ts';`],
    ]);
    expect(breaches(files)).toEqual(['src/service/a.ts:1: service may not import world']);
  });
});

describe('the check of the files that a README names', () => {
  const known = [
    'src/index.ts',
    'src/laws/law.ts',
    'src/laws/deep/walk.ts',
    'src/core/time.ts',
    'test/laws/walk.test.ts',
  ];
  test.each([
    { says: 'finds a file of the folder, and of a folder below it', text: '`law.ts` and `walk.ts`', names: [] },
    {
      says: 'finds a path from the top, from src and from the README',
      text: '`test/laws/walk.test.ts`, `core/time.ts`, `../core/time.ts`',
      names: [],
    },
    { says: 'finds what a pattern matches', text: '`la*.ts`', names: [] },
    { says: 'misses a file that only another folder has', text: '`time.ts`', names: ['time.ts'] },
    {
      says: 'misses a file of that name in another folder than it names',
      text: '`deep/law.ts`',
      names: ['deep/law.ts'],
    },
    { says: 'misses what a pattern does not match', text: '`no*.ts`', names: ['no*.ts'] },
  ])('$says', ({ text, names }) => {
    expect(missing('src/laws/README.md', text, known)).toEqual(names);
  });
});

describe('the repository', () => {
  test('no file imports what its room may not', () => {
    const files = [...sources('src'), ...sources('scenarios')];
    expect(files.length).toBeGreaterThan(0);
    expect(breaches(new Map(files))).toEqual([]);
  });

  test.skipIf(!existsSync(join(top, '.git')))('the top level holds what it should and nothing else', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: top, encoding: 'utf8' });
    const names = new Set(tracked.split('\n').map((path) => path.replace(/\/.*/, '')));
    expect([...names].filter((name) => name !== '' && !name.startsWith('.') && !TOP_LEVEL.includes(name))).toEqual([]);
  });

  test.each(readmes())('every file that $path names exists', ({ path }) => {
    const text = readFileSync(join(top, path), 'utf8');
    const known = [...sources('src'), ...sources('scenarios'), ...sources('test')].map(([file]) => file);
    expect(missing(path, text, known)).toEqual([]);
  });

  test.each(['scenarios', 'test', 'reports', 'src', ...folders('src')])('%s says what is in it', (folder) => {
    expect(existsSync(join(top, folder, 'README.md')), `${folder}/README.md is missing`).toBe(true);
  });
});

const TOP_LEVEL = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'src',
  'scenarios',
  'test',
  'reports',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];

/** The TypeScript files of a folder: path from the top, and text. */
function sources(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?tsx?$/.test(name))
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      return [path.replaceAll('\\', '/'), readFileSync(join(top, path), 'utf8')] as const;
    });
}

/** The README files that speak of sources. */
function readmes(): readonly { readonly path: string }[] {
  const below = readdirSync(join(top, 'src'), { recursive: true, encoding: 'utf8' });
  const inSources = below.filter((name) => basename(name) === 'README.md').map((name) => join('src', name));
  return [...inSources, 'README.md', 'scenarios/README.md', 'test/README.md'].map((path) => ({ path }));
}

/** The files named in a README that are neither below its folder nor at that path from the top, from src or from the README. */
function missing(readme: string, text: string, known: readonly string[]): readonly string[] {
  const folder = dirname(readme);
  const named = [...text.matchAll(/`([\w./*-]+\.ts)`/g)].map(([, name = '']) => name);
  const isThere = (name: string): boolean => {
    const paths = [name, join('src', name), join(folder, name)];
    const below = name.includes('/') ? [] : known.filter((path) => folder === '.' || path.startsWith(`${folder}/`));
    return (
      known.some((path) => paths.some((wanted) => matches(path, wanted))) ||
      below.some((path) => matches(basename(path), name))
    );
  };
  return named.filter((name) => !isThere(name));
}

/** Whether a path is the pattern, in which * stands for any part of a name. */
function matches(path: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]*')}$`).test(path);
}

/** Its folders that are not empty. */
function folders(folder: string): readonly string[] {
  return readdirSync(join(top, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(top, folder, entry.name)).length > 0)
    .map((entry) => `${folder}/${entry.name}`);
}
