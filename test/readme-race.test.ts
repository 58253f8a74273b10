/** The service in the README is raced and played as it stands there, and the README shows the real output. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { seatproof } from './cli/seatproof.ts';

const readme = await readFile('README.md', 'utf8');
let cwd = '';

beforeAll(async () => {
  // Below the repository, so that 'seatproof' means this package.
  cwd = await mkdtemp(path.resolve('test', 'readme-'));
  for (const name of ['app.ts', 'login.design.ts', 'crash.scenario.ts']) {
    const [, text = ''] =
      readme
        .split('```ts\n')
        .find((block) => block.startsWith(`// ${name}`))
        ?.match(/^([\s\S]*?)```/) ?? [];
    await writeFile(path.join(cwd, name), text);
  }
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

test('shows the order that breaks the service in the README', async () => {
  const [, shown = ''] = /( {2}P1 one holder broke at 0s: desktop[\s\S]*?) +replay/.exec(readme) ?? [];
  const args = ['race', '--design', 'login.design.ts', '--calls', 'start,start', '--lanes', '1'];
  const { stdout, code } = await seatproof([...args, '--postgres', inject('postgresUrl')], { cwd });
  expect(shown).not.toBe('');
  expect(stdout).toContain(shown);
  expect(stdout).toContain('broken  P1 in 2 orders');
  expect(code).toBe(1);
});

test('plays the scenario without a policy against the service in the README', async () => {
  const [, command = ''] = /npx seatproof (run .*--design \.\/login\.design\.ts.*)/.exec(readme) ?? [];
  expect(command).not.toBe('');
  const { stdout, code } = await seatproof([...command.split(' '), '--postgres', inject('postgresUrl')], { cwd });
  expect(stdout).toMatch(/^✓ 1 scenario passed on PostgreSQL/);
  expect(stdout).toMatch(/kept: .*P14/);
  expect(code).toBe(0);
});
