/** `seatproof campaign`: what it prints, saves and returns. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { begin, project, seatproof } from './seatproof.ts';

const EARLY = ['campaign', '--design', 's1-before', '--seed', '7', '--runs', '50'];

/** A service of the user's own that never comes back from an end. */
const LOOPS = `import { design, recommended } from 'seatproof';
export default design({
  name: 'loops',
  policy: recommended,
  serve: () => {
    const loop = () => { for (;;); };
    return { start: loop, heartbeat: loop, end: loop, status: loop, sweep: loop };
  },
});
`;

describe.concurrent('seatproof campaign', () => {
  test('finds what breaks, saves it, and what it saved breaks again', async () => {
    const cwd = project();
    const { code, stdout, stderr } = await seatproof(EARLY, { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^✗ s1-before: P\d+ /);
    expect(stdout).toMatch(/^ {2}found +by run \d+; \d+ steps, minimised from \d+ by playing \d+ others$/m);
    expect(stdout).toMatch(/^ {2}seed +0x00000007$/m);
    const [file = ''] = readdirSync(path.join(cwd, 'reports/findings'));
    expect(stdout).toContain(`run reports/findings/${file}`);
    const again = await seatproof(
      ['run', path.join('reports/findings', file), '--on', 'model', '--reporter', 'terminal'],
      { cwd },
    );
    expect(again.code).toBe(1);
    expect(again.stdout).toContain(file.split('-')[0] ?? '');
  });

  test('comes to the same with one worker and with three, and by the number of the run', async () => {
    const cwd = project();
    const told = async (...args: readonly string[]): Promise<object> => {
      const { stdout } = await seatproof([...EARLY, '--json', ...args], { cwd });
      const { wall_ms: _, ...rest } = JSON.parse(stdout) as { wall_ms: number; found: readonly [{ run: number }] };
      return rest;
    };
    const alone = (await told('--workers', '1')) as { found: readonly [{ run: number }] };
    expect(await told('--workers', '3')).toEqual(alone);
    const { stdout } = await seatproof(
      ['campaign', '--design', 's1-before', '--seed', '0x7', '--run', String(alone.found[0].run), '--json'],
      { cwd },
    );
    expect((JSON.parse(stdout) as typeof alone).found).toEqual(alone.found);
  });

  test('says how much was tried where nothing breaks', async () => {
    const cwd = project();
    const { code, stdout } = await seatproof(['campaign', '--runs', '30', '--seed', '1', '--faults', 'none'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^✓ recommended: nothing broke in 30 runs, [\d.]+ hours of simulated time and \d+ commands in [\d.]+ s$/m,
    );
    expect(stdout).toContain('with 95 % confidence, fewer than 9.5 % of such runs break anything (1 − 0.05^(1/30))');
    expect(existsSync(path.join(cwd, 'reports'))).toBe(false);
  });

  test('ends when its time is up', async () => {
    const cwd = project();
    const { code, stdout } = await seatproof(['campaign', '--seed', '5', '--for', '1s'], { cwd });
    // On a slow machine a second is over before the first run is.
    expect(stdout).toMatch(/^✓ recommended: nothing broke in [\d,]+ runs?, |no run was played/);
    expect(code).toBe(stdout.startsWith('✓') ? 0 : 4);
  });

  test('ends when it is interrupted, also in the middle of a design that loops, and tells what was done', async () => {
    // A thread reads the design, and there are threads only once signals are listened for.
    const cwd = project({
      'loops.ts': `import { writeFileSync } from 'node:fs';\nwriteFileSync('read', '');\n${LOOPS}`,
    });
    const running = begin(['campaign', '--design', './loops.ts', '--runs', '1000000'], { cwd });
    while (!existsSync(path.join(cwd, 'read'))) await new Promise((resolve) => setTimeout(resolve, 50));
    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stdout).toMatch(/nothing broke in \d+ runs?, .*, then it was ended|no run was played/);
    expect(ended.stderr).toMatch(/^interrupted by SIGINT: [\d,]+ runs? w/);
  });

  test('refuses a module that exports no design, with its place', async () => {
    const cwd = project({ 'service.ts': 'export default 1;\n', 'broken.ts': 'export default (;\n' });
    const none = await seatproof(['campaign', '--design', './service.ts'], { cwd });
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(
      /^error: service\.ts: the default export is not a design; write for example export default design\(/,
    );
    const broken = await seatproof(['campaign', '--design', './broken.ts'], { cwd });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/^error: broken\.ts:1: the file does not compile/);
    expect(readFileSync(path.join(cwd, 'service.ts'), 'utf8')).toBe('export default 1;\n');
  });
});
