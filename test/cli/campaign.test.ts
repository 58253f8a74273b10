/** `seatproof campaign`: what it prints, saves and returns. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { LONG } from '../long.ts';
import { begin, project, seatproof } from './seatproof.ts';

const EARLY = ['campaign', '--design', 's1-before', '--seed', '7', '--runs', '30'];

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

/** The recommended rule, but one call in the life of a thread throws. */
const ONCE = `import { decide, design, recommended } from 'seatproof';
let calls = 0;
export default design({
  name: 'once',
  policy: recommended,
  serve: ({ store, policy, storeNow }) => {
    const handle = (command) => {
      calls += 1;
      if (calls === 100) throw new Error('only once');
      return store.update(command.scope, (seat) => {
        const { seat: next, reply } = decide(seat, command.scope, command, policy, storeNow());
        return { seat: next, result: reply };
      });
    };
    return { start: handle, heartbeat: handle, end: handle, status: handle, sweep: () => ({ type: 'swept', sessions: [] }) };
  },
});
`;

/** The rule of a license that refuses a second device, with its sessions in a variable of the module. */
const SHARED = `import { adjust, design, recommended } from 'seatproof';
const sessions = new Map();
export default design({
  name: 'shared',
  policy: adjust(recommended, { onConflict: 'refuse' }),
  serve: ({ storeNow }) => {
    const liveIn = (license) => {
      const known = sessions.get(license);
      return known !== undefined && storeNow() - known.beat < 60_000 ? known : undefined;
    };
    return {
      start: ({ scope: { license }, device, session }) => {
        const live = liveIn(license);
        if (live !== undefined && live.device !== device) return { type: 'refused' };
        sessions.set(license, { device, session, beat: storeNow() });
        return { type: 'granted' };
      },
      heartbeat: ({ scope: { license }, session }) => {
        const live = liveIn(license);
        if (live?.session !== session) return { type: 'gone' };
        live.beat = storeNow();
        return { type: 'renewed' };
      },
      end: ({ scope: { license }, session }) => {
        if (liveIn(license)?.session === session) sessions.delete(license);
        return { type: 'ended' };
      },
    };
  },
});
`;

interface CampaignJson {
  readonly outcome: string;
  readonly inconclusive: readonly string[];
  readonly runs: number;
  readonly wall_ms: number;
  readonly found: readonly [{ readonly code: string; readonly run: number; readonly file: string }];
  readonly unconfirmed: readonly { readonly code: string }[];
}

