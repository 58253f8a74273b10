/** The package as a user gets it: packed, installed in an empty project, and given scenarios of the user's own. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { at, client, expect as looks, granted, network, notWorking, recommended, scenario } from '../src/index.ts';
import { writeScenario } from '../src/scenario/write.ts';
import { LONG } from './long.ts';

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
  const tarball = inject('tarball');
  const { stdout } = await succeed('tar', ['-tzf', tarball], folder);
  packed = stdout
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''));

  await mkdir(join(project, 'kinds'), { recursive: true });
  await saysType('commonjs');
  await (LONG ? installFromRegistry : installFromHere)(tarball);
  await writeFile(join(project, 'my.scenario.ts'), scenarioText('50s'));
  for (const kind of ['ts', 'mts', 'cts']) {
    await writeFile(join(project, 'kinds', `${kind}.scenario.${kind}`), scenarioText('50s'));
  }
  await writeFile(join(project, 'written.scenario.ts'), written);
  await writeFile(join(project, 'wrong.scenario.ts'), scenarioText('49s'));
  await writeFile(join(project, 'mistaken.scenario.ts'), scenarioText('50s').replace(`'10s'`, `'10 secondz'`));
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

  test('brings a program that says what runs it', async () => {
    const main = await readFile(join(project, 'node_modules/seatproof/dist/cli/main.js'), 'utf8');
    expect(main).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});

test('npx seatproof --help explains itself', async () => {
  const { stdout } = await succeed('npx', ['seatproof', '--help'], project);
  expect(stdout).toContain('Usage: seatproof');
});

test.runIf(LONG)('a campaign runs on its threads, and what it saves fails when it is run', async () => {
  const found = await seatproof(['campaign', '--design', 's3-after', '--seed', '3', '--runs', '50']);
  expect(found.stderr).toBe('');
  expect(found.code).toBe(1);
  const file = /saved +(reports\/findings\/\S+)/.exec(found.stdout)?.[1] ?? '';
  const again = await seatproof(['run', file, '--on', 'model', '--reporter', 'terminal']);
  expect(again.code).toBe(1);
  expect(again.stdout).toContain('1 scenario failed');
});

describe.each(LONG ? ['commonjs', 'module'] : ['module'])('in a project of type %s', (type) => {
  beforeAll(() => saysType(type));

  test('scenarios of the user in every kind of TypeScript file pass, and so does one that Seatproof has written', async () => {
    const files = ['my.scenario.ts', 'written.scenario.ts', 'kinds'];
    const { code, stdout, stderr } = await seatproof(['run', ...files, '--on', 'model']);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toContain('5 scenarios passed');
    expect(stderr).not.toContain('Warning');
  });

  test('a scenario whose expectation is wrong fails with its file and line', async () => {
    const { code, stdout } = await seatproof(['run', 'wrong.scenario.ts', '--on', 'model']);
    expect(stdout).toContain('wrong.scenario.ts:13');
    expect(code).toBe(1);
  });

  test('the types of the package are found, and refuse a duration that is none and nothing else', async () => {
    const strict = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', ''];
    const files = ['my.scenario.ts', 'mistaken.scenario.ts'];
    const { code, stdout } = await run(join(top, 'node_modules/.bin/tsc'), [...strict, ...files], project);
    expect(stdout).toMatch(/^mistaken\.scenario\.ts\(13,8\): error [^\n]*\n(?! *\S+\(\d+,\d+\): error)/);
    expect(stdout).not.toContain('my.scenario.ts');
    expect(code).not.toBe(0);
  });

  test('the tsconfig.json in the README accepts the scenarios and the service in it, and rejects a misspelled name', async () => {
    const readme = await readFile(join(top, 'README.md'), 'utf8');
    const [, config = ''] = /```json\n(\{\n {2}"compilerOptions"[\s\S]*?)```/.exec(readme) ?? [];
    const blocks = [...readme.matchAll(/```ts\n(\/\/ (\S+\.ts)\n[\s\S]*?)```/g)];
    const checked = join(project, 'checked');
    await mkdir(checked, { recursive: true });
    await writeFile(join(checked, 'tsconfig.json'), config);
    for (const [, text = '', name = ''] of blocks) await writeFile(join(checked, name), text);
    const names = ['login.scenario.ts', 'my-service.ts', 'crash.scenario.ts'];
    expect(blocks.map(([, , name]) => name)).toEqual(names);
    expect(await run(join(top, 'node_modules/.bin/tsc'), [], checked)).toMatchObject({ code: 0, stdout: '' });
    const misspelled = blocks[0]?.[1]?.replace('bot.crashes()', 'bot.crashs()') ?? '';
    await writeFile(join(checked, 'login.scenario.ts'), misspelled);
    const { code, stdout } = await run(join(top, 'node_modules/.bin/tsc'), [], checked);
    expect(stdout).toMatch(/^login\.scenario\.ts\(\d+,\d+\): error [^\n]*crashs/);
    expect(code).not.toBe(0);
  });
});

function saysType(type: string): Promise<void> {
  return writeFile(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type }));
}

function installFromRegistry(tarball: string): Promise<Ended> {
  return succeed('npm', ['install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund', tarball], project);
}

/** As npm does it, without the network: the package unpacked and its program made to run, beside the dependencies that it names, and no others. */
async function installFromHere(tarball: string): Promise<void> {
  const modules = join(project, 'node_modules');
  const home = join(modules, 'seatproof');
  await mkdir(home, { recursive: true });
  await succeed('tar', ['-xzf', tarball, '--strip-components=1', '-C', home], folder);
  const { dependencies, bin } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as Manifest;
  for (const name of Object.keys(dependencies)) await link(join(top, 'node_modules', name), join(modules, name));
  for (const [name, file] of Object.entries(bin)) {
    await chmod(join(home, file), 0o755);
    await link(join(home, file), join(modules, '.bin', name));
  }
}

async function link(target: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await symlink(target, place);
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The installed program. */
function seatproof(args: readonly string[]): Promise<Ended> {
  return run(join(project, 'node_modules/.bin/seatproof'), args, project);
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
