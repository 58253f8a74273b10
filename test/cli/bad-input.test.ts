/** Bad input: exit code 2 or 3, what is wrong and where, a correct example, no stack trace, nothing half-written. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inProcess } from './in-process.ts';
import { PASSES, project, scenarioFile, seatproof } from './seatproof.ts';

interface Row {
  readonly says: string;
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly code: 2 | 3;
  readonly stderr: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const HEADER = '{"seatproof":"history","version":1,"title":"t","on":"model"';
const ON_MODEL = ['run', '--on', 'model'];
const OWN_SQL = `import { design, recommended } from 'seatproof';
export default design({
  name: 'mine',
  policy: recommended,
  sql: {
    tables: 'CREATE TABLE seats (license text)',
    service: ({ pool }) => ({ start: async () => { await pool.query('SELECT 1'); return { type: 'granted' }; } }),
  },
});
`;
const OWN_SERVICE = `import { adjust, design, recommended } from 'seatproof';
export default design({
  name: 'mine',
  policy: adjust(recommended, { timeout: '70s' }),
  serve: () => ({ start: () => ({ type: 'granted' }) }),
});
`;

const rows: readonly Row[] = [
  {
    says: 'an unknown design',
    args: ['campaign', '--design', 's1-befor'],
    code: 2,
    stderr: [`error: there is no design 's1-befor'; did you mean s1-before`],
  },
  {
    says: 'a design in a file that is not there',
    args: ['campaign', '--design', './mine.ts'],
    code: 2,
    stderr: [`error: --design: there is no file './mine.ts'`, 'try: seatproof campaign --design ./my-service.ts'],
  },
  {
    says: 'an unknown fault',
    args: ['campaign', '--faults', 'los'],
    code: 2,
    stderr: [`error: --faults: there is no fault 'los'`, `Did you mean 'loss'?`, 'try: seatproof campaign --faults'],
  },
  {
    says: 'a count that is none',
    args: ['campaign', '--runs', '0'],
    code: 2,
    stderr: [`error: --runs: '0' is no count; write a whole number from 1 up`, 'try: seatproof campaign'],
  },
  {
    says: 'a duration without a unit',
    args: ['campaign', '--for', '30'],
    code: 2,
    stderr: [`error: '30' is not a duration`, `for example '20s'`],
  },
  {
    says: 'the number of a run without its seed',
    args: ['campaign', '--run', '5'],
    code: 2,
    stderr: ['error: --run needs the seed that it was a run of', 'try: seatproof campaign --seed 7 --run 5'],
  },
  {
    says: 'one run and many',
    args: ['campaign', '--seed', '7', '--run', '5', '--runs', '10'],
    code: 2,
    stderr: ['error: --run is one run, so --runs and --for say nothing', 'try: seatproof campaign --seed 7 --run 5'],
  },
  {
    says: 'too many devices',
    args: ['campaign', '--devices', '9'],
    code: 2,
    stderr: ['error: --devices: at most 8 take part', 'try: seatproof campaign --devices 8'],
  },
  {
    says: 'two symbols where a license has one seat',
    args: ['exhaust', '--design', 's3-after', '--symbols', '2'],
    code: 2,
    stderr: [
      "error: s3-after has one seat for the whole license (scope: 'license'), so that a second symbol makes no difference",
      "leave out --symbols, or give a design with scope: 'license-and-symbol', for example --design s2-after",
    ],
  },
  {
    says: 'faults that are no number',
    args: ['exhaust', '--faults', 'x'],
    code: 2,
    stderr: [`error: --faults: 'x' is no count; write a whole number`, 'try: seatproof exhaust --faults 2'],
  },
  {
    says: 'a kind of fault that there is not',
    args: ['exhaust', '--kinds', 'losses'],
    code: 2,
    stderr: [`error: --kinds: there is no kind 'losses'; the kinds are cut, loss, delay,`],
  },
  {
    says: 'a certificate that is a folder',
    args: ['exhaust', '--kinds', 'loss', '--certificate', '.'],
    code: 2,
    stderr: [`error: the certificate '.' is a folder; name a file`],
  },
  {
    says: 'a certificate of what is measured',
    args: ['exhaust', '--measure', '--certificate', 'c.json'],
    code: 2,
    stderr: [`'--measure' cannot be used with option '--certificate <file>'`],
  },
  {
    says: 'more symbols than a search knows',
    args: ['exhaust', '--symbols', '3'],
    code: 2,
    stderr: ['error: --symbols: there are 1 or 2, not 3', 'try: seatproof exhaust --design s2-after --symbols 2'],
  },
  {
    says: 'an unknown command',
    args: ['rnu'],
    code: 2,
    stderr: [
      `error: there is no command 'rnu'; the commands are run, campaign, compare, race, exhaust, tune, designs, doctor, judge. Did you mean 'run'?`,
      'try: seatproof run',
    ],
  },
  {
    says: 'an unknown flag',
    args: ['run', '--reporters', 'json'],
    code: 2,
    stderr: [`error: unknown option '--reporters'. Did you mean --reporter?`, 'try: seatproof run'],
  },
  {
    says: 'a flag without its value',
    args: ['run', '--filter'],
    code: 2,
    stderr: [`error: option '--filter <text>' argument missing`, 'try: seatproof run'],
  },
  {
    says: 'an unknown reporter',
    args: ['run', '--reporter', 'terminal,jsn'],
    code: 2,
    stderr: [
      `error: --reporter: there is no reporter 'jsn'; the reporters are terminal, json, junit. Did you mean 'json'?`,
      'try: seatproof run --reporter terminal,junit',
    ],
  },
  {
    says: 'an unknown target',
    args: ['run', '--on', 'mysql'],
    code: 2,
    stderr: [
      `error: --on: there is no target 'mysql'; the targets are model, postgres`,
      'try: seatproof run --on model,postgres',
    ],
  },
  {
    says: 'a seed that is none',
    args: ['run', '--seed', '0xyz'],
    code: 2,
    stderr: [`error: --seed: '0xyz' is no seed`, 'try: seatproof run --seed 0x5eed0001'],
  },
  {
    says: 'a Postgres that is none',
    args: ['run', '--postgres', 'mysql://root:topsecret@h/db'],
    code: 2,
    stderr: ['does not name a Postgres: write embedded, container'],
  },
  {
    says: 'an image without a container',
    args: ['run', '--image', 'postgres:18'],
    code: 2,
    stderr: [
      'error: --image names the image of a container',
      'try: seatproof run --postgres container --image postgres:18',
    ],
  },
  {
    says: 'a path that is not there',
    args: [...ON_MODEL, 'scenaros'],
    code: 2,
    stderr: [`error: there is no file or folder 'scenaros'; name a scenario file`],
  },
  {
    says: 'a folder without scenarios',
    args: ON_MODEL,
    files: { 'scenarios/notes.md': '' },
    code: 2,
    stderr: [`error: no scenario found in 'scenarios'; a scenario file is named like crash.scenario.ts`],
  },
  {
    says: 'a filter that nothing matches',
    args: [...ON_MODEL, '--filter', 'crahs'],
    files: { 'scenarios/a.scenario.ts': PASSES },
    code: 2,
    stderr: [
      `error: --filter: none of the 1 scenarios has 'crahs' in its title or path`,
      `try: seatproof run --filter 'a start is granted'`,
    ],
  },
  {
    says: 'several scenarios that cannot be read: one does not compile, one throws, one is none',
    args: ON_MODEL,
    files: {
      'scenarios/compile.scenario.ts': `export default 1;\nconst = 3;\n`,
      'scenarios/throw.scenario.ts': `\n\nthrow new Error('no such license');\n`,
      'scenarios/none.scenario.ts': `export default { title: 'not made by scenario()' };\n`,
    },
    code: 2,
    stderr: [
      'error: scenarios/compile.scenario.ts:2: the file does not compile',
      'error: scenarios/throw.scenario.ts:3: the file threw while it was read: Error: no such license',
      'error: scenarios/none.scenario.ts: the default export is not a scenario',
    ],
  },
  {
    says: 'a scenario that is wrong where it is played',
    args: ON_MODEL,
    files: { 'scenarios/a.scenario.ts': scenarioFile('t', [`at('0s', bot.heartbeats(), renewed())`]) },
    code: 2,
    stderr: ['error: scenarios/a.scenario.ts:8: bot has no latest session on L1 to name'],
  },
  {
    says: 'a scenario file that waits for ever',
    args: ON_MODEL,
    files: { 'scenarios/a.scenario.ts': `await new Promise(() => undefined);\nexport default 1;\n` },
    code: 2,
    stderr: ['error: a scenario file waits for something that never happens'],
  },
  {
    says: 'a scenario file that ends the process',
    args: ON_MODEL,
    files: { 'scenarios/a.scenario.ts': `process.exit(0);\n${PASSES}` },
    code: 2,
    stderr: ['error: scenarios/a.scenario.ts:1: the file calls process.exit(0), which would end the run'],
  },
  {
    says: 'a scenario file that ends the process later',
    args: ON_MODEL,
    files: {
      'scenarios/a.scenario.ts': `${PASSES}\nsetTimeout(() => process.exit(1), 1);\nawait new Promise((go) => setTimeout(go, 3e4));`,
    },
    code: 2,
    stderr: ['the file calls process.exit(1), which would end the run'],
  },
  {
    says: 'a scenario file whose timer throws',
    args: ON_MODEL,
    files: {
      'scenarios/a.scenario.ts': `import { later } from '../later.ts';\nlater();\nawait new Promise((resolve) => setTimeout(resolve, 60_000));\n`,
      'later.ts': `export function later(): void {\n  setTimeout(() => {\n    throw new Error('no such license');\n  }, 1);\n}\n`,
    },
    code: 2,
    stderr: [
      'error: later.ts:3: the file threw outside of an awaited call, in a callback or in a promise; await the call, or catch the error: Error: no such license',
    ],
  },
  {
    says: 'a scenario file that rejects with no error',
    args: ON_MODEL,
    files: {
      'scenarios/a.scenario.ts': `void Promise.reject('not today');\nawait new Promise((resolve) => setTimeout(resolve, 60_000));\n`,
    },
    code: 2,
    stderr: [`error: a scenario file threw 'not today' outside of an awaited call`],
  },
  {
    says: 'an output folder below a file',
    args: [...ON_MODEL, '--out', 'notes.txt/reports'],
    files: { 'notes.txt': '', 'scenarios/a.scenario.ts': PASSES },
    code: 3,
    stderr: [
      `error: the reports cannot be written to 'notes.txt/reports': a part of that path is a file, not a folder. Name another folder`,
    ],
  },
  {
    says: 'an output folder that is a file',
    args: [...ON_MODEL, '--out', 'notes.txt'],
    files: { 'notes.txt': '', 'scenarios/a.scenario.ts': PASSES },
    code: 3,
    stderr: [`error: the reports cannot be written to 'notes.txt': it is a file, not a folder`],
  },
  {
    says: 'a history that is not there',
    args: ['judge', 'no.jsonl'],
    code: 2,
    stderr: [`error: the history 'no.jsonl' cannot be read`, 'for example seatproof judge'],
  },
  {
    says: 'no history at all',
    args: ['judge'],
    code: 2,
    stderr: [`error: missing required argument 'files'`, 'try: seatproof judge reports/histories/*.jsonl'],
  },
  {
    says: 'a history of another version',
    args: ['judge', 'h.jsonl'],
    files: { 'h.jsonl': `${HEADER.replace('1', '9')}}\n` },
    code: 2,
    stderr: ['error: h.jsonl:1: the history has version 9'],
  },
  {
    says: 'a history that is cut in the middle of a line',
    args: ['judge', 'h.jsonl'],
    files: { 'h.jsonl': HEADER },
    code: 2,
    stderr: ['error: h.jsonl:1: ', 'not complete JSON'],
  },
  {
    says: 'a Postgres that nobody answers for, without its password',
    args: ['run', '--postgres', 'postgres://me:topsecret@127.0.0.1:1/db'],
    files: { 'scenarios/a.scenario.ts': PASSES },
    code: 3,
    stderr: ['error: no usable Postgres at 127.0.0.1:1'],
  },
  {
    says: 'a folder for reports that is the value of an unset variable',
    args: ['run', '--on', 'model', '--out', ''],
    files: { 'scenarios/a.scenario.ts': PASSES },
    code: 2,
    stderr: ['error: a path is empty; is a variable unset?', 'try: seatproof run scenarios --out reports'],
  },
  {
    says: 'a container without Docker',
    args: ['run', '--postgres', 'container'],
    files: { 'scenarios/a.scenario.ts': PASSES },
    env: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
    code: 3,
    stderr: ['error: no Docker engine answers: install Docker', 'or use --postgres embedded'],
  },
];

/** The correct command names the file of the design, not the name in it. */
const ownDesigns: readonly Row[] = [
  {
    says: 'a search of every state for a design in SQL',
    args: ['exhaust', '--design', './mine.ts'],
    files: { 'mine.ts': OWN_SQL },
    code: 2,
    stderr: [
      'error: seatproof exhaust cannot use mine: it is a design in SQL',
      'try: seatproof race --design ./mine.ts',
    ],
  },
  {
    says: 'a comparison with a design in SQL',
    args: ['compare', './mine.ts'],
    files: { 'mine.ts': OWN_SQL },
    code: 2,
    stderr: [
      'error: seatproof compare cannot use mine: it is a design in SQL',
      'try: seatproof race --design ./mine.ts',
    ],
  },
  {
    says: 'a search of every state for a service without the requests of its clients',
    args: ['exhaust', '--design', './mine.ts'],
    files: { 'mine.ts': OWN_SERVICE },
    code: 2,
    stderr: ['it has no heartbeat request', 'try: seatproof campaign --design ./mine.ts'],
  },
  {
    says: 'a Postgres for a design in process',
    args: ['campaign', '--design', './mine.ts', '--postgres', 'embedded'],
    files: { 'mine.ts': OWN_SERVICE },
    code: 2,
    stderr: ['error: --postgres: mine runs in process', 'try: seatproof campaign --design ./mine.ts'],
  },
  {
    says: 'scenarios on the model for a design in SQL',
    args: [...ON_MODEL, '--design', './mine.ts'],
    files: { 'mine.ts': OWN_SQL, 'scenarios/a.scenario.ts': PASSES },
    code: 2,
    stderr: ['error: --on: mine is a design in SQL', 'try: seatproof run --design ./mine.ts --on postgres'],
  },
  {
    says: 'scenarios with another policy than the design',
    args: [...ON_MODEL, '--design', './mine.ts'],
    files: { 'mine.ts': OWN_SERVICE, 'scenarios/a.scenario.ts': PASSES },
    code: 2,
    stderr: [
      'error: none of the 1 scenarios can be played against mine; the first,',
      'A scenario without a policy takes the policy of the design',
      'try: seatproof campaign --design ./mine.ts',
    ],
  },
];

