/** `seatproof race` from the command line: what it finds, saves and plays again, and what it says of wrong input. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { failureOf } from '../../src/cli/failures.ts';
import { runProgram } from '../../src/cli/program.ts';
import { project, seatproof } from './seatproof.ts';

const onServer = (): readonly string[] => ['--postgres', inject('postgresUrl')];

describe.concurrent('a race', () => {
  test('in memory needs no database: what is one step is proved', async () => {
    const { code, stdout } = await seatproof(['race', '--on', 'memory', '--calls', 'start,start,heartbeat,end']);
    expect(stdout).toContain('✓ recommended: 2 starts, 1 heartbeat and 1 end at once on a seat with a live holder');
    expect(stdout).toContain('played  24 orders');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('memory: at most one holder; ');
    expect(code).toBe(0);
  });

  test('in memory, a server that checks and then claims lets two in', async () => {
    const cwd = project({});
    const { code, stdout } = await seatproof(['race', '--on', 'memory', '--design', 's0-after'], { cwd });
    expect(stdout).toMatch(/P1 one holder broke at 0s/);
    expect(code).toBe(1);
    const again = await seatproof(['race', '--replay', 'reports/races/s0-after-P1.race.json'], { cwd });
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('claim');
  });

  test('on Postgres: found, drawn, saved and played again', async () => {
    const cwd = project({});
    const args = ['race', '--design', 's0-after', '--calls', 'start,start', '--lanes', '1', ...onServer()];
    const { code, stdout } = await seatproof(args, { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('played  16 orders, one for each class of equivalent ones among at most 20');
    expect(stdout).toContain('the same schedule breaks P9 P12 P17');
    const file = path.join(cwd, 'reports/races/s0-after-P1.race.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      seatproof: 'race',
      law: 'P1',
      schedule: '0 0 1 1 1 0',
    });
    const again = await seatproof(['race', '--replay', file, ...onServer()], { cwd });
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('P1 one holder broke at 0s');
    // Of another order nothing breaks.
    const calm = project({ 'calm.race.json': readFileSync(file, 'utf8').replace('0 0 1 1 1 0', '0 0 0 1 1') });
    const kept = await seatproof(['race', '--replay', 'calm.race.json', ...onServer()], { cwd: calm });
    expect(kept.stdout).toContain('✓ P1 does not break any more');
    expect(kept.code).toBe(0);
  });

  test('a bound that is met is inconclusive', async () => {
    const args = ['race', '--design', 's3-locked', '--max-schedules', '2', '--lanes', '1', ...onServer()];
    const { code, stdout } = await seatproof(args, { cwd: project({}) });
    expect(stdout).toContain('inconclusive: the bound of 2 schedules was met');
    expect(code).toBe(4);
  });

  test('a service of a user’s own that cannot be raced is told by its call and its statement', async () => {
    const cwd = project({
      'mine.design.ts': DESIGN.replace(
        'BODY',
        `await pool.query('SELECT wrong FROM seats'); return { type: 'ended' };`,
      ),
    });
    const { code, stdout } = await seatproof(['race', '--design', 'mine.design.ts', '--lanes', '1', ...onServer()], {
      cwd,
    });
    expect(stdout).toContain('mine.design.ts cannot be raced');
    expect(stdout).toMatch(/desktop: start says a statement that the server refuses.*SELECT wrong FROM seats/s);
    expect(code).toBe(1);
  });

  test('a pool of a module that connects to DATABASE_URL is raced, on one lane', async () => {
    const cwd = project({ 'db.ts': MODULE_POOL, 'mine.design.ts': ON_MODULE_POOL });
    const { code, stdout } = await seatproof(['race', '--design', 'mine.design.ts', ...onServer()], { cwd });
    expect(stdout).toContain('broken  P1 in');
    expect(code).toBe(1);
    const file = path.join('reports', 'races', 'mine-P1.race.json');
    const again = await seatproof(['race', '--replay', file, ...onServer()], { cwd });
    expect(again.stdout).toContain('P1 one holder broke');
  });

  test('a pool that reads DATABASE_URL in a request is rejected where there are several lanes', async () => {
    const late = `${MODULE_POOL.split('\n')[0] ?? ''}
let opened;
export const pool = { query: (...args) => (opened ??= new pg.Pool({ connectionString: process.env.DATABASE_URL })).query(...args) };`;
    const cwd = project({ 'db.ts': late, 'mine.design.ts': ON_MODULE_POOL });
    const args = ['race', '--design', 'mine.design.ts', ...onServer()];
    const two = await seatproof([...args, '--lanes', '2'], { cwd });
    expect(two.stdout).toContain('race with --lanes 1');
    const one = await seatproof([...args, '--lanes', '1'], { cwd });
    expect(one.stdout).toContain('broken  P1 in');
  });

  test('without control', async () => {
    const args = ['race', '--free', '--for', '300ms', '--design', 's3-locked', '--lanes', '1', ...onServer()];
    const { code, stdout } = await seatproof(args, { cwd: project({}) });
    expect(stdout).toMatch(/✓ s3-locked: 2 starts at once .*, without control/);
    expect(stdout).toContain('which proves nothing');
    expect(code).toBe(0);
  });
});

/** As an application opens its database once, in a module of its own. */
const MODULE_POOL = `import pg from '${path.resolve('node_modules/pg/esm/index.mjs')}';
export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
`;

