/** How many commands a second are replayed on an embedded Postgres, with everything that `seatproof run` checks of them. */
import { fileURLToPath } from 'node:url';
import type { Policy } from '../../src/core/policy.ts';
import { loadSuite } from '../../src/cli/suite.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { openServer } from '../../src/postgres/server.ts';
import { playsOnDatabase } from '../../src/scenario/design.ts';
import { runOnDatabase, runOnModel, type Outcome } from '../../src/scenario/run.ts';
import type { Scenario } from '../../src/scenario/words/scenario.ts';
import type { Deployment } from '../../src/service/port.ts';
import { deployModel } from '../../src/service/reference.ts';
import { dayOf } from './day.ts';
import { measure, type Figure } from './figure.ts';

/**
 * A day in one scenario, which is what the speed of a command is promised for, and the scenarios of this repository as they
 * are: eight commands each in the middle, so that what each of them costs before its first command counts as well.
 */
export async function benchReplay(): Promise<readonly Figure[]> {
  const suite = await loadSuite([fileURLToPath(new URL('../../scenarios', import.meta.url))], null, null);
  const day = await known([dayOf(30)]);
  const all = await known(suite.entries.map(({ scenario }) => scenario).filter(playsOnDatabase));
  const server = await openServer({ type: 'embedded' });
  try {
    const schema = await openSchema(server);
    const unit = 'commands/s';
    const figures = [
      await measure(
        { name: 'replay of a day: played, compared, judged', unit, promised: 1_000, better: 'higher' },
        9,
        () => rate(schema, day),
      ),
      await measure({ name: 'replay of all scenarios, likewise', unit, promised: null, better: 'higher' }, 3, () =>
        rate(schema, all),
      ),
    ];
    await schema.close();
    return figures;
  } finally {
    await server.close();
  }
}

interface Known {
  readonly scenario: Scenario;
  /** What the model did, which has a promise of its own. */
  readonly model: Outcome;
}

function known(scenarios: readonly Scenario[]): Promise<readonly Known[]> {
  return Promise.all(
    scenarios.map(async (scenario) => ({
      scenario,
      model: await runOnModel(scenario, deployModel(scenario.script.policy), Math.random),
    })),
  );
}

async function rate(schema: PostgresSchema, scenarios: readonly Known[]): Promise<number> {
  const deploy = (policy: Policy): Promise<Deployment> => deployPostgres(schema, policy);
  let commands = 0;
  const begun = performance.now();
  for (const { scenario, model } of scenarios) {
    const deployment = await deploy(scenario.script.policy);
    const { result, histories, findings } = await runOnDatabase(scenario, deployment, model);
    await deployment.close();
    if (result === 'failed') throw new Error(findings[0]?.message);
    commands += histories.flatMap(({ events }) => events).filter(({ type }) => type === 'called').length;
  }
  return commands / ((performance.now() - begun) / 1000);
}
