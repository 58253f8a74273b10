/** What the README shows is so: its scenarios pass, and its commands and laws are those that there are. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAWS } from '../src/laws/all.ts';
import { loadScenarios, type LoadedScenario } from '../src/scenario/load.ts';
import { runOnModel } from '../src/scenario/run.ts';
import { deployModel } from '../src/service/reference.ts';
import { LONG } from './long.ts';
import { project, seatproof } from './cli/seatproof.ts';

const readme = await readFile('README.md', 'utf8');
const [, scenarioFile = ''] = /```ts\n(\/\/ login\.scenario\.ts\n[\s\S]*?)```/.exec(readme) ?? [];

describe('the scenarios in the README', () => {
  let folder = '';
  let scenarios: readonly LoadedScenario[] = [];

  beforeAll(async () => {
    // Below the repository, so that 'seatproof' means this package.
    folder = await mkdtemp(path.resolve('test', 'readme-'));
    const file = path.join(folder, 'login.scenario.ts');
    await writeFile(file, scenarioFile);
    scenarios = await loadScenarios(file);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('pass, and prove what they say', async () => {
    expect(scenarios).toHaveLength(2);
    for (const { scenario } of scenarios) {
      const outcome = await runOnModel(scenario, deployModel(scenario.script.policy), () => 0);
      expect(outcome.findings).toEqual([]);
      expect(outcome.result).toBe('passed');
    }
  });
});

it('shows what one really reads when a scenario fails', async () => {
  const [, shown = ''] = /```\n(✗ [^.][\s\S]*?) +replay/.exec(readme) ?? [];
  expect(shown).not.toBe('');
  const early = scenarioFile.replace(/ +at\('89\.999s'.*\n/, '').replace("at('90s'", "at('80s'");
  const cwd = project({ 'login.scenario.ts': early });
  const { stdout, code: exit } = await seatproof(['run', 'login.scenario.ts', '--filter', 'crashes'], { cwd });
  expect(exit).toBe(1);
  expect(stdout.slice(0, shown.length)).toBe(shown);
});

it.each(LONG ? ['campaign'] : [])('shows what a %s finds in the service of its example', async () => {
  const [, service = ''] = /```ts\n(\/\/ my-service\.ts\n[\s\S]*?)```/.exec(readme) ?? [];
  const [, shown = ''] = /```\n(✗ \.\/my-service\.ts[\s\S]*?)```/.exec(readme) ?? [];
  expect(shown).not.toBe('');
  const cwd = project({ 'my-service.ts': service });
  const [, command = ''] = /npx seatproof (campaign --design \.\/my-service\.ts .*)/.exec(readme) ?? [];
  const { stdout, code } = await seatproof(command.split(' '), { cwd });
  expect(code).toBe(1);
  expect(stdout.slice(0, shown.length)).toBe(shown);
});

it('names every law, by its code and its name', () => {
  const named = [...readme.matchAll(/^\| (P\d+) +\| ([^:|]+): /gm)].map(([, code, name]) => `${code} ${name}`);
  expect(named).toEqual(LAWS.map(({ code, name }) => `${code} ${name}`));
});
