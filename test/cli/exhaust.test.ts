/** `seatproof exhaust` as one types it: exit codes, what is printed, and the certificate. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { project, seatproof } from './seatproof.ts';

describe('seatproof exhaust', () => {
  it('proves, and writes a certificate that can be verified', async () => {
    const cwd = project({});
    const flags = ['exhaust', '--kinds', 'crash', '--certificate', 'proof.json'];
    const proved = await seatproof(flags, { cwd });
    expect(proved.stdout).toMatch(/^✓ recommended, 2 devices, 1 faults, in units of 5s: every state was searched/);
    expect(proved.code).toBe(0);

    const verified = await seatproof(['exhaust', '--verify', 'proof.json'], { cwd });
    expect(verified.stdout).toMatch(/^✓ proof\.json is as it was: proved, /);
    expect(verified.code).toBe(0);

    const file = path.join(cwd, 'proof.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/"distinct": \d+/, '"distinct": 7'));
    const refuted = await seatproof(['exhaust', '--verify', 'proof.json'], { cwd });
    expect(refuted.stdout).toMatch(/✗ proof\.json is not what a search finds now[\s\S]*distinct: 7 in the certificate/);
    expect(refuted.code).toBe(1);
  });

  it('shows the shortest counterexample, which was played again in the world', async () => {
    const cwd = project({});
    const { stdout, code } = await seatproof(['exhaust', '--design', 's3-after', '--kinds', 'cut', '--measure'], {
      cwd,
    });
    expect(stdout).toContain("the shortest way to break 'one worker':");
    expect(stdout).toContain('two devices work at once for 90s or more: no bound was found');
    expect(stdout).toContain('again in the world: two devices worked at once for 5s');
    expect(readFileSync(path.join(cwd, 'reports/exhaust/s3-after.jsonl'), 'utf8')).toContain('"work-began"');
    expect(code).toBe(1);
  });

  it('is inconclusive where it met a bound', async () => {
    const { stdout, code } = await seatproof(['exhaust', '--max-states', '100'], { cwd: project({}) });
    expect(stdout).toMatch(/^\? recommended.*inconclusive, because the search met its bound of 100 distinct states/);
    expect(code).toBe(4);
  });

  it.each([
    { flags: ['--devices', '4'], message: '--devices: there are 1 to 3, not 4' },
    { flags: ['--unit', '2m'], message: 'a unit of 2m does not suit a timeout of 1m' },
    { flags: ['--verify', 'nothing.json'], message: "the certificate 'nothing.json' cannot be read" },
  ])('refuses $flags', async ({ flags, message }) => {
    const { stderr, code } = await seatproof(['exhaust', ...flags], { cwd: project({}) });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
