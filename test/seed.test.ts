/** Every random test takes the seed of the run, and the run tells what it was and what it left out. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import { readSeed } from './seed.ts';

const TOP = fileURLToPath(new URL('..', import.meta.url));

const files = readdirSync(path.join(TOP, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(path.join(TOP, 'test', name), 'utf8') }))
  .filter(({ text }) => /\bfc\.(assert|sample|check)\(/.test(text));

test('the files that draw are found', () => {
  expect(files.map(({ name }) => name)).toContain('laws/decide.property.test.ts');
});

test.each(files)('$name takes the seed of the run each time it draws', ({ text }) => {
  const draws = text.match(/\bfc\.(assert|sample|check)\(/g) ?? [];
  // `seed: seed + 1` is another sequence of the same run; `seed: 1` is the same sequence in every run.
  const seeds = text.replaceAll(/^import .*$/gm, '').match(/\{\s*seed(?:,| \}|: seed\b)/g) ?? [];
  expect(text).toMatch(/import \{[^}]*\bseed\b[^}]*\} from '[./]+\/seed\.ts'/);
  expect(seeds.length).toBeGreaterThanOrEqual(draws.length);
});

test.each([
  ['12345', 12345],
  ['0x5eed', 0x5eed],
])('%s is a seed', (text, value) => {
  expect(readSeed(text)).toBe(value);
});

test('what is no number is refused', () => {
  expect(() => readSeed('abc')).toThrow("SEATPROOF_SEED is 'abc'; write a whole number");
});

/** As `npm test -- <file>` would, on a machine without Docker. */
function run(file: string, env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['run', '--config', 'test/vitest.config.ts', file];
  const surroundings = { ...process.env, SEATPROOF_POSTGRES: inject('postgresUrl'), NO_COLOR: '1', ...env };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(TOP, 'node_modules/vitest/vitest.mjs'), ...args],
      { cwd: TOP, env: surroundings },
      (_error, stdout) => resolve(stdout),
    );
  });
}

test('a run prints its seed, also when all passes, and names what it skipped and why', async () => {
  const docker = { DOCKER_HOST: 'tcp://127.0.0.1:9', SEATPROOF_REQUIRE_CONTAINER: '' };
  const stdout = await run('test/postgres/container.test.ts', { ...docker, SEATPROOF_SEED: '0x5eed' });
  expect(stdout).toContain('seed 0x00005eed (SEATPROOF_SEED=24301 repeats it)');
  expect(stdout).toContain(
    'skipped: a container serves a deployment, and is gone afterwards ' +
      '(skipped: no Docker engine answers; SEATPROOF_REQUIRE_CONTAINER=1 requires one)',
  );
});

test('a run without a seed draws one', async () => {
  expect(await run('test/core/time.test.ts', { SEATPROOF_SEED: '' })).toMatch(
    /seed 0x[\da-f]{8} \(SEATPROOF_SEED=\d+ repeats it\)/,
  );
});
