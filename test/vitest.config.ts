/** How the tests run: from the sources, with the seed of every random test printed and settable by SEATPROOF_SEED. */
import { defineConfig } from 'vitest/config';
import { readSeed } from './seed.ts';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  resolve: { conditions: ['seatproof-source', 'node'] },
  ssr: { resolve: { conditions: ['seatproof-source', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    env: { SEATPROOF_SEED: String(readSeed(process.env['SEATPROOF_SEED'])) },
    globalSetup: ['test/seed.setup.ts', 'test/postgres/server.setup.ts'],
    reporters: ['default', './test/skipped.reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
