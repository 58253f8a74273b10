/** How many commands a second are replayed on an embedded Postgres and compared with the model, reply by reply and row by row. */
import { openServer } from '../../src/postgres/server.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { firstDifference } from '../../src/scenario/agree.ts';
import { play } from '../../src/scenario/play.ts';
import { deployModel } from '../../src/service/reference.ts';
import { dayOf } from './day.ts';
import { measure, type Figure } from './figure.ts';

export async function benchReplay(): Promise<readonly Figure[]> {
  const script = dayOf(60);
  const server = await openServer({ type: 'embedded' });
  try {
    const deployment = await deployPostgres(server, script.policy);
    const figure = await measure(
      { name: 'replay on Postgres, compared with the model', unit: 'commands/s', promised: 1_000, better: 'higher' },
      5,
      async () => {
        const begun = performance.now();
        const model = await play(script, deployModel(script.policy));
        const actual = await play(script, deployment);
        const difference = firstDifference([model], actual);
        if (difference !== null) throw new Error(difference.message);
        const commands = actual.events.filter((event) => event.type === 'called').length;
        return commands / ((performance.now() - begun) / 1000);
      },
    );
    await deployment.close();
    return [figure];
  } finally {
    await server.close();
  }
}
