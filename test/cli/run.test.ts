/** `seatproof run` on the model: what it prints, what it writes, and how it exits. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeHistory } from '../../src/history/codec.ts';
import { LONG } from '../long.ts';
import { FAILS, PASSES, project, seatproof, TOO_MANY } from './seatproof.ts';

const ON_MODEL = ['run', '--on', 'model'];
const ESCAPE = String.fromCodePoint(27);

describe.concurrent('seatproof run --on model', () => {
  test('exits with 0 when nothing broke, and writes the reports', async () => {
    const cwd = project({ 'scenarios/s3/start.scenario.ts': PASSES });
    const { code, stdout, stderr } = await seatproof([...ON_MODEL, '--seed', '0x5eed'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^✓ 1 scenario passed on the model in /);
    expect(stdout).toContain('seed    0x00005eed');
    expect(stdout).not.toContain(ESCAPE);
    const folder = path.join(cwd, 'reports');
    expect(readdirSync(folder).sort()).toEqual(['histories', 'junit.xml', 'report.json']);
    const report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')) as {
      scenarios: readonly { history: string; line: number; file: string }[];
    };
    expect(report.scenarios[0]).toMatchObject({
      file: 'scenarios/s3/start.scenario.ts',
      line: 3,
      history: 'histories/s3-a-start-is-granted.model.jsonl',
    });
    const file = path.join(folder, report.scenarios[0]?.history ?? '');
    expect(decodeHistory(readFileSync(file, 'utf8'), file).title).toBe('a start is granted');
  });

  test('exits with 1 when something broke, and says what, where, and how to see it again', async () => {
    const cwd = project({ 'scenarios/own/early.scenario.ts': FAILS, 'scenarios/own/start.scenario.ts': PASSES });
    const { code, stdout } = await seatproof([...ON_MODEL, '--seed', '1'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('✗ a rival is let in too early\n  scenarios/own/early.scenario.ts:3  on model\n');
    expect(stdout).toMatch(/> 39s +rival \(desktop\) +start +→ refused: in use on laptop, retry in 1s/);
    expect(stdout).toContain('where   scenarios/own/early.scenario.ts:9');
    const replay = /replay +npx seatproof (.*)/.exec(stdout)?.[1] ?? '';
    expect(replay).toBe(
      `run scenarios/own/early.scenario.ts --filter 'a rival is let in too early' --on model --seed 0x00000001`,
    );
    const again = await seatproof(replay.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? [], { cwd });
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('✗ 1 of 1 scenario failed');
  });

  test.runIf(LONG)(
    'exits with 4 when there were more orders than are played, and a seed draws the same ones',
    async () => {
      const cwd = project({ 'scenarios/many.scenario.ts': TOO_MANY });
      const args = [...ON_MODEL, '--seed', '7'];
      const { code, stdout } = await seatproof(args, { cwd });
      expect({ code, stdout }).toMatchObject({ code: 4 });
      expect(stdout).toContain('inconclusive: 5,040 of 40,320 orders');
      expect(readFileSync(path.join(cwd, 'reports/junit.xml'), 'utf8')).toContain('errors="1"');
      const history = path.join(cwd, 'reports/histories/scenarios-eight-crashes-at-once.model.jsonl');
      const first = readFileSync(history, 'utf8');
      await seatproof(args, { cwd });
      expect(readFileSync(history, 'utf8')).toBe(first);
    },
  );

  test('--filter takes what has the text in its title or path, whatever the case', async () => {
    const cwd = project({ 'a/early.scenario.ts': FAILS, 'b/start.scenario.ts': PASSES });
    const { code, stdout } = await seatproof([...ON_MODEL, 'a', 'b', '--filter', 'B/START'], { cwd });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('✓ 1 scenario passed') as string,
    });
  });

  test('--reporter terminal writes no file; --reporter junit prints no report', async () => {
    const cwd = project({ 'scenarios/start.scenario.ts': PASSES });
    await seatproof([...ON_MODEL, '--reporter', 'terminal'], { cwd });
    expect(existsSync(path.join(cwd, 'reports'))).toBe(false);
    const { stdout, stderr } = await seatproof([...ON_MODEL, '--reporter', 'junit', '--out', 'ci'], { cwd });
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'written: ci/junit.xml, ci/histories/\n' });
    expect(readdirSync(path.join(cwd, 'ci')).sort()).toEqual(['histories', 'junit.xml']);
  });

  test('leaves no history of an earlier run, and nothing else that was there is touched', async () => {
    const cwd = project({
      'scenarios/start.scenario.ts': PASSES,
      'reports/histories/old.model.jsonl': 'old',
      'reports/histories/mine.txt': 'mine',
      'reports/mine.model.jsonl': 'mine',
    });
    await seatproof(ON_MODEL, { cwd });
    expect(readdirSync(path.join(cwd, 'reports', 'histories')).sort()).toEqual([
      'mine.txt',
      'scenarios-a-start-is-granted.model.jsonl',
    ]);
    expect(readFileSync(path.join(cwd, 'reports', 'mine.model.jsonl'), 'utf8')).toBe('mine');
  });

  test('what is wrong with a scenario is found before the reports of an earlier run are replaced', async () => {
    const cwd = project({ 'scenarios/start.scenario.ts': PASSES });
    await seatproof(ON_MODEL, { cwd });
    const report = readFileSync(path.join(cwd, 'reports/report.json'), 'utf8');
    writeFileSync(path.join(cwd, 'scenarios/start.scenario.ts'), 'export default 3;');
    expect((await seatproof(ON_MODEL, { cwd })).code).toBe(2);
    expect(readFileSync(path.join(cwd, 'reports/report.json'), 'utf8')).toBe(report);
  });
});
