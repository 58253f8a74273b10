/** The service in the README is raced as it stands there, and what is shown is what one really reads. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { seatproof } from './cli/seatproof.ts';

test('shows the order that breaks the service in the README', async () => {
  const readme = await readFile('README.md', 'utf8');
  const [, app = ''] = /```ts\n(\/\/ app\.ts[\s\S]*?)```/.exec(readme) ?? [];
  const [, race = ''] = /```ts\n(\/\/ login\.design\.ts[\s\S]*?)```/.exec(readme) ?? [];
  const [, shown = ''] = /( {2}P1 one holder broke at 0s: desktop[\s\S]*?) +replay/.exec(readme) ?? [];
  // Below the repository, so that 'seatproof' means this package.
  const cwd = await mkdtemp(path.resolve('test', 'readme-'));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(path.join(cwd, 'app.ts'), app);
  await writeFile(path.join(cwd, 'login.design.ts'), race);
  const args = ['race', '--design', 'login.design.ts', '--calls', 'start,start', '--lanes', '1'];
  const { stdout, code } = await seatproof([...args, '--postgres', inject('postgresUrl')], { cwd });
  expect(shown).not.toBe('');
  expect(stdout).toContain(shown);
  expect(stdout).toContain('broken  P1 in 2 orders');
  expect(code).toBe(1);
});
