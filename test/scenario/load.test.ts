/** The loader, in a process of its own as users run it: what it says of files that cannot be read, and where. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/failures.ts';
import { findScenarioFiles } from '../../src/scenario/find.ts';

interface Read {
  readonly titles?: readonly string[];
  readonly name?: string;
  readonly message?: string;
  readonly place?: { readonly file: string; readonly line?: number } | null;
}

const fixtures = join(import.meta.dirname, 'fixtures');
const root = join(import.meta.dirname, '../..');
let folder = '';
let broken = '';

/** Reads files in a process with nothing but Node and tsx. */
async function readAll(files: readonly string[]): Promise<ReadonlyMap<string, Read>> {
  const loader = pathToFileURL(join(root, 'src/scenario/load.ts')).href;
  const program = `
    const { loadScenarios } = await import(${JSON.stringify(loader)});
    for (const file of process.argv.slice(1)) {
      const read = await loadScenarios(file).then(
        (loaded) => ({ titles: loaded.map(({ scenario }) => scenario.script.title) }),
        ({ name, message, place }) => ({ name, message, place }),
      );
      console.log(JSON.stringify([file, read]));
    }`;
  const flags = ['--conditions=seatproof-source', '--import', 'tsx', '--input-type=module', '-e', program, '--'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...files], { cwd: root });
  const rows = stdout.trim().split('\n');
  return new Map(rows.map((row) => JSON.parse(row) as [string, Read]));
}

const failing: readonly (readonly [fixture: string, line: number | undefined, message: string])[] = [
  ['throws', 4, 'the file threw while it was read: RangeError: a day has 24 hours'],
  ['throws-text', undefined, 'the file threw not today while it was read'],
  [
    'no-default-export',
    undefined,
    'the default export is not a scenario or a list of scenarios; write for example export default scenario({',
  ],
  ['empty-list', undefined, 'the default export is not a scenario or a list of scenarios'],
  ['not-a-scenario', undefined, 'the default export is not a scenario or a list of scenarios'],
  ['imports-nothing', undefined, 'the file imports what cannot be found: '],
  [
    'out-of-order',
    8,
    `the step at 0s is written after one at 20s; write steps in order of time, for example [at('0s', `,
  ],
  ['unknown-device', 9, `'rival' is not in the cast (bot); add it, for example cast: { rival: device('desktop') }`],
  ['wrong-duration', 8, `'20' is not a duration: write a number that is not negative and a unit (ms, s, m or h)`],
  ['wrong-policy', 4, `'55 secs' is not a duration`],
];
const fileOf = (fixture: string): string => join(fixtures, `${fixture}.scenario.ts`);

let read: ReadonlyMap<string, Read> = new Map();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatproof-load-'));
  broken = join(folder, 'broken.scenario.ts');
  // It lies here under another name, because a compiler that meets it fails.
  await copyFile(join(fixtures, 'does-not-compile.txt'), broken);
  read = await readAll([broken, fileOf('unsold'), ...failing.map(([fixture]) => fileOf(fixture))]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('loadScenarios', () => {
  it.each(failing)('%s: fails at line %s', (fixture, line, message) => {
    const { name, message: said, place } = read.get(fileOf(fixture)) ?? {};
    expect(name).toBe('UsageError');
    expect(said).toContain(message);
    expect(place).toEqual(line === undefined ? { file: fileOf(fixture) } : { file: fileOf(fixture), line });
  });

  it('names the line at which a file does not compile', () => {
    const { name, message, place } = read.get(broken) ?? {};
    expect(name).toBe('UsageError');
    expect(message).toBe(
      'the file does not compile: Unexpected "}"; mend it so that it reads for example ' +
        "export default scenario({ title: '…', policy: recommended, cast: { … }, " +
        "steps: ({ bot }) => [at('0s', bot.starts(), granted())] })",
    );
    expect(place).toEqual({ file: broken, line: 8 });
  });

  it('reads a scenario about a license that nobody bought, which is no mistake', () => {
    expect(read.get(fileOf('unsold'))?.titles).toEqual(['a start on a license that nobody bought']);
  });
});

describe('findScenarioFiles', () => {
  it('refuses a path that does not exist', async () => {
    const missing = join(folder, 'nowhere');
    await expect(findScenarioFiles([missing])).rejects.toThrow(
      new UsageError(
        `there is no file or folder '${missing}'; name a scenario file, or a folder that holds some, for example seatproof run login.scenario.ts`,
      ),
    );
  });

  it('refuses a folder without scenarios', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await writeFile(join(empty, 'notes.ts'), 'export {};\n');
    await expect(findScenarioFiles([empty])).rejects.toThrow(
      `no scenario found in '${empty}'; a scenario file is named`,
    );
  });

  it('refuses to search a whole disk', async () => {
    const large = join(folder, 'large');
    await mkdir(join(large, 'node_modules', 'many'), { recursive: true });
    await mkdir(join(large, 'inner'));
    await writeFile(join(large, 'inner', 'a.scenario.ts'), 'export {};\n');
    // What npm has brought is not looked at, so it does not count.
    await Promise.all([1, 2, 3].map((n) => writeFile(join(large, 'node_modules', 'many', `${n}.scenario.ts`), '')));
    await expect(findScenarioFiles([large], 3)).resolves.toEqual([join(large, 'inner', 'a.scenario.ts')]);
    await expect(findScenarioFiles([large], 2)).rejects.toThrow(
      new UsageError(
        `'${large}' holds more than 2 files and folders; name the folder that holds the scenarios, for example seatproof run scenarios`,
      ),
    );
  });

  it('takes a file that is named whatever it is called, and no file twice', async () => {
    const named = join(fixtures, 'does-not-compile.txt');
    await expect(findScenarioFiles([named, named])).resolves.toEqual([named]);
  });

  it('finds the scenario files of a folder in order of name', async () => {
    const found = await findScenarioFiles([fixtures]);
    expect(found).toEqual([...failing.map(([fixture]) => fixture), 'unsold'].map(fileOf).sort());
  });
});
