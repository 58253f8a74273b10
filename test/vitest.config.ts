/** How the tests run: from the sources, with the seed of every random test printed and settable by SEATPROOF_SEED. */
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { LONG } from './long.ts';
import { readSeed } from './seed.ts';

/** What runs the program as it is packed. */
const PROGRAM = ['test/*', 'test/cli/**', 'test/tune/page'];
/** What needs a Postgres. */
const POSTGRES = [
  'test/postgres/**',
  'test/designs/sql/**',
  'test/search/race/**',
  'test/wire/**',
  'test/cases/races',
  'test/cases/data-layers',
  'test/cases/node-types',
  'test/cases/failing-statements',
];
const SERVER = 'test/postgres/server.setup.ts';

const root = new URL('..', import.meta.url).pathname;
const env = { SEATPROOF_SEED: String(readSeed(process.env['SEATPROOF_SEED'])) };

export default defineConfig({
  root,
  test: {
    env,
    globalSetup: ['test/seed.setup.ts'],
    // A golden file that is missing fails its test; -u writes it.
    update: 'none',
    reporters: ['default', './test/skipped.reporter.ts'],
    // By default one core is left idle.
    maxWorkers: '100%',
    projects: [
      project('program', { include: testsIn(PROGRAM), globalSetup: [SERVER, 'test/built.setup.ts'] }),
      project('postgres', { include: testsIn(POSTGRES), globalSetup: [SERVER] }),
      // Nothing that these import keeps a state, so the files of a worker share what they import, which is most of their cost.
      project('rooms', { include: testsIn(['test/**']), exclude: testsIn([...PROGRAM, ...POSTGRES]), isolate: false }),
    ],
  },
});

function project(name: string, test: object): TestProjectConfiguration {
  return {
    root,
    resolve: { conditions: ['seatproof-source', 'node'] },
    ssr: { resolve: { conditions: ['seatproof-source', 'node'] } },
    // More at once only wait for each other, and meet the limits on their time.
    test: {
      name,
      env,
      expect: { requireAssertions: true },
      maxConcurrency: 2,
      testTimeout: LONG ? 600_000 : 60_000,
      hookTimeout: 120_000,
      ...test,
    },
  };
}

function testsIn(folders: readonly string[]): string[] {
  return folders.map((folder) => (folder.endsWith('/**') ? `${folder}/*.test.ts` : `${folder}.test.ts`));
}
