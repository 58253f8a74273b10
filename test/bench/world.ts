/**
 * How many session-hours a second are simulated and judged: an hour of one device that heartbeats every 20 s, in a world.
 * Measured on compiled code, as the package has it: tsx, which runs this file, has every closure told its name when it is
 * made, and that alone takes longer than the simulation. CPU time, so that other work on the machine counts less.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { figureOf, medianOf, type Figure } from './figure.ts';
import type { Runs } from './three-devices.ts';

/** Runs that only warm up. */
const WARM = 3;

export async function benchWorld(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'seatproof-bench-'));
  try {
    const program = path.join(folder, 'three-devices.mjs');
    await compile(program);
    const day = await play([program, '24', '30']);
    const tenDays = await play([program, '240', '8']);
    const short = await play(['--expose-gc', program, '1', '1000']);
    const hours = { unit: 'session-hours/s of CPU', better: 'higher' } as const;
    const rate = (seconds: readonly number[]): readonly number[] =>
      seconds.slice(WARM).map((s) => day.sessionHours / s);
    const growth = (short.memory.at(-1) ?? Infinity) - (short.memory[0] ?? 0);
    return [
      figureOf({ ...hours, name: 'world: sessions simulated', promised: null }, rate(day.simulated)),
      figureOf({ ...hours, name: 'world: sessions simulated and judged', promised: 1_000 }, rate(day.judged)),
      figureOf({ name: 'world: time an event, ten days to one', unit: 'times', promised: 1.5, better: 'lower' }, [
        perEvent(tenDays) / perEvent(day),
      ]),
      figureOf({ name: 'world: memory kept by 900 more runs', unit: 'kB', promised: 500, better: 'lower' }, [
        growth / 1_000,
      ]),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compile(program: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('three-devices.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2023',
  });
}

async function play(args: readonly string[]): Promise<Runs> {
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Runs;
}

function perEvent({ judged, events }: Runs): number {
  return medianOf(judged.slice(WARM)) / events;
}
