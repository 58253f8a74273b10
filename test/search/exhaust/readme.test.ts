/** The model in the README of the room is run as a user would run it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('the example in the README runs, and prints what is shown', async () => {
  const readme = await readFile('src/search/exhaust/README.md', 'utf8');
  const [, example = ''] = /```ts\n(\/\/ lock\.model\.ts\n[\s\S]*?)```/.exec(readme) ?? [];
  const [, shown = ''] = /```\n(✗ [\s\S]*?)```/.exec(readme) ?? [];
  expect(shown).not.toBe('');
  // Below the repository, so that 'seatproof' means this package.
  const folder = await mkdtemp(path.resolve('test', 'exhaust-'));
  try {
    const file = path.join(folder, 'lock.model.ts');
    await writeFile(file, example);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=seatproof-source', '--import', 'tsx', file],
      { env: { ...process.env, NODE_OPTIONS: '' } },
    );
    const timeless = (text: string): string => text.replaceAll(/^ +time .*\n/gm, '');
    expect(timeless(stdout)).toContain('✓ a lock taken at once: every state was searched, and nothing broke\n');
    expect(timeless(stdout)).toContain(timeless(shown));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
