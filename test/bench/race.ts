/** How many orders of concurrent calls are played a second, side by side with Postgres's own isolationtester. */
import { START } from '../../src/core/time.ts';
import { findBinaries } from '../../src/postgres/embedded-binaries.ts';
import { openServer } from '../../src/postgres/server.ts';
import { explore } from '../../src/search/race/explore.ts';
import { Lane } from '../../src/search/race/lane.ts';
import type { Choice } from '../../src/search/race/schedule.ts';
import { checkThenClaim, TABLES } from '../search/race/logins.ts';
import { measure, type Figure } from './figure.ts';
import { findIsolationTester, runIsolationTester } from './isolation-tester.ts';

/** Rounds of 300 orders that are not measured. */
const WARM_UP = 8;

export async function benchRace(): Promise<readonly Figure[]> {
  const server = await openServer({ type: 'embedded' });
  const lanes: Lane[] = [];
  try {
    for (let i = 0; i < 2; i++) {
      const lane = await Lane.open(server, { tables: TABLES });
      await lane.begin('read committed', () => Promise.resolve(START));
      lanes.push(lane);
    }
    const [lane] = lanes as [Lane];
    const two = ['laptop', 'desktop'].map((device) => checkThenClaim(device));
    const three = [...two, checkThenClaim('tablet')];
    const orders: (readonly Choice[])[] = [];
    await explore([lane], two, { mode: 'raw' }, ({ schedule }) => {
      orders.push(schedule);
    });
    const rate = async (on: readonly Lane[]): Promise<number> => {
      let [played, ms] = [0, 0];
      for (let time = 0; time < 6; time++) {
        const { schedules, wallMs } = await explore(on, two, { mode: 'raw' }, () => undefined);
        played += schedules;
        ms += wallMs;
      }
      return played / (ms / 1000);
    };
    // An order takes about a millisecond, so a rate is that of a program that has run for some seconds.
    for (let round = 0; round < WARM_UP; round++) await rate([lane]);
    const about = { unit: 'orders/s', better: 'higher' } as const;
    const figures = [
      await measure({ ...about, name: 'race: two logins, lock waits, one database', promised: null }, 5, () =>
        rate([lane]),
      ),
      await measure({ ...about, name: 'race: the same on two databases, as by default', promised: 500 }, 5, () =>
        rate(lanes),
      ),
      await measure(
        { name: 'race: 3 calls of 4 statements, all of it', unit: 's', promised: 1, better: 'lower' },
        5,
        async () => (await explore(lanes, three, {}, () => undefined)).wallMs / 1000,
      ),
    ];
    const program = await findIsolationTester((await findBinaries()).postgres);
    if (program === null) {
      process.stderr.write('isolationtester is not installed, so there is nothing to compare with\n');
      return figures;
    }
    const compared = await measure(
      { ...about, name: 'isolationtester: the same 50 orders', promised: null },
      5,
      async () => {
        const { schema } = lane;
        const ms = await runIsolationTester(program, { url: server.url, schema: schema.name, orders });
        return orders.length / (ms / 1000);
      },
    );
    return [...figures, compared];
  } finally {
    for (const lane of lanes) await lane.close();
    await server.close();
  }
}
