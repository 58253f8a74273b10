/** Plays a suite on the model, and then again on Postgres. */
import type { History } from '../history/history.ts';
import { countReached } from '../laws/reach.ts';
import { designOf, playsOnDatabase, runsOnDatabaseOnly } from '../scenario/design.ts';
import { nothingJudged, runDesignOnDatabase, runOnDatabase, runOnModel, type Outcome } from '../scenario/run.ts';
import { deployModel } from '../service/reference.ts';
import type { Played, Skipped } from '../report/run-report.ts';
import { randomFrom } from '../service/random.ts';
import { asPlayed } from './played.ts';
import type { OpenPostgres } from './postgres.ts';
import { steady } from './steady.ts';
import { skippedOf, type Entry } from './suite.ts';

/** What a suite is played with. */
export interface Stage {
  readonly seed: number;
  /** Called often; what it throws ends the run. */
  readonly check: () => void;
  /** Called when a scenario begins, with its number from 1. */
  readonly onScenario: (number: number, entry: Entry) => void;
  /** Called when one has been played. */
  readonly onPlayed: (played: Played) => void;
  /** Called instead when nothing of it could be judged. */
  readonly onSkipped: (skipped: Skipped) => void;
  /** How often each reach goal was seen, by name; counted up here. */
  readonly reached: Map<string, number>;
}

/** What the model did with each entry. */
export type ModelOutcomes = ReadonlyMap<Entry, Outcome>;

export async function playOnModel(suite: readonly Entry[], stage: Stage): Promise<ModelOutcomes> {
  const outcomes = new Map<Entry, Outcome>();
  const playable = suite.filter(({ scenario }) => !runsOnDatabaseOnly(scenario));
  await playEach(playable, stage, async (entry) => {
    const deployment = steady(deployModel(entry.scenario.script.policy), stage.check);
    // Every scenario draws from the seed anew, so that one played alone draws the same orders.
    const outcome = await runOnModel(entry.scenario, deployment, randomFrom(stage.seed));
    outcomes.set(entry, outcome);
    return outcome;
  });
  return outcomes;
}

/**
 * Replays the reference SQL, and plays designs in SQL. Each deployment and each player is closed before the next is made.
 */
export async function playOnDatabase(
  suite: readonly Entry[],
  model: ModelOutcomes,
  { deploy, playerOf }: Pick<OpenPostgres, 'deploy' | 'playerOf'>,
  stage: Stage,
): Promise<void> {
  const playable = suite.filter(({ scenario }) => runsOnDatabaseOnly(scenario) || playsOnDatabase(scenario));
  await playEach(playable, stage, async (entry) => {
    if (runsOnDatabaseOnly(entry.scenario)) {
      const player = await playerOf(designOf(entry.scenario));
      try {
        return await runDesignOnDatabase(entry.scenario, player);
      } finally {
        await player.close();
      }
    }
    const known = model.get(entry);
    if (known === undefined) throw new Error('a scenario is played on the model before it is on a database');
    const deployment = await deploy(entry.scenario.script.policy);
    try {
      return await runOnDatabase(entry.scenario, steady(deployment, stage.check), known);
    } finally {
      await deployment.close();
    }
  });
}

async function playEach(
  suite: readonly Entry[],
  stage: Stage,
  playOne: (entry: Entry) => Promise<Outcome>,
): Promise<void> {
  for (const [index, entry] of suite.entries()) {
    stage.check();
    stage.onScenario(index + 1, entry);
    const begun = performance.now();
    const outcome = await playOne(entry);
    countGoals(outcome.histories, stage.reached);
    const reason = nothingJudged(entry.scenario, outcome);
    if (reason === null) stage.onPlayed(asPlayed(entry, outcome, performance.now() - begun));
    else stage.onSkipped(skippedOf(entry, reason));
  }
}

function countGoals(histories: readonly History[], reached: Map<string, number>): void {
  for (const history of histories) {
    for (const [name, count] of countReached(history)) reached.set(name, (reached.get(name) ?? 0) + count);
  }
}
