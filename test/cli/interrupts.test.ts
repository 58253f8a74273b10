/** Ctrl-C and its like: one line on what was done, the exit code of the signal, and nothing left behind. */
import { mkdirSync, readdirSync, readFileSync, chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { LONG } from '../long.ts';
import { begin, LASTS, PASSES, project } from './seatproof.ts';

describe.concurrent('interrupted', () => {
  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const;
  test.each(LONG ? signals : signals.slice(0, 1))(
    'by %s in the middle of a scenario on the model, it exits with %i',
    async (signal, code) => {
      const cwd = project({ 'scenarios/a.scenario.ts': PASSES, 'scenarios/b.scenario.ts': LASTS });
      const running = begin(['run', '--on', 'model', '--seed', '1'], { cwd });
      await running.says('read\n');
      running.process.kill(signal);
      const { code: exit, stderr } = await running.ended;
      expect(exit).toBe(code);
      expect(stderr).toMatch(
        new RegExp(
          `^interrupted by ${signal}: played \\d on model and 0 on postgres, 0 failed; no report was written\\n$`,
        ),
      );
      expect(existsSync(path.join(cwd, 'reports'))).toBe(false);
    },
  );

  test('while Postgres is there, it takes Postgres and its folder away', async ({ expect: here }) => {
    const cwd = project({ 'scenarios/b.scenario.ts': LASTS });
    const temporary = path.join(cwd, 'tmp');
    mkdirSync(temporary);
    chmodSync(temporary, 0o755);
    const running = begin(['run', '--on', 'postgres', '--seed', '1'], { cwd, env: { TMPDIR: temporary } });
    await serverIn(temporary);
    running.process.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: 'read\n' });
    // The process that watches over the server takes a moment to see that it is no longer needed; where the machine is slow,
    // it also does what the run had no time for.
    const folders = (): readonly string[] => readdirSync(temporary).filter((name) => name.startsWith('seatproof-'));
    await here.poll(folders, { timeout: 10_000 }).toEqual([]);
    await here.poll(() => processesNaming(temporary), { timeout: 10_000 }).toEqual([]);
  });
});

/** Waits until a server runs whose data lie below that folder. */
async function serverIn(folder: string): Promise<void> {
  const found = (): boolean =>
    readdirSync(folder).some((name) => existsSync(path.join(folder, name, 'data', 'postmaster.pid')));
  while (!found()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function processesNaming(folder: string): readonly string[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false;
      }
    });
}
