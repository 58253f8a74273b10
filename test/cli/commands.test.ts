/** The other commands, the help of each, and what is done with the two streams. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PACKAGE } from '../../src/cli/package.ts';
import { LONG } from '../long.ts';
import { inProcess } from './in-process.ts';
import { begin, COMMAND, FAILS, LASTS, PASSES, project, scenarioFile, seatproof, type Ended } from './seatproof.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;

describe('seatproof', () => {
  test.for(['run', 'campaign', 'compare', 'race', 'exhaust', 'designs', 'doctor', 'judge'])(
    '%s --help',
    async (command) => {
      const { code, stdout } = await inProcess([command, '--help']);
      expect(code).toBe(0);
      await expect(stdout).toMatchFileSnapshot(golden(`${command}.help.txt`));
    },
  );

  test('alone prints its help', async () => {
    const { code, stdout } = await seatproof([]);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot(golden('help.txt'));
    expect((await inProcess(['--help'])).stdout).toBe(stdout);
  });

  test('--version', async () => {
    expect(await inProcess(['--version'])).toEqual({ code: 0, stdout: `${PACKAGE.version}\n`, stderr: '' });
  });

  test('designs', async () => {
    const { code, stdout } = await inProcess(['designs']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^s3-after +20s +40s +at +refuse +refuse +revive +lazy +0\/0s +none$/m);
    const { designs } = JSON.parse((await inProcess(['designs', '--json'])).stdout) as {
      designs: readonly { name: string; timeout_ms: number }[];
    };
    expect(designs.find(({ name }) => name === 's0-before')?.timeout_ms).toBe(120_000);
  });
});

describe.concurrent('seatproof', () => {
  test('doctor starts a Postgres, and Docker is not needed', async () => {
    const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
    const { code, stdout } = await seatproof(['doctor', '--json'], { cwd: project(), env });
    const { checks, fit } = JSON.parse(stdout) as { fit: boolean; checks: readonly { name: string; ok: boolean }[] };
    expect({ code, fit }).toEqual({ code: 0, fit: true });
    expect(checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
      'node true',
      'typescript true',
      'reports true',
      'temporary true',
      'postgres true',
      'docker false',
    ]);
  });

  test.runIf(LONG)('doctor exits with 3 when what a run needs is missing, and says how to get it', async () => {
    const cwd = project({ 'notes.txt': '' });
    const { code, stdout } = await seatproof(['doctor', '--out', 'notes.txt'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^✗ reports +the reports cannot be written to 'notes.txt'/m);
    expect(stdout).toContain('Something that seatproof run needs is missing.');
  });

  test('judge tells which laws a recorded history kept, and exits with 1 when one broke', async () => {
    const cwd = project({
      'scenarios/a.scenario.ts': PASSES,
      'scenarios/b.scenario.ts': scenarioFile('revived', [
        `at('0s', bot.starts(), granted())`,
        `at('50s', bot.heartbeats(), renewed())`,
      ]),
    });
    await seatproof(['run', '--on', 'model'], { cwd });
    const folder = 'reports/histories/scenarios-';
    const kept = await seatproof(['judge', `${folder}a-start-is-granted.model.jsonl`], { cwd });
    expect(kept).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('✓ no law broke in this history') as string,
    });
    const both = ['a-start-is-granted', 'revived'].map((name) => `${folder}${name}.model.jsonl`);
    const broken = await seatproof(['judge', ...both, '--reporter', 'terminal,json'], { cwd });
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/^✗ P17 one boundary broke at 50s/m);
    expect(broken.stderr).toBe('written: reports/judgement.json\n');
    expect(JSON.parse(readFileSync(path.join(cwd, 'reports/judgement.json'), 'utf8'))).toMatchObject({ version: 1 });
  });
});

describe('the streams', () => {
  const scenarios = { 'scenarios/a.scenario.ts': FAILS };
  const quoted = COMMAND.map((word) => `'${word}'`).join(' ');

  test('who stops reading has read enough', () => {
    const command = `(${quoted} run --on model; echo "exit $?" >&2) | head -n 1`;
    const { stdout, stderr } = shell(command, project(scenarios));
    expect(stdout).toBe('✗ a rival is let in too early\n');
    expect(stderr).toBe('exit 1\n');
  });

  const terminal = shell('script --version').status === 0;
  const noTerminal = terminal ? '' : " (skipped: the program 'script', which makes a terminal, is not installed)";
  test.skipIf(!terminal)(`prints colours on a terminal, except with NO_COLOR or --no-color${noTerminal}`, () => {
    const cwd = project(scenarios);
    // This terminal does not know its width, which must not keep the line that shows progress from coming to its end.
    const run = (flag: string, env: Readonly<Record<string, string>>): string =>
      shell(`script -qec "${quoted} run --on model --reporter terminal ${flag}" /dev/null`, cwd, env).stdout;
    const red = `${String.fromCodePoint(27)}[31m✗`;
    expect(run('', { NO_COLOR: '' })).toContain(red);
    expect(run('', { NO_COLOR: '1' })).not.toContain(red);
    expect(run('--no-color', { NO_COLOR: '' })).not.toContain(red);
  });

  const mounts = process.env['SEATPROOF_REQUIRE_MOUNT'] === '1' || canMount();
  const why = mounts ? '' : ' (skipped: this user cannot mount a tmpfs; SEATPROOF_REQUIRE_MOUNT=1 requires it)';
  const onFullDisk = async (file: string): Promise<Ended> => {
    const cwd = project({ 'scenarios/a.scenario.ts': file });
    const full = path.join(cwd, 'full');
    mkdirSync(full);
    const mounted = shell(`mount -t tmpfs -o size=8k tmpfs '${full}'`);
    expect(mounted.status, `mount failed: ${mounted.stderr}`).toBe(0);
    onTestFinished(() => void shell(`umount '${full}'`));
    const ended = await seatproof(['run', '--on', 'model', '--out', 'full/reports'], { cwd });
    expect(shell(`find '${full}' -mindepth 1`).stdout).toBe('');
    return ended;
  };

  test.skipIf(!mounts)(`a full disk is reported as an error, and no half-written file is left${why}`, async () => {
    const { code, stdout, stderr } = await onFullDisk(FAILS);
    expect(code).toBe(3);
    expect(stdout).toContain('✗ 1 of 1 scenario failed');
    expect(stdout).not.toContain('report.json');
    expect(stderr).toMatch(/^error: the reports cannot be written to 'full\/reports': its disk is full/);
  });

  test.skipIf(!mounts)(`a full disk after scenarios that passed is reported as an error${why}`, async () => {
    const { code, stdout, stderr } = await onFullDisk(PASSES);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(
      /^error: the scenarios passed, but the reports cannot be written to 'full\/reports': its disk/,
    );
  });

  test('a run that is killed has made no folder for its reports', async () => {
    const cwd = project({ 'scenarios/a.scenario.ts': LASTS });
    const begun = begin(['run', '--on', 'model', '--out', 'deep/reports'], { cwd });
    await begun.says('read');
    begun.process.kill('SIGKILL');
    await begun.ended;
    expect(existsSync(path.join(cwd, 'deep'))).toBe(false);
  });
});

/** Whether this user can mount a small file system, as root outside of an unprivileged container can. */
function canMount(): boolean {
  const folder = project({});
  if (shell(`mount -t tmpfs -o size=8k tmpfs '${folder}'`).status !== 0) return false;
  return shell(`umount '${folder}'`).status === 0;
}

function shell(command: string, cwd = '.', env: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
  const { CI: _, ...rest } = process.env;
  return spawnSync('sh', ['-c', command], { cwd, env: { ...rest, TERM: 'xterm', ...env }, encoding: 'utf8' });
}
