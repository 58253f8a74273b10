/** The same model for Spin and rumur, where they are installed: written into a folder of its own, compiled, run once. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { figureOf, type Figure } from './figure.ts';

const run = promisify(execFile);

interface Checker {
  readonly name: string;
  /** What must be there for it. */
  readonly programs: readonly string[];
  readonly file: string;
  readonly text: (managers: number) => string;
  readonly prepare: readonly (readonly string[])[];
  readonly check: readonly string[];
  /** Finds the number of distinct states in what it prints. */
  readonly states: RegExp;
}

const CHECKERS: readonly Checker[] = [
  {
    name: 'Spin, depth-first',
    programs: ['spin', 'gcc'],
    file: 'commit.pml',
    text: promela,
    prepare: [
      ['spin', '-a', 'commit.pml'],
      ['gcc', '-O2', '-DSAFETY', '-DNOFAIR', '-DMEMLIM=8000', '-o', 'pan', 'pan.c'],
    ],
    check: ['./pan', '-m20000000', '-w25'],
    states: /([\d.e+]+) states, stored/,
  },
  {
    name: 'Spin, breadth-first, COLLAPSE',
    programs: ['spin', 'gcc'],
    file: 'commit.pml',
    text: promela,
    prepare: [
      ['spin', '-a', 'commit.pml'],
      ['gcc', '-O2', '-DSAFETY', '-DBFS', '-DCOLLAPSE', '-DMEMLIM=8000', '-o', 'pan', 'pan.c'],
    ],
    check: ['./pan', '-w25'],
    states: /([\d.e+]+) states, stored/,
  },
  {
    name: 'rumur, 2 threads',
    programs: ['rumur', 'gcc'],
    file: 'commit.m',
    text: murphi,
    prepare: [
      [
        'rumur',
        '--symmetry-reduction',
        'off',
        '--deadlock-detection',
        'off',
        '--threads',
        '2',
        '--output',
        'commit.c',
        'commit.m',
      ],
      ['gcc', '-std=c11', '-O3', '-march=native', '-o', 'commit', 'commit.c', '-lpthread'],
    ],
    check: ['./commit'],
    states: /(\d+) states,/,
  },
];

/** Those that are not installed are named on standard error and left out. */
export async function benchOtherCheckers(managers: number, states: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const checker of CHECKERS) {
    const missing = await missingOf(checker.programs);
    if (missing.length > 0) {
      process.stderr.write(`skipped: ${checker.name}, because ${missing.join(' and ')} is not installed\n`);
      continue;
    }
    const rate = await rateOf(checker, managers, states);
    const about = { name: `${checker.name}: the same`, unit: 'distinct states/s', promised: null } as const;
    figures.push(figureOf({ ...about, better: 'higher' }, [rate]));
  }
  return figures;
}

async function missingOf(programs: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(
    programs.map((program) =>
      run('which', [program]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return programs.filter((_, index) => !there[index]);
}

async function rateOf(checker: Checker, managers: number, states: number): Promise<number> {
  const cwd = await mkdtemp(join(tmpdir(), 'seatproof-bench-'));
  const inFolder = ([program = '', ...args]: readonly string[]) => run(program, args, { cwd, maxBuffer: 2 ** 26 });
  try {
    await writeFile(join(cwd, checker.file), checker.text(managers));
    for (const step of checker.prepare) await inFolder(step);
    const begun = performance.now();
    const { stdout } = await inFolder(checker.check);
    const elapsed = (performance.now() - begun) / 1000;
    const found = Math.round(Number(checker.states.exec(stdout)?.[1]));
    if (!isSame(found, states)) throw new Error(`${checker.name} found ${found} states, not ${states}:\n${stdout}`);
    return states / elapsed;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Spin prints large numbers with seven digits, and counts its own beginning and end. */
function isSame(found: number, states: number): boolean {
  return Math.abs(found - states) <= Math.max(10, states * 1e-6);
}

function promela(managers: number): string {
  const each = (text: (manager: number) => string): string =>
    Array.from({ length: managers }, (_, n) => text(n)).join('\n');
  return `
byte rm[${managers}];
bool sent[${managers}];
bool taken[${managers}];
byte tm;
active proctype all() {
  do
  :: d_step { tm == 0 && ${Array.from({ length: managers }, (_, n) => `taken[${n}]`).join(' && ')} -> tm = 2 }
  :: d_step { tm == 0 -> tm = 3 }
${each(
  (n) => `  :: d_step { rm[${n}] == 0 -> rm[${n}] = 1; sent[${n}] = 1 }
  :: d_step { rm[${n}] == 0 -> rm[${n}] = 3 }
  :: d_step { tm == 2 -> rm[${n}] = 2 }
  :: d_step { tm == 3 -> rm[${n}] = 3 }
  :: d_step { tm == 0 && sent[${n}] -> taken[${n}] = 1 }`,
)}
  od
}
`;
}

function murphi(managers: number): string {
  return `
type manager : 0..${managers - 1};
     state : 0..3;
var rm : array [manager] of state;
    sent : array [manager] of boolean;
    taken : array [manager] of boolean;
    tm : state;

startstate begin
  for i : manager do rm[i] := 0; sent[i] := false; taken[i] := false; end;
  tm := 0;
end;

rule tm = 0 & forall i : manager do taken[i] end ==> begin tm := 2; end;
rule tm = 0 ==> begin tm := 3; end;

ruleset i : manager do
  rule rm[i] = 0 ==> begin rm[i] := 1; sent[i] := true; end;
  rule rm[i] = 0 ==> begin rm[i] := 3; end;
  rule tm = 2 ==> begin rm[i] := 2; end;
  rule tm = 3 ==> begin rm[i] := 3; end;
  rule tm = 0 & sent[i] ==> begin taken[i] := true; end;
end;

invariant ! (exists i : manager do rm[i] = 2 end & exists i : manager do rm[i] = 3 end);
`;
}
