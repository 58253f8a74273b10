/** 34: a service gets its rows as node-postgres returns them in production. */
import { expect, test } from 'vitest';
import { parseCalls } from '../../src/search/race/case.ts';
import { onDatabase } from '../../src/search/race/place.ts';
import { race } from '../../src/search/race/race.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import design, { seen } from './34-node-types/types.ts';

test('a bigint and a count arrive as text, and an int as a number', async () => {
  const place = await onDatabase(await sharedServer(), design);
  try {
    const calls = parseCalls('start');
    await race([place], { calls, seat: 'fresh', isolation: 'read committed', extras: [] });
    expect(seen.length).toBeGreaterThan(0);
    for (const types of seen) expect(types).toEqual({ bigint: 'string', count: 'string', int: 'number' });
  } finally {
    await place.close();
  }
});