describe.concurrent('seatproof campaign', () => {
  test('finds the worst that breaks, saves each finding, and what it saved breaks again', async () => {
    const cwd = project();
    const { code, stdout, stderr } = await seatproof(EARLY, { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    // The three worst in full, and the others in one line each.
    expect(stdout.match(/^✗ s1-before: P\d+ [a-z -]+$/gm)).toHaveLength(3);
    expect(stdout).toMatch(/^✗ s1-before: P1 one holder$/m);
    expect(stdout).toMatch(/^✗ P\d+ [a-z -]+ {2}\d+ steps? +reports\/findings\/P\d+-s1-before-7-\d+\.scenario\.ts$/m);
    expect(stdout).toMatch(/^ {2}found +by run \d+; \d+ steps, shrunk from \d+ by playing \d+ others$/m);
    expect(stdout).toMatch(/^✗ s1-before: P1, .* broke in 30 runs, /m);
    expect(stdout).toMatch(/^ {10}P8 not judged: the design keeps its sessions in one store$/m);
    expect(stdout).toMatch(/^ {2}steps +each statement of the store is one step/m);
    expect(stdout).toMatch(/^ {2}seed +0x00000007$/m);
    const files = readdirSync(path.join(cwd, 'reports/findings'));
    for (const file of files) expect(stdout).toContain(`reports/findings/${file}`);
    const again = await seatproof(['run', 'reports/findings', '--on', 'model', '--reporter', 'terminal'], { cwd });
    expect(again.code).toBe(1);
    expect(again.stdout).toContain(`✗ ${files.length} of ${files.length} scenarios failed`);
  });

  test.runIf(LONG)('stops at the first run that breaks something, with --bail', async () => {
    const { stdout } = await seatproof([...EARLY, '--bail', '--json'], { cwd: project() });
    const { runs, found } = JSON.parse(stdout) as CampaignJson;
    expect(runs).toBeLessThan(30);
    expect(found.map(({ run }) => run)).toEqual(found.map(() => runs));
  });

  test.runIf(LONG)('finds the same with one worker, with two workers, and when one run is replayed', async () => {
    const cwd = project();
    const told = async (...args: readonly string[]): Promise<Omit<CampaignJson, 'wall_ms'>> => {
      const { stdout } = await seatproof([...args, '--json'], { cwd });
      const { wall_ms: _, ...rest } = JSON.parse(stdout) as CampaignJson;
      return rest;
    };
    const alone = await told(...EARLY, '--workers', '1');
    expect(await told(...EARLY, '--workers', '2')).toEqual(alone);
    const [worst] = alone.found;
    const one = await told('campaign', '--design', 's1-before', '--seed', '0x7', '--run', String(worst.run));
    expect(one.found[0]).toEqual(worst);
  });

  test.runIf(LONG)('is inconclusive where what broke does not break again', async () => {
    const cwd = project({ 'once.ts': ONCE });
    const { code, stdout } = await seatproof(
      ['campaign', '--design', './once.ts', '--runs', '50', '--seed', '1', '--workers', '1', '--faults', 'none'],
      { cwd },
    );
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /P0 service answers broke in run \d+ and did not break again when that run was replayed/,
    );
    expect(stdout).toMatch(/^ {2}replay +.*campaign --design \.\/once\.ts --seed 0x00000001 --faults none --run \d+$/m);
    expect(code).toBe(4);
  });

  test.runIf(LONG)('is inconclusive where a finding needs the state that earlier runs left in the module', async () => {
    const cwd = project({ 'shared.ts': SHARED });
    const args = ['campaign', '--design', './shared.ts', '--seed', '1', '--workers', '1', '--faults', 'none'];
    const { code, stdout } = await seatproof([...args, '--runs', '50'], { cwd });
    const report = stdout.replaceAll(/\s+/g, ' ');
    const why =
      /(P\d+) [a-z -]+ broke in run (\d+) and did not break again when that run was replayed in a new thread; /;
    expect(report).toMatch(why);
    expect(report).toContain('the service probably keeps state outside of serve()');
    expect(report).not.toContain('✗');
    expect(code).toBe(4);
    const [, law = '', run = ''] = why.exec(report) ?? [];
    const { stdout: alone } = await seatproof([...args, '--run', run, '--json'], { cwd });
    expect((JSON.parse(alone) as CampaignJson).found.map((each) => each.code)).not.toContain(law);
  });

  test.runIf(LONG)('does not call P0 kept where replies are invalid', async () => {
    const cwd = project({
      'raw.ts': `import { design, recommended } from 'seatproof';
const ok = () => ({ ok: true });
export default design({ name: 'raw', policy: recommended, serve: () => ({ start: ok, heartbeat: ok, end: ok }) });
`,
    });
    const { code, stdout } = await seatproof(['campaign', '--design', './raw.ts', '--runs', '30'], { cwd });
    expect(stdout).toMatch(/^ {2}laws +broken: P0 \(30 runs\)$/m);
    expect(stdout).not.toMatch(/kept:.* P0\b/);
    expect(code).toBe(1);
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
    // The command reads the design first, then each thread does, and threads begin after signals are listened for.
    const cwd = project({
      'loops.ts': `import { appendFileSync } from 'node:fs';\nappendFileSync('read', '+');\n${LOOPS}`,
      read: '',
    });
    const running = begin(['campaign', '--design', './loops.ts', '--runs', '1000000'], { cwd });
    while (readFileSync(path.join(cwd, 'read'), 'utf8').length < 2)
      await new Promise((resolve) => setTimeout(resolve, 50));
    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stdout).toMatch(/nothing broke in \d+ runs?, .*, then it was interrupted|no run was played/);
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
