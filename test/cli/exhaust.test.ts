/** `seatproof exhaust` as one types it: exit codes, what is printed, and the certificate. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LONG } from '../long.ts';
import { inProcess } from './in-process.ts';
import { project, seatproof } from './seatproof.ts';

/** The rules of core as a service of the user's own, which answers at once. */
const service = (
  more: string,
  policy = 'recommended',
): string => `import { decide, design, recommended } from 'seatproof';
export default design({
  name: 'mine',
  policy: ${policy},
  ${more}
  serve: ({ seats, policy, storeNow }) => {
    const handle = (command: any): any => {
      const { seat, reply } = decide(seats.read(command.scope), command.scope, command, policy, storeNow());
      seats.write(command.scope, seat);
      return reply;
    };
    return { start: handle, heartbeat: handle, end: handle, status: handle, sweep: () => ({ type: 'swept', sessions: [] }) };
  },
});
`;

describe('seatproof exhaust', () => {
  it('proves, and writes a certificate that can be verified', async () => {
    const cwd = project({});
    const flags = ['exhaust', '--design', 's2-repaired', '--kinds', 'crash', '--certificate', 'proof.json'];
    const proved = await seatproof(flags, { cwd });
    expect(proved.stdout).toMatch(/^✓ s2-repaired, 2 devices, 1 fault, in units of 5s: every state was searched/);
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
    expect(readdirSync(cwd)).not.toContain('reports');
  });

  it.runIf(LONG)('searches a design of the user’s own, whose certificate is of the bytes of its file', async () => {
    const cwd = project({ 'mine/service.ts': service('') });
    const flags = [
      'exhaust',
      '--design',
      'mine/service.ts',
      '--devices',
      '1',
      '--faults',
      '0',
      '--certificate',
      'proofs/mine.json',
    ];
    const proved = await seatproof(flags, { cwd });
    expect(proved).toMatchObject({ code: 0, stderr: 'written: proofs/mine.json\n' });
    expect(proved.stdout).toMatch(/^✓ mine, 1 device, 0 faults/);
    // It is found again from anywhere.
    const verified = await seatproof(['exhaust', '--verify', '../proofs/mine.json'], { cwd: path.join(cwd, 'mine') });
    expect(verified).toMatchObject({ code: 0 });

    appendFileSync(path.join(cwd, 'mine/service.ts'), '// Who knows what this does.\n');
    const changed = await seatproof(['exhaust', '--verify', 'proofs/mine.json', '--json'], { cwd });
    expect(JSON.parse(changed.stdout)).toMatchObject({
      seatproof: 'exhaust-verify',
      same: false,
      differences: [expect.stringMatching(/^the hash of the design: /)],
    });
    expect(changed.code).toBe(1);
  });

  it.runIf(LONG)('saves the counterexample to a design of one’s own as a scenario that fails on it', async () => {
    const cwd = project({ 'service.ts': service('client: { fence: null },') });
    const found = await seatproof(['exhaust', '--design', './service.ts', '--kinds', 'cut', '--json'], { cwd });
    expect(found.code).toBe(1);
    const told = JSON.parse(found.stdout) as { readonly laws: unknown; readonly played: { readonly scenario: string } };
    expect(told).toMatchObject({
      seatproof: 'exhaust',
      design: './service.ts',
      result: 'broken',
      laws: [
        { name: 'service answers' },
        { name: 'one worker', outcome: 'broken', steps: expect.arrayContaining(['device 2 is started']) },
        {},
      ],
      played: { scenario: 'reports/findings/P2-mine-exhaust.scenario.ts', history: 'reports/exhaust/mine.jsonl' },
    });
    const run = await seatproof(['run', '--on', 'model', told.played.scenario], { cwd });
    expect(run.stdout).toContain('P2 one worker broke');
    expect(run.code).toBe(1);
  });

  describe('of a service that answers a heartbeat with an invalid reply', () => {
    const unanswered = (more: string): string =>
      service(more).replace('heartbeat: handle,', `heartbeat: () => ({ type: 'renewed', expiry: 'tomorrow' }) as any,`);
    const flags = ['exhaust', '--design', './service.ts', '--faults', '0'];

    it('reports P0 with the requests that lead there, and saves a scenario that fails on it', async () => {
      const cwd = project({ 'service.ts': unanswered('') });
      const { stdout, code } = await seatproof([...flags, '--json'], { cwd });
      expect(JSON.parse(stdout)).toMatchObject({
        result: 'broken',
        laws: [
          {
            name: 'service answers',
            outcome: 'broken',
            steps: expect.arrayContaining(['the heartbeat of device 1 arrives']),
          },
          { name: 'one worker', outcome: 'open' },
          {},
        ],
        played: {
          law: 'P0',
          finding: {
            message: 'the service answered a heartbeat of laptop with an invalid reply',
            why: expect.stringContaining("expiry is 'tomorrow'"),
          },
        },
      });
      expect(code).toBe(1);
      const run = await seatproof(['run', '--on', 'model', 'reports/findings/P0-mine-exhaust.scenario.ts'], { cwd });
      expect(run.stdout).toContain('P0 service answers broke at 20s');
      expect(run.code).toBe(1);
    });

    it.runIf(LONG)('passes where the design declares that P0 breaks', async () => {
      const { stdout, code } = await seatproof(flags, {
        cwd: project({ 'service.ts': unanswered(`breaks: ['P0'],`) }),
      });
      expect(stdout).toContain('expected to break (declared by the design)');
      expect(stdout).toContain(`fix     return for example { type: 'renewed'`);
      expect(code).toBe(0);
    });

    it.runIf(LONG)('reports it in place of a figure that is to be found', async () => {
      const cwd = project({ 'service.ts': unanswered('') });
      const { stdout, code } = await seatproof([...flags, '--solve', 'fence'], { cwd });
      expect(stdout).toContain("'service answers' broke");
      expect(stdout).not.toContain('longest fence');
      expect(code).toBe(1);
    });
  });

  it('is inconclusive where the counterexample does not break again in the world', async () => {
    // The search always draws 0, and a world nearly never does.
    const lucky = service('')
      .replace('({ seats, policy, storeNow })', '({ seats, policy, storeNow, random })')
      .replace(
        'const { seat, reply } = decide(seats.read(command.scope),',
        `const known = seats.read(command.scope);
      const opens = command.type === 'start' && known.latest !== null && random() === 0;
      const seen = opens ? { ...known, latest: { ...known.latest, standing: { type: 'released' } } } : known;
      const { seat, reply } = decide(seen as typeof known,`,
      );
    const cwd = project({ 'service.ts': lucky });
    const { stdout, stderr, code } = await seatproof(['exhaust', '--design', './service.ts', '--faults', '0'], { cwd });
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /^\? mine, .*: inconclusive why the counterexample below did not break 'one worker' when it was replayed in the world;/,
    );
    expect(stdout).toContain("the shortest way to break 'one worker':");
    expect({ stderr, code }).toEqual({ stderr: '', code: 4 });
  });

  it('is inconclusive where the steps of the counterexample have an order that real time does not allow', async () => {
    const figures = 'heartbeat: 2000, timeout: 3000, fence: 3000, requestTimeout: 1000, stopTime: 1000';
    const policy = `{ ...recommended, onConflict: 'refuse', retries: 0, ${figures} } as any`;
    const cwd = project({ 'service.ts': service("client: { pace: 'after-answer', onGone: 'work-on' },", policy) });
    const flags = ['exhaust', '--design', './service.ts', '--kinds', 'delay', '--latency', '1s'];
    const { stdout, code } = await seatproof(flags, { cwd });
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'inconclusive why the steps of the counterexample below cannot come in this order in real time.',
    );
    expect(code).toBe(4);
  });

  it('is inconclusive where no session ever begins', async () => {
    const failing = service('').replace(
      'return { start: handle,',
      `const failed = (): any => ({ type: 'failed', why: 'store', message: 'no table' });
    return { start: failed,`,
    );
    const cwd = project({ 'service.ts': failing });
    const { stdout, code } = await seatproof(['exhaust', '--design', './service.ts', '--faults', '0', '--json'], {
      cwd,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'inconclusive',
      inconclusive: 'no session ever began, so no property was tested',
    });
    expect(code).toBe(4);
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
    const [command = ''] = /npx seatproof run .*/.exec(stdout) ?? [];
    const run = await seatproof(command.split(' ').slice(2), { cwd });
    expect(run.stdout).toContain('P2 one worker broke');
    expect(run.code).toBe(1);
  });

  it.each(LONG ? [2] : [])(
    'proves that a license has no more sessions than it may over %d symbols, and certifies it',
    async () => {
      const perSymbol = "{ ...recommended, scope: 'license-and-symbol', licenseLimit: 2 }";
      const cwd = project({ 'service.ts': service('', perSymbol) });
      const flags = ['exhaust', '--design', './service.ts', '--symbols', '2', '--faults', '0'];
      const proved = await seatproof([...flags, '--certificate', 'proof.json'], { cwd });
      expect(proved.stdout).toMatch(/^✓ mine, 2 devices, 2 symbols, 0 faults/);
      expect(proved.stdout).toContain('✓ scope sums: kept');
      expect(proved.code).toBe(0);
      const file = path.join(cwd, 'proof.json');
      const text = readFileSync(file, 'utf8');
      expect(JSON.parse(text)).toMatchObject({ options: { symbols: 2 } });
      const verified = await seatproof(['exhaust', '--verify', 'proof.json'], { cwd });
      expect(verified.stdout).toMatch(/^✓ proof\.json is as it was: proved, /);
      expect(verified.code).toBe(0);

      // One that was written before there were two symbols speaks of one.
      writeFileSync(file, text.replace(/"symbols": 2,/, ''));
      const refuted = await seatproof(['exhaust', '--verify', 'proof.json'], { cwd });
      expect(refuted.stdout).toMatch(/laws: .*scope sums.* in the certificate, /);
      expect(refuted.code).toBe(1);
    },
  );

  it.runIf(LONG)(
    'saves a license with more sessions than it may have as a scenario that breaks scope sums',
    async () => {
      const cwd = project({});
      const flags = ['exhaust', '--design', 's2-after', '--symbols', '2', '--faults', '0'];
      const found = await seatproof([...flags, '--json'], { cwd });
      expect(found.code).toBe(1);
      const told = JSON.parse(found.stdout) as { readonly played: { readonly scenario: string } };
      expect(told).toMatchObject({
        model: 's2-after, 2 devices, 2 symbols, 0 faults, in units of 5s',
        laws: [
          { name: 'one worker', outcome: 'open' },
          { name: 'scope sums', outcome: 'broken', steps: expect.arrayContaining(['device 2 is started on GBPUSD']) },
          {},
        ],
        played: { law: 'P21', overlap_ms: 0, scenario: 'reports/findings/P21-s2-after-exhaust.scenario.ts' },
      });
      const run = await seatproof(['run', '--on', 'model', told.played.scenario], { cwd });
      expect(run.stdout).toContain('P21 scope sums broke');
      expect(run.code).toBe(1);

      const { stdout } = await inProcess(flags, { cwd });
      expect(stdout).toContain("the shortest way to break 'scope sums':");
      expect(stdout).toContain('again in the world: license L1 had 2 live sessions and its limit is 1');
    },
  );

  it('is inconclusive where it met a bound', async () => {
    const { stdout, code } = await seatproof(['exhaust', '--max-states', '100'], { cwd: project({}) });
    expect(stdout).toMatch(/^\? recommended.*inconclusive, because the search met its bound of 100 distinct states/);
    expect(code).toBe(4);
  });

  it.each([
    { flags: ['--devices', '4'], message: '--devices: there are 1 to 3, not 4' },
    ...['0', '3', '1.5', 'x'].map((symbols) => ({
      flags: ['--symbols', symbols],
      message: `--symbols: there are 1 or 2, not ${symbols}\ntry: seatproof exhaust --design s2-after --symbols 2`,
    })),
    { flags: ['--symbols', '2'], message: "leave out --symbols, or give a design with scope: 'license-and-symbol'" },
    { flags: ['--symbols', '2', '--solve', 'fence'], message: "'--symbols <n>' cannot be used with option '--solve" },
    { flags: ['--verify', 'half.json', '--symbols', '2'], message: "'--verify <file>' cannot be used with option" },
    { flags: ['--unit', '2m'], message: 'a unit of 2m does not suit a timeout of 1m' },
    { flags: ['--drift', '20%'], message: '--drift: a clock that is 20% off is no clock' },
    { flags: ['--verify', 'nothing.json'], message: "the certificate 'nothing.json' cannot be read" },
    { flags: ['--verify', 'half.json'], message: 'half.json: this is no certificate: it is no JSON, or not the whole' },
    { flags: ['--verify', 'package.json'], message: 'this is no certificate: it does not say that it is one' },
    { flags: ['--verify', 'later.json'], message: 'it is of version 2, and this is seatproof' },
    { flags: ['--verify', 'wrong.json'], message: 'this is no certificate: tool: ' },
    { flags: ['--verify', 'half.json', '--faults', '2'], message: "'--verify <file>' cannot be used with option" },
    { flags: ['--design', './nothing.ts'], message: "there is no file './nothing.ts'\ntry: seatproof exhaust" },
  ])('refuses $flags', async ({ flags, message }) => {
    const cwd = project({
      'half.json': '{ "seatproof": "certificate", ',
      'later.json': '{ "seatproof": "certificate", "version": 2 }',
      'wrong.json': '{ "seatproof": "certificate", "version": 1 }',
    });
    const { stderr, code } = await inProcess(['exhaust', ...flags], { cwd });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('says before the search that the certificate cannot be written', async () => {
    const { stdout, stderr, code } = await inProcess(['exhaust', '--certificate', 'package.json/proof.json'], {
      cwd: project({}),
    });
    expect(stderr).toMatch(/^error: the certificate cannot be written to 'package\.json': /);
    expect({ stdout, code }).toEqual({ stdout: '', code: 3 });
  });
});
