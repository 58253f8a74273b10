/** Every scenario of this repository, each as one test on the model. */
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countReached, REACH_GOALS } from '../../src/laws/reach.ts';
import { findScenarioFiles } from '../../src/scenario/find.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import { runOnModel, type Outcome } from '../../src/scenario/run.ts';
import type { Scenario } from '../../src/scenario/words/scenario.ts';
import { deployModel } from '../../src/service/reference.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const files = await findScenarioFiles([folder]);
const loaded = (await Promise.all(files.map((file) => loadScenarios(file)))).flat();
const outcomes = new Map<Scenario, Promise<Outcome>>();

/** The result of a scenario on the model; each is run once, whichever tests look at it. */
function run(scenario: Scenario): Promise<Outcome> {
  const outcome = outcomes.get(scenario) ?? runOnModel(scenario, deployModel(scenario.script.policy), neverDrawn);
  outcomes.set(scenario, outcome);
  return outcome;
}

/** No scenario has so many orders that some would have to be drawn. */
function neverDrawn(): number {
  throw new Error('this scenario has more orders than are played; make its together() smaller');
}

describe('scenarios', () => {
  it.each(loaded.map(({ file, scenario }) => [`${basename(dirname(file))}: ${scenario.script.title}`, scenario]))(
    '%s',
    async (_name, scenario) => {
      const { result, findings } = await run(scenario);
      expect(findings.map(({ title, at, message }) => ({ title, at, message }))).toEqual([]);
      expect(result).toBe('passed');
    },
  );

  it('have titles of their own', () => {
    const titles = loaded.map(({ scenario }) => scenario.script.title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  it('say where they come from or why they matter', () => {
    expect(loaded.filter(({ scenario }) => scenario.about === null)).toEqual([]);
  });

  it('reach every reach goal', async () => {
    const histories = (await Promise.all(loaded.map(({ scenario }) => run(scenario)))).flatMap(
      (each) => each.histories,
    );
    const reached = histories.flatMap((history) => [...countReached(history)].filter(([, count]) => count > 0));
    const names = new Set(reached.map(([name]) => name));
    expect(REACH_GOALS.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  });
});
