/** A login through each popular data layer, on the URL that a service receives: the race finds the naive one. */
import { expect, onTestFinished, test } from 'vitest';
import { adjust, design, recommended, type WrittenDesign } from '../../src/index.ts';
import { parseCalls } from '../../src/search/race/case.ts';
import { onDatabase } from '../../src/search/race/place.ts';
import { isInconclusive, race, type RaceResult } from '../../src/search/race/race.ts';
import { LONG } from '../long.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import { DATA_LAYERS, TABLES, type DataLayer } from './data-layers/logins.ts';

/** As an application opens its database once, whatever the number of requests. */
function designOf(name: string, kind: 'naive' | 'right', opened: Map<string, DataLayer>): WrittenDesign {
  return design({
    name: `${name}-${kind}`,
    policy: adjust(recommended, { name, onConflict: 'refuse' }),
    sql: {
      tables: TABLES,
      service: ({ url }) => ({
        start: async ({ scope: { license }, device }) => {
          let database = opened.get(url);
          if (database === undefined) opened.set(url, (database = DATA_LAYERS[name]?.(url) as DataLayer));
          const granted = await database[kind](license, device);
          return granted ? { type: 'granted' } : { type: 'refused' };
        },
      }),
    },
  });
}

async function raceOf(name: string, kind: 'naive' | 'right'): Promise<RaceResult> {
  const opened = new Map<string, DataLayer>();
  const place = await onDatabase(await sharedServer(), designOf(name, kind, opened));
  onTestFinished(async () => {
    for (const { close } of opened.values()) await close();
    await place.close();
  });
  const calls = parseCalls('start,start');
  return race([place], { calls, seat: 'fresh', isolation: 'read committed', extras: [] });
}

/** One that is built on node-postgres, and one with a protocol of its own. */
const QUICK = ['knex', 'postgres'];

test.each(LONG ? Object.keys(DATA_LAYERS) : QUICK)(
  '%s: P1 breaks where the login checks first, and is kept in one step',
  async (name) => {
    const naive = await raceOf(name, 'naive');
    expect([...naive.broken.keys()]).toContain('P1');
    const right = await raceOf(name, 'right');
    expect([...right.broken]).toEqual([]);
    expect(right.kept).toContain('P1');
    expect(isInconclusive(right)).toBe(false);
  },
);
