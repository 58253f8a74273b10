/** `seatproof tune` as it is typed: its reports, its exit codes, and what it says of what it cannot do. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../src/cli/failures.ts';
import { runProgram } from '../../src/cli/program.ts';
import { makeHeartbeats } from '../tune/make-heartbeats.ts';
import { project, seatproof } from './seatproof.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;

interface Json {
  readonly seed: string;
  readonly recommendation: { readonly result: string; readonly heartbeat_ms: number; readonly timeout_ms: number };
  readonly grid: readonly {
    readonly heartbeat_ms: number;
    readonly timeout_ms: number;
    readonly false_expiries_per_day: number;
  }[];
  readonly simulated: readonly { readonly agreement: string }[];
  readonly grid_is: string;
}

const QUICK = [
  '--heartbeat',
  '20s,30s',
  '--timeout',
  '40s,60s,65s',
  '--heartbeats',
  '64000',
  '--spot-checks',
  '0',
  '--seed',
  '7',
];

describe.concurrent('seatproof tune', () => {
  test('--help', async ({ expect: here }) => {
    const { code, stdout } = await seatproof(['tune', '--help']);
    expect(code).toBe(0);
    await here(stdout).toMatchFileSnapshot(golden('tune.help.txt'));
  });

  test('writes JSON and a page, says what to choose and how to see it again; --json prints the same with any number of workers', async () => {
    const cwd = project({});
    const { code, stdout, stderr } = await seatproof(['tune', ...QUICK, '--claims'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('✓ heartbeat 20s, timeout 65s');
    expect(stdout).toContain('not true');
    expect(stdout).toMatch(/again +npx seatproof tune --heartbeat 20s,30s .*--claims --seed 0x00000007\n$/);
    expect(stderr).toBe('written: reports/tune.json, reports/tune.html\n');
    const text = readFileSync(path.join(cwd, 'reports/tune.json'), 'utf8');
    const json = JSON.parse(text) as Json;
    expect(json.recommendation).toMatchObject({ result: 'found', heartbeat_ms: 20_000, timeout_ms: 65_000 });
    expect(json.simulated.length).toBeGreaterThan(2);
    expect(json.grid.map(({ false_expiries_per_day: each }) => Number(each.toPrecision(2)))).toEqual([
      22, 0.22, 0.0043, 29, 14, 0.29,
    ]);
    expect(readFileSync(path.join(cwd, 'reports/tune.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);

    const elsewhere = project({});
    const printed = await seatproof(['tune', ...QUICK, '--json', '--workers', '1'], { cwd: elsewhere });
    const withoutCommand = (each: string): object => ({ ...(JSON.parse(each) as object), again: '' });
    expect(withoutCommand(printed.stdout)).toEqual(withoutCommand(text));
    expect(printed.stderr).toBe('');
    expect(existsSync(path.join(elsewhere, 'reports'))).toBe(false);
  });

  test('ends with 1 where no pair keeps every wish, and says which to relax', async () => {
    const { code, stdout } = await seatproof(
      [
        'tune',
        ...QUICK,
        '--simulate',
        'none',
        '--reporter',
        'terminal',
        '--want',
        'false-expiry<=1/day, recovery-max<=40s',
      ],
      { cwd: project({}) },
    );
    expect(code).toBe(1);
    expect(stdout).toContain('20s is the shortest heartbeat that was compared');
    expect(stdout).toContain('✗ no pair keeps every wish');
    expect(stdout).toContain('recovery-max<=40s to recovery-max<=60s (+50 %): then 20s / 60s keeps all');
  });

  test('says of a pair that keeps the wishes because hardly a session is left, that hardly one is left', async () => {
    const { stdout } = await seatproof(
      [
        'tune',
        ...QUICK,
        '--simulate',
        'none',
        '--reporter',
        'terminal',
        '--fence',
        '1s',
        '--loss',
        '60%',
        '--want',
        'writes<=100/s',
      ],
      { cwd: project({}) },
    );
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/warning a healthy session is held for dead \d\d(\.\d)? % of the time/);
    expect(text).toMatch(/warning the fence of 1s hardly reaches to the next heartbeat/);
  });

  test('simulates every pair where the closed forms are only near', async () => {
    const { stdout } = await seatproof(
      [
        'tune',
        ...QUICK,
        '--loop',
        'sequential',
        '--workers',
        '1',
        '--spot-checks',
        '1',
        '--pauses',
        'pauses(every=1h, length=exponential(mean=10s))',
        '--json',
      ],
      {
        cwd: project({}),
      },
    );
    const json = JSON.parse(stdout) as Json;
    expect(json.grid_is).toBe('simulated');
    // All six, and one of them in a world as well.
    expect(json.simulated).toHaveLength(7);
    // At 20 s with 40 s every loss is an expiry, and there are pauses too.
    expect(json.grid[0]?.false_expiries_per_day).toBeGreaterThan(35);
  });

  test('fits what a deployment recorded', async () => {
    const lines = await makeHeartbeats({ devices: 20, heartbeats: 300, seed: 1, loss: () => 0.02 });
    const cwd = project({ 'heartbeats.csv': `${lines.join('\n')}\n` });
    const { code, stdout } = await seatproof(
      ['tune', ...QUICK, '--simulate', 'none', '--reporter', 'terminal', '--observed', 'heartbeats.csv'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/observed +heartbeats\.csv, 5,8\d\d lines/);
    expect(stdout).toMatch(/network +\d\.\d+ % lost; latency one way lognormal, p50 \d\d(\.\d)?ms/);
    expect(stdout).toContain('heartbeats are few');
  });
});

interface Row {
  readonly says: string;
  readonly args: readonly string[];
  readonly code: 2 | 3;
  readonly stderr: readonly string[];
}

const rows: readonly Row[] = [
  {
    says: 'timeouts that are all within the heartbeats',
    args: ['--heartbeat', '60s', '--timeout', '20s..40s'],
    code: 2,
    stderr: ['error: --timeout 40s is not above --heartbeat 1m', 'try: seatproof tune --heartbeat 5s..30s'],
  },
  {
    says: 'a range that ends before it begins',
    args: ['--heartbeat', '60s..5s'],
    code: 2,
    stderr: ['error: --heartbeat: the range 60s..5s ends before it begins; write 5s..60s'],
  },
  {
    says: 'a loss of 100 %',
    args: ['--loss', '100%'],
    code: 2,
    stderr: ['error: --loss: 100% means that every message is lost'],
  },
  {
    says: 'an unknown distribution',
    args: ['--latency', 'lognromal(p50=80ms, p99=900ms)'],
    code: 2,
    stderr: [
      `error: --latency: 'lognromal(p50=80ms, p99=900ms)' is not known; there are constant,`,
      `Did you mean 'lognormal'?`,
    ],
  },
  {
    says: 'an unknown figure',
    args: ['--want', 'false-expiries<=1/day'],
    code: 2,
    stderr: [`there is no figure 'false-expiries'`, `Did you mean 'false-expiry'?`],
  },
  {
    says: 'retries that do not fit',
    args: ['--retries', '20'],
    code: 2,
    stderr: ['error: 21 attempts of 5s take 105s, longer than every heartbeat interval'],
  },
  {
    says: 'a request timeout longer than the heartbeats',
    args: ['--heartbeat', '2s'],
    code: 2,
    stderr: ['error: --request-timeout waits for an answer for 5s, longer than every heartbeat interval'],
  },
  {
    says: 'latencies longer than every timeout',
    args: ['--latency', '1h', '--timeout', '60s'],
    code: 2,
    stderr: ['error: --latency is 60 min on average, longer than every timeout (1m at most)'],
  },
  {
    says: 'a number that is none, where it would not be needed',
    args: ['--spot-checks', 'few', '--simulate', 'none'],
    code: 2,
    stderr: [`error: --spot-checks: 'few' is no whole number`],
  },
  {
    says: 'a number that is none',
    args: ['--devices', 'many'],
    code: 2,
    stderr: [`error: --devices: 'many' is no whole number`, 'try: seatproof tune --devices'],
  },
  {
    says: 'a file that is not there',
    args: ['--observed', 'none.csv'],
    code: 2,
    stderr: [`error: --observed: 'none.csv' cannot be read (ENOENT`],
  },
  {
    says: 'a database without a query',
    args: ['--observed', 'postgres://me:topsecret@127.0.0.1:1/db'],
    code: 2,
    stderr: ['needs --query', 'try: seatproof tune --observed postgres://'],
  },
  {
    says: 'a query without a database',
    args: ['--query', 'select 1'],
    code: 2,
    stderr: ['error: --query says what to read from --observed postgres://…, which is missing'],
  },
  {
    says: 'a database that nobody answers for, without its password',
    args: ['--observed', 'postgres://me:topsecret@127.0.0.1:1/db', '--query', 'select 1'],
    code: 3,
    stderr: ['error: no usable Postgres at 127.0.0.1:1'],
  },
  {
    says: 'an unknown reporter',
    args: ['--reporter', 'pdf'],
    code: 2,
    stderr: [`error: --reporter: there is no reporter 'pdf'; the reporters are terminal, json, html`],
  },
  {
    says: 'an unknown kind of loop',
    args: ['--loop', 'while'],
    code: 2,
    stderr: [`option '--loop <kind>' argument 'while' is invalid`, 'try: seatproof tune'],
  },
];

describe('seatproof tune refuses', () => {
  test.each(rows)('$says', async ({ args, code, stderr: parts }) => {
    // In this process, because nothing is done before all of it is read.
    const refusal = await runProgram(['tune', ...args], () => undefined).then(
      () => null,
      (error: unknown) => failureOf(error),
    );
    expect(refusal?.code).toBe(code);
    for (const part of parts) expect(refusal?.text).toContain(part);
    expect(refusal?.text).not.toMatch(/^ +at /m);
    expect(refusal?.text).not.toContain('topsecret');
  });
});