test('tells where to install the package that a file outside of the project does not find', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'seatproof-alone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'a.scenario.ts'), PASSES);
  const { code, stderr } = await seatproof(['run', 'a.scenario.ts', '--on', 'model'], { cwd: folder });
  expect(stderr).toMatch(/a\.scenario\.ts.*Cannot find .*'seatproof'.*run npm install --save-dev seatproof/);
  expect(code).toBe(2);
});

/** Where a file system makes no folders. */
const linuxRow: Row = {
  says: 'a folder for reports where none can be made',
  args: ['run', '--on', 'model', '--out', '/proc/reports'],
  files: { 'scenarios/a.scenario.ts': PASSES },
  code: 3,
  stderr: [`error: the reports cannot be written to '/proc/reports': no folder can be made there`],
};

const all = [...rows, ...ownDesigns, ...(process.platform === 'linux' ? [linuxRow] : [])];
const readsScenarios = ({ files = {} }: Row): boolean => Object.keys(files).some((name) => name.endsWith('.ts'));

/** Nothing but the right code and message: what else there is to see is named. */
async function faultsIn(
  { args, files = {}, code, stderr: parts, env = {} }: Row,
  run: typeof seatproof,
): Promise<unknown> {
  const cwd = project(files);
  const { stderr, ...ended } = await run(args, { cwd, env });
  const faults = parts.filter((part) => !stderr.includes(part)).map((part) => `does not say: ${part}`);
  if (!isDeepStrictEqual(ended, { code, stdout: '' })) faults.push(JSON.stringify(ended));
  if (/^ +at /m.test(stderr)) faults.push('shows a stack');
  if (stderr.includes('topsecret')) faults.push('shows a password');
  if (existsSync(path.join(cwd, 'reports'))) faults.push('has written reports');
  return faults.length === 0 ? [] : [...faults, stderr];
}

describe('bad input', () => {
  test.each(all.filter((row) => !readsScenarios(row)))('$says', async (row) => {
    expect(await faultsIn(row, inProcess)).toEqual([]);
  });
});

// What a scenario file does to the process is seen in one of its own only.
describe.concurrent('bad input where scenarios are read', () => {
  test.each(all.filter(readsScenarios))('$says', async (row) => {
    expect(await faultsIn(row, seatproof)).toEqual([]);
  });
});
