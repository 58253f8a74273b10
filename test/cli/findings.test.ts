/**
 * What `campaign`, `race` and `exhaust` report on every built-in `before` design: real searches with fixed seeds, in
 * process, compared with golden files. Rewrite all of them with `SEATPROOF_LONG=1 npm test -- test/cli/findings.test.ts
 * -u`, and review them like code.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { DESIGNS } from '../../src/designs/all.ts';
import { LONG } from '../long.ts';
import { inProcess } from './in-process.ts';
import { project } from './seatproof.ts';

interface Row {
  readonly search: 'campaign' | 'race' | 'exhaust';
  readonly design: string;
  /** Tells several files of one design apart. */
  readonly name?: string;
  readonly args: readonly string[];
  /** 1 for a finding, 0 for a proof, 4 for a bound that was met. */
  readonly code?: 0 | 4;
}

/** Every design here is named as `--design` names it. */
const ROWS: readonly Row[] = [
  ...['s0-before', 's1-before', 's2-before', 's3-before', 's4-before'].map((design): Row => ({
    search: 'campaign',
    design,
    args: ['--seed', '7', '--runs', '25', '--workers', '1'],
  })),
  { search: 'race', design: 's0-before', args: ['--calls', 'start,start'] },
  { search: 'race', design: 's1-before', args: ['--calls', 'start,start'] },
  { search: 'race', design: 's1-sweep-before', args: ['--calls', 'heartbeat,sweep'] },
  { search: 'race', design: 's2-before', args: ['--calls', 'heartbeat,end'] },
  { search: 'race', design: 's2-table-before', args: ['--calls', 'heartbeat,start'] },
  { search: 'race', design: 's3-before', args: ['--calls', 'start,start'] },
  { search: 'race', design: 's4-before', args: ['--calls', 'start,status'] },
  { search: 'race', design: 'recommended', name: 'proved', args: ['--on', 'memory'], code: 0 },
  { search: 'race', design: 's3-repaired', name: 'inconclusive', args: ['--max-schedules', '1'], code: 4 },
  // The devices of s0-before have no fixed names, and s4-before has more stores than one: neither can be exhausted.
  { search: 'exhaust', design: 's1-before', args: ['--kinds', 'cut'] },
  { search: 'exhaust', design: 's2-before', args: ['--kinds', 'cut'] },
  { search: 'exhaust', design: 's3-before', args: ['--kinds', 'cut'] },
  { search: 'exhaust', design: 's2-repaired', name: 'proved', args: ['--faults', '0'], code: 0 },
];

const FOLDER = new URL('golden/findings', import.meta.url).pathname;
const fileOf = ({ search, design, name }: Row): string => `${[search, name ?? design].join('.')}.txt`;

describe('the report', () => {
  const played = ROWS.filter(({ search }) => LONG || search !== 'campaign');
  test.each(played.map((row) => ({ ...row, file: fileOf(row) })))(
    '$file',
    async ({ search, design, args, code, file }) => {
      const onServer = search === 'race' && !args.includes('memory');
      const server = onServer ? ['--lanes', '1', '--postgres', inject('postgresUrl')] : [];
      const command = [search, '--design', design, ...args, ...server, '--no-color'];
      const { stdout, ...ended } = await inProcess(command, { cwd: project() });
      expect(ended).toEqual({ code: code ?? 1, stderr: '' });
      await expect(timeless(stdout)).toMatchFileSnapshot(path.join(FOLDER, file));
    },
  );
});

test.each(['campaign', 'race'])('every before design has a finding of a %s', (search) => {
  // Designs in SQL alone are raced; they need a Postgres in a campaign.
  const known = DESIGNS.filter(({ serve }) => search === 'race' || serve !== null);
  const before = known.map(({ name }) => name).filter((name) => name.endsWith('-before'));
  const covered = ROWS.flatMap((row) => (row.search === search ? [row.design] : []));
  expect(covered).toEqual(expect.arrayContaining(before));
  expect(before).toContain('s0-before');
});

test('every golden file belongs to a search', () => {
  const files = ROWS.map(fileOf);
  expect(readdirSync(FOLDER).filter((file) => !files.includes(file))).toEqual([]);
});

/** Durations of the machine, its memory and the version of the server, which differ from run to run. */
function timeless(text: string): string {
  return text
    .replaceAll(/PostgreSQL [\d.]+ \([\w ]+\)/g, 'PostgreSQL <version>')
    .replaceAll(/(?<=[;,] )[\d.]+ s(?=[,\n])/g, '<time>')
    .replaceAll(/(?<=commands in )[\d.]+ s$/gm, '<time>')
    .replaceAll(/(?<=^ {2}time +)\S+(?= in)/gm, '<time>')
    .replaceAll(/(?<=^ {2}memory +)\d+ MiB$/gm, '<memory>');
}
