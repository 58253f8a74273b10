/** How the tests run: from the sources, with the seed of every random test printed and settable by SEATPROOF_SEED. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  resolve: { conditions: ['seatproof-source', 'node'] },
  ssr: { resolve: { conditions: ['seatproof-source', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/postgres/server.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
