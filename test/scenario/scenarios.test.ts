/** Every scenario of this repository, each as one test on the model. */
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countReached } from '../../src/laws/reach.ts';
import { findScenarioFiles } from '../../src/scenario/find.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import { runOnModel } from '../../src/scenario/run.ts';
import { deployModel } from '../../src/service/reference.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const files = await findScenarioFiles([folder]);
const loaded = (await Promise.all(files.map((file) => loadScenarios(file)))).flat();
const reached = new Map<string, number>();

/** No scenario has so many orders that some would have to be drawn. */
function neverDrawn(): number {
  throw new Error('this scenario has more orders than are played; make its together() smaller');
}

describe('scenarios', () => {
  it.each(loaded.map(({ file, scenario }) => [`${basename(dirname(file))}: ${scenario.script.title}`, scenario]))(
    '%s',
    async (_name, scenario) => {
      const { result, findings, histories } = await runOnModel(
        scenario,
        deployModel(scenario.script.policy),
        neverDrawn,
      );
      for (const history of histories) {
        for (const [goal, count] of countReached(history)) reached.set(goal, (reached.get(goal) ?? 0) + count);
      }
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

  it('reach everything that a suite must have seen at least once', () => {
    expect(reached.size).toBeGreaterThan(0);
    expect([...reached].filter(([, count]) => count === 0)).toEqual([]);
  });
});
