/** The package as a user gets it: packed, installed in an empty project, and given a scenario of the user's own. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, client, expect as looks, granted, network, notWorking, recommended, scenario } from '../src/index.ts';
import { writeScenario } from '../src/scenario/write.ts';

const top = fileURLToPath(new URL('..', import.meta.url));

/** A user's file, right if the wait is 50 s. The types in it show that TypeScript is read. */
const scenarioText = (
  retryAfter: string,
): string => `import { at, device, granted, recommended, refused, scenario } from 'seatproof';
import type { Policy, Scenario } from 'seatproof';

const policy: Policy = recommended;

const mine: Scenario = scenario({
  title: 'a second device is told how long to wait',
  proves: ['P1'],
  policy,
  cast: { bot: device('laptop'), rival: device('desktop') },
  steps: ({ bot, rival }) => [
    at('0s', bot.starts(), granted()),
    at('10s', rival.starts(), refused('other-device', { retryAfter: '${retryAfter}' })),
  ],
});

export default mine;
`;

/** What a search would save, written from the sources and read by the package. */
const written = writeScenario(
  scenario({
    title: 'a client that is cut off stops before the other is let in',
    policy: recommended,
    latency: '40ms',
    stopTime: '2s',
    cast: { laptop: client('laptop', { drift: '-200ppm' }), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('25s', network.cuts(laptop, { for: '2m' })),
      at('77.1s', looks(notWorking(laptop))),
      at('80.1s', desktop.starts(), granted()),
    ],
    until: '2m',
  }).script,
  { heading: 'Written by a test.', about: null, proves: ['P2'], breaks: [], design: null },
);

let folder = '';
let project = '';
let packed: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatproof-package-'));
  project = join(folder, 'project');
  const { stdout } = await succeed('npm', ['pack', '--json', '--pack-destination', folder], top);
  // What prepack prints comes first.
  const [report] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as readonly PackReport[];
  if (report === undefined) throw new Error(`npm pack reported nothing: ${stdout}`);
  packed = report.files.map(({ path }) => path);

  await succeed('mkdir', ['project'], folder);
  await succeed('npm', ['init', '-y'], project);
  const quickly = ['--prefer-offline', '--no-audit', '--no-fund'];
  await succeed('npm', ['install', ...quickly, join(folder, report.filename)], project);
  await writeFile(join(project, 'my.scenario.ts'), scenarioText('50s'));
  await succeed('mkdir', ['kinds'], project);
  for (const kind of ['ts', 'mts', 'cts']) {
    await writeFile(join(project, 'kinds', `${kind}.scenario.${kind}`), scenarioText('50s'));
  }
  await writeFile(join(project, 'written.scenario.ts'), written);
  await writeFile(join(project, 'wrong.scenario.ts'), scenarioText('49s'));
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

describe('the tarball', () => {
  test('holds what was built and the scenarios as examples, and no sources, tests or build state', () => {
    expect(packed).toContain('dist/cli/main.js');
    expect(packed).toContain('dist/index.d.ts');
    const wanted =
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/.*\.(js|d\.ts)|scenarios\/.*(\.scenario\.ts|README\.md))$/;
    expect(packed.filter((path) => !wanted.test(path))).toEqual([]);
  });

  test('holds the licence, the readme and the changelog', () => {
    expect(['LICENSE', 'README.md', 'CHANGELOG.md'].filter((name) => !packed.includes(name))).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('brings a program that can be executed', async () => {
    const main = await stat(join(project, 'node_modules/seatproof/dist/cli/main.js'));
    expect(main.mode & 0o111).toBe(0o111);
  });
});

describe.each(['commonjs', 'module'])('in a project of type %s', (type) => {
  beforeAll(async () => {
    await succeed('npm', ['pkg', 'set', `type=${type}`], project);
  });

  test('npx seatproof --help explains itself', async () => {
    const { stdout } = await succeed('npx', ['seatproof', '--help'], project);
    expect(stdout).toContain('Usage: seatproof');
  });

  test('a scenario of the user passes', async () => {
    const { stdout, stderr } = await succeed('npx', ['seatproof', 'run', 'my.scenario.ts', '--on', 'model'], project);
    expect(stdout).toContain('1 scenario passed');
    expect(stderr).not.toContain('Warning');
  });

  test('a scenario that was written by Seatproof passes', async () => {
    const { stdout } = await succeed('npx', ['seatproof', 'run', 'written.scenario.ts', '--on', 'model'], project);
    expect(stdout).toContain('1 scenario passed');
  });

  test('a campaign runs on its threads, and what it saves fails when it is run', async () => {
    const found = await run(
      'npx',
      ['seatproof', 'campaign', '--design', 's3-after', '--seed', '3', '--runs', '50'],
      project,
    );
    expect(found.stderr).toBe('');
    expect(found.code).toBe(1);
    const file = /saved +(reports\/findings\/\S+)/.exec(found.stdout)?.[1] ?? '';
    const again = await run('npx', ['seatproof', 'run', file, '--on', 'model', '--reporter', 'terminal'], project);
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('1 scenario failed');
  });

  test('every kind of TypeScript file can hold scenarios', async () => {
    const { stdout } = await succeed('npx', ['seatproof', 'run', 'kinds', '--on', 'model'], project);
    expect(stdout).toContain('3 scenarios passed');
  });

  test('a scenario whose expectation is wrong fails with its file and line', async () => {
    const { code, stdout } = await run('npx', ['seatproof', 'run', 'wrong.scenario.ts', '--on', 'model'], project);
    expect(stdout).toContain('wrong.scenario.ts:13');
    expect(code).toBe(1);
  });

  test('the types of the package are found', async () => {
    const strict = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', ''];
    const { stdout } = await succeed(join(top, 'node_modules/.bin/tsc'), [...strict, 'my.scenario.ts'], project);
    expect(stdout).toBe('');
  });

  test('the types of the package refuse a duration that is none', async () => {
    const text = await readFile(join(project, 'my.scenario.ts'), 'utf8');
    const mistaken = join(project, 'mistaken.scenario.ts');
    await writeFile(mistaken, text.replace(`'10s'`, `'10 secondz'`));
    const strict = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', ''];
    const { code, stdout } = await run(join(top, 'node_modules/.bin/tsc'), [...strict, mistaken], project);
    await rm(mistaken);
    expect(stdout).toContain('mistaken.scenario.ts(13,8)');
    expect(code).not.toBe(0);
  });
});

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program as a user would, outside of whatever npm script runs the tests. */
function run(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST)/i.test(name)));
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env: { ...env, NO_COLOR: '1' } }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function succeed(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  const ended = await run(program, args, cwd);
  expect(ended.code, `${program} ${args.join(' ')}\n${ended.stdout}${ended.stderr}`).toBe(0);
  return ended;
}
