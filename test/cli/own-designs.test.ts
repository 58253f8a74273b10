/** Designs of users in every command: what each can be used for, how it is played, and what it declares to break. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { LONG } from '../long.ts';
import { checksFirst, OPEN_SCENARIOS, PLAIN, TOKENS } from './services.ts';
import { project, seatproof, type Ended } from './seatproof.ts';

const onServer = (): readonly string[] => ['--postgres', inject('postgresUrl')];
const FILES = {
  'plain.ts': PLAIN,
  'tokens.ts': TOKENS,
  'naive.ts': checksFirst(),
  'open.scenario.ts': OPEN_SCENARIOS,
};

/** On one line, as it may be wrapped anywhere. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe.concurrent('designs FILE', () => {
  test('sends the requests of a service in process, and names the laws that need what it does not tell', async () => {
    const { code, stdout } = await seatproof(['designs', './plain.ts'], { cwd: project(FILES) });
    const told = flat(stdout);
    expect(told).toContain('start → granted: does not tell session, term, expiry, replaced, notice, credential');
    expect(told).toContain('heartbeat → renewed: does not tell');
    expect(told).toContain('not P15: the service does not tell how long to wait');
    expect(told).toContain('not exhaust: it answers by promises');
    expect(told).toContain('no status, sweep');
    expect(code).toBe(0);
  });

  test('sends those of a service in SQL to a Postgres', async () => {
    const { code, stdout } = await seatproof(['designs', './tokens.ts', '--json', ...onServer()], {
      cwd: project(FILES),
    });
    const { replies, laws } = JSON.parse(stdout) as {
      replies: readonly { request: string; type: string; tells: readonly string[] }[];
      laws: readonly { code: string; judged: boolean; why: string | null }[];
    };
    expect(replies).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ request: 'start', type: 'granted', tells: ['credential'] }),
        expect.objectContaining({ request: 'start', type: 'refused', tells: ['retryAfter'] }),
        expect.objectContaining({ request: 'heartbeat', type: 'renewed', tells: ['credential'] }),
        expect.objectContaining({ request: 'end', type: 'ended' }),
      ]),
    );
    expect(laws.find(({ code: law }) => law === 'P15')).toMatchObject({ judged: true, why: null });
    expect(laws.find(({ code: law }) => law === 'P3')?.why).toBe('the service does not tell the term');
    expect(code).toBe(0);
  });

  test('names the error of a service that throws', async () => {
    const throws = PLAIN.replace(
      'const carryOut = (command) =>',
      `const carryOut = (command) => { throw new Error('no table'); };\nconst other = (command) =>`,
    );
    const { stdout } = await seatproof(['designs', './throws.ts'], { cwd: project({ 'throws.ts': throws }) });
    expect(stdout).toContain('a start was answered failed: no table');
  });
});

describe.concurrent('run --design', () => {
  test('names what was not judged, skips what cannot be played or judged, and passes', async () => {
    const cwd = project(FILES);
    const args = ['run', 'open.scenario.ts', '--design', './plain.ts', '--reporter', 'terminal,json,junit'];
    const { code, stdout } = await seatproof(args, { cwd });
    const told = flat(stdout);
    const untold = 'the service does not tell reason, retryAfter in its reply to a start';
    expect(told).toContain('✓ 1 scenario passed on plain, in simulated time');
    expect(told).toContain(`not judged in 'a rival waits for the end' (open.scenario.ts:4): the expectation at 1s: `);
    expect(told).toMatch(/1 scenario: nothing of it can be judged: the service does not tell .*retryAfter/);
    expect(told).toMatch(/1 scenario: .*no status/);
    expect(code).toBe(0);
    const report = JSON.parse(readFileSync(path.join(cwd, 'reports/report.json'), 'utf8')) as {
      scenarios: readonly { not_judged: readonly { what: string; why: string }[] }[];
      skipped: readonly { title: string; reason: string }[];
    };
    expect(report.scenarios.map(({ not_judged }) => not_judged)).toEqual([
      [{ what: 'the expectation at 1s', why: untold }],
    ]);
    expect(report.skipped.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['the wait is announced', 'a status is asked']),
    );
    const xml = readFileSync(path.join(cwd, 'reports/junit.xml'), 'utf8');
    expect(xml).toContain(`<system-out><![CDATA[not judged: the expectation at 1s: ${untold}]]></system-out>`);
  });

  test('plays a design in SQL on a Postgres, with the tokens of its own', async () => {
    const args = ['run', 'open.scenario.ts', '--design', './tokens.ts', '--filter', 'rival', ...onServer()];
    const { code, stdout } = await seatproof(args, { cwd: project(FILES) });
    expect(flat(stdout)).toMatch(/✓ 1 scenario passed on PostgreSQL/);
    expect(code).toBe(0);
  });

  test('rejects a service that takes the URL of its database, which a race does not', async () => {
    const byUrl = TOKENS.replace('({ pool })', '({ url, pool })');
    const args = ['run', 'open.scenario.ts', '--design', './by-url.ts', '--filter', 'rival', ...onServer()];
    const { code, stderr } = await seatproof(args, { cwd: project({ ...FILES, 'by-url.ts': byUrl }) });
    expect(flat(stderr)).toContain('the service of tokens takes the url of its database');
    expect(code).toBe(2);
  });

  test.runIf(LONG)(
    'plays an outage of the database, and an answer that is lost after its statement took effect',
    async () => {
      const cwd = project({
        ...FILES,
        'faults.scenario.ts': `import { at, device, failed, granted, refused, scenario, store } from 'seatproof';
export default scenario({
  title: 'a database that fails',
  cast: { bot: device('laptop'), rival: device('desktop') },
  steps: ({ bot, rival }) => [
    at('0s', store.fails('outage', { for: '10s' })),
    at('1s', bot.starts(), failed()),
    at('11s', store.fails('outcome-unknown', { for: '10s' })),
    at('12s', bot.starts()),
    at('22s', rival.starts(), refused('other-device')),
    at('80s', rival.starts(), granted()),
  ],
});
`,
      });
      const args = ['run', 'faults.scenario.ts', '--design', './tokens.ts', ...onServer()];
      const { code, stdout } = await seatproof(args, { cwd });
      expect(flat(stdout)).toMatch(/✓ 1 scenario passed on PostgreSQL/);
      expect(code).toBe(0);
    },
  );

  const POLICIES = [
    {
      says: 'that takes the policy of the design',
      first: `import { at, device, granted, scenario, together } from 'seatproof';`,
      policy: '',
    },
    {
      says: 'that states the same policy',
      first: `import { adjust, at, device, granted, recommended, scenario, together } from 'seatproof';`,
      policy: `policy: adjust(recommended, { onConflict: 'refuse', grace: { afterExpiry: '0s', afterTakeover: '0s' } }),`,
    },
  ];
  test.each(POLICIES.slice(0, LONG ? 2 : 1))(
    'skips concurrent requests and a lost answer in a scenario $says',
    async ({ first, policy }) => {
      const cwd = project({
        ...FILES,
        'three.scenario.ts': `${first}
const cast = { bot: device('laptop'), rival: device('desktop') };
export default [
  scenario({ title: 'one', ${policy} cast, steps: ({ bot }) => [at('0s', bot.starts(), granted())] }),
  scenario({ title: 'two at once', ${policy} cast, steps: ({ bot, rival }) => [at('0s', together(bot.starts(), rival.starts()))] }),
  scenario({ title: 'lost', ${policy} cast, steps: ({ bot }) => [at('0s', bot.starts({ answer: 'lost' }))] }),
];
`,
      });
      const { code, stdout } = await seatproof(['run', 'three.scenario.ts', '--design', './plain.ts'], { cwd });
      const told = flat(stdout);
      expect(told).toContain('✓ 1 scenario passed on plain');
      expect(told).toContain('run seatproof race --design ./plain.ts --calls start,start');
      expect(told).toContain('a single answer of it is lost');
      expect(code).toBe(0);
    },
  );

  test('is inconclusive where nothing was judged', async () => {
    const args = ['run', 'open.scenario.ts', '--design', './plain.ts', '--filter', 'announced'];
    const { code, stdout } = await seatproof(args, { cwd: project(FILES) });
    expect(stdout).toContain('? no scenario was judged; each was skipped');
    expect(code).toBe(4);
  });
});

describe.concurrent('a campaign on a design in SQL', () => {
  const CAMPAIGN = ['campaign', '--seed', '7', '--runs', '20', '--json'];
  interface Report {
    readonly outcome: string;
    readonly wall_ms: number;
    readonly runs: number;
    readonly declared_but_kept: readonly string[];
    readonly found: readonly { readonly code: string; readonly expected: boolean; readonly file: string }[];
  }
  const reportOf = ({ stdout }: Ended): Report => ({ ...(JSON.parse(stdout) as Report), wall_ms: 0 });

  test.each(LONG ? [2] : [])(
    'takes the same course with one worker and with %d, each in a schema of its own',
    async (workers) => {
      const cwd = project(FILES);
      // A worker has 25 runs at least.
      const args = ['campaign', '--seed', '7', '--runs', '30', '--json', '--design', './tokens.ts', ...onServer()];
      const one = await seatproof([...args, '--workers', '1'], { cwd });
      const several = await seatproof([...args, '--workers', String(workers)], { cwd });
      expect(reportOf(several)).toEqual(reportOf(one));
      expect(reportOf(one).runs).toBe(30);
    },
  );

  test.runIf(LONG)('fails by a declared law that is tested and kept', async () => {
    const cwd = project({ 'declares.ts': PLAIN.replace('policy,\n', `policy,\n  breaks: ['P0'],\n`) });
    const ended = await seatproof([...CAMPAIGN, '--design', './declares.ts'], { cwd });
    expect(reportOf(ended).declared_but_kept[0]).toMatch(/^P0 is declared to break, but [\d,]+ tests kept it; /);
    expect(ended.code).toBe(1);
  });
});

describe.concurrent('a race on a design that declares what it breaks', () => {
  const RACE = ['race', '--calls', 'start,start', '--lanes', '1'];
  const ALL = `breaks: ['P1', 'P4', 'P7', 'P9', 'P12', 'P13', 'P17'],`;

  test.runIf(LONG)('passes where no other law breaks, and its saved schedule passes when it is replayed', async () => {
    const cwd = project({ 'naive.ts': checksFirst() });
    const args = [...RACE, '--design', './naive.ts', ...onServer()];
    const found = await seatproof(args, { cwd });
    expect(found.stdout).toContain('P1 one holder broke at 0s');
    expect(found.code).toBe(1);
    const saved = readFileSync(path.join(cwd, 'reports/races/naive-P1.race.json'), 'utf8');
    const declared = project({ 'naive.ts': checksFirst(ALL), 'saved.race.json': saved });
    const again = await seatproof(args, { cwd: declared });
    expect(flat(again.stdout)).toMatch(/expected to break \(declared by the design\): P1 in \d+ orders/);
    expect(again.code).toBe(0);
    const replayed = await seatproof(['race', '--replay', 'saved.race.json', ...onServer()], { cwd: declared });
    expect(replayed.stdout).toContain('P1 is expected to break (declared by the design)');
    expect(replayed.code).toBe(0);
  });

  test('fails by another law', async () => {
    const cwd = project({ 'naive.ts': checksFirst(`breaks: ['P9'],`) });
    const { code, stdout } = await seatproof([...RACE, '--design', './naive.ts', ...onServer()], { cwd });
    expect(stdout).toContain('P1 one holder broke');
    expect(code).toBe(1);
  });
});

test.runIf(LONG)('judge --design expects what the design declares to break, and fails by another law', async () => {
  const throws = PLAIN.replace('start: carryOut', `start: () => Promise.reject(new Error('no table'))`);
  const breaking = (...laws: readonly string[]): string =>
    throws.replace('policy,\n', `policy,\n  breaks: ${JSON.stringify(laws)},\n`);
  const cwd = project({
    'none.ts': throws,
    'one.ts': breaking('P0'),
    'both.ts': breaking('P0', 'P13'),
    'start.scenario.ts': `import { at, device, scenario } from 'seatproof';
export default scenario({ title: 'a start', cast: { bot: device('laptop') }, steps: ({ bot }) => [at('0s', bot.starts())] });
`,
  });
  const run = ['run', 'start.scenario.ts', '--reporter', 'json', '--design'];
  const played = await seatproof([...run, './none.ts'], { cwd });
  expect(played.code).toBe(1);
  expect((await seatproof([...run, './both.ts'], { cwd })).code).toBe(0);
  const { scenarios } = JSON.parse(readFileSync(path.join(cwd, 'reports/report.json'), 'utf8')) as {
    scenarios: readonly { history: string }[];
  };
  const judge = ['judge', path.join('reports', scenarios[0]?.history ?? ''), '--design'];
  const one = await seatproof([...judge, './one.ts'], { cwd });
  expect(one.stdout).toContain('✗ P13 broke in this history');
  expect(one.code).toBe(1);
  const both = await seatproof([...judge, './both.ts'], { cwd });
  expect(both.stdout).toMatch(/P13 no false lock-out +expected to break \(declared by the design\)/);
  expect(both.code).toBe(0);
});