const ON_MODULE_POOL = `import { adjust, design, recommended } from 'seatproof';
import { pool } from './db.ts';
export default design({
  name: 'mine',
  policy: adjust(recommended, { name: 'mine', onConflict: 'refuse' }),
  sql: {
    tables: "CREATE TABLE seats (license text, device text); INSERT INTO seats VALUES ('L1', NULL)",
    service: () => ({
      start: async ({ scope: { license }, device }) => {
        const { rows } = await pool.query('SELECT device FROM seats WHERE license = $1', [license]);
        if (rows[0].device !== null) return { type: 'refused' };
        await pool.query('UPDATE seats SET device = $2 WHERE license = $1', [license, device]);
        return { type: 'granted' };
      },
    }),
  },
});
`;

const DESIGN = `import { design, recommended } from 'seatproof';
export default design({
  name: 'mine',
  policy: recommended,
  sql: {
    tables: 'CREATE TABLE seats (license text)',
    service: ({ pool }) => ({ start: async () => { BODY } }),
  },
});
`;

const wrong: readonly { says: string; args: readonly string[]; stderr: string; files?: Record<string, string> }[] = [
  {
    says: 'an unknown design',
    args: ['--design', 's9'],
    stderr: `there is no design 's9'; there are recommended,`,
  },
  {
    says: 'a design in SQL in memory',
    args: ['--on', 'memory', '--design', 's1-sweep-before'],
    stderr: 's1-sweep-before is a design in SQL, which runs on a Postgres only; race it with --on postgres',
  },
  {
    says: 'a design without SQL on Postgres',
    args: ['--on', 'postgres', '--design', 'toctou-admit'],
    stderr: 'has no SQL to race on a Postgres; race it with --on memory',
  },
  {
    says: 'a call of a request that the service does not have',
    args: ['--on', 'memory', '--design', 's0-after', '--calls', 'start,sweep'],
    stderr: 's0-after has no sweep request',
  },
  {
    says: 'a file that is not there',
    args: ['--design', './none.design.ts'],
    stderr: `there is no file './none.design.ts'`,
  },
  {
    says: 'a file that exports something else',
    args: ['--design', 'other.design.ts'],
    files: { 'other.design.ts': 'export default 1;\n' },
    stderr: 'other.design.ts: the default export is not a design',
  },
  {
    says: 'SQL without tables',
    args: ['--design', 'bare.design.ts'],
    files: {
      'bare.design.ts': `import { design, recommended } from 'seatproof';\nexport default design({ name: 'bare', policy: recommended, sql: {} } as never);\n`,
    },
    stderr: `sql of the design 'bare' needs tables`,
  },
  { says: 'an unknown call', args: ['--calls', 'start,stop'], stderr: `there is no call 'stop'; the calls are start,` },
  {
    says: 'a device where there is none',
    args: ['--calls', 'sweep:laptop'],
    stderr: 'only a start and a takeover name a device',
  },
  { says: 'an unknown device', args: ['--calls', 'start:toaster'], stderr: `there is no device 'toaster'` },
  {
    says: 'too many calls',
    args: ['--calls', 'start,start,start,start,start,start'],
    stderr: '6 calls at once have more orders than can be played',
  },
  {
    says: 'a heartbeat of nobody',
    args: ['--on', 'memory', '--calls', 'heartbeat', '--seat', 'fresh'],
    stderr: 'write --seat live',
  },
  { says: 'an unknown seat', args: ['--seat', 'dead'], stderr: `--seat: there is no state 'dead'` },
  { says: 'an unknown level', args: ['--isolation', 'snapshot'], stderr: `--isolation: there is no level 'snapshot'` },
  { says: 'an unknown extra step', args: ['--extra', 'fire'], stderr: `--extra: there is no step 'fire'` },
  { says: 'no number', args: ['--max-schedules', '0'], stderr: `'0' is no count` },
  { says: 'two ways at once', args: ['--prove', '--free'], stderr: '--prove and --free cannot be combined' },
  {
    says: 'a database where there is none',
    args: ['--on', 'memory', '--postgres', 'container'],
    stderr: '--on memory needs none',
  },
  {
    says: 'a schedule that is not there',
    args: ['--replay', 'none.json'],
    stderr: `the schedule 'none.json' cannot be read`,
  },
  {
    says: 'a file that is no schedule',
    args: ['--replay', 'other.json'],
    files: { 'other.json': '{"seatproof":"history"}' },
    stderr: `other.json: this is no schedule that can be played again: it says seatproof: 'history'`,
  },
];

describe('wrong input', () => {
  test.each(wrong)('$says', async ({ args, stderr, files = {} }) => {
    const folder = project(files);
    // Not as a process of its own, because there are many; that a UsageError ends one with code 2 is tested elsewhere.
    const placed = args.map((arg) => (arg in files ? path.join(folder, arg) : arg));
    const refusal = await runProgram(['race', ...placed, '--no-color'], () => undefined).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ name: 'UsageError' });
    expect(failureOf(refusal)).toMatchObject({ code: 2, text: expect.stringContaining(stderr) as string });
  });
});
