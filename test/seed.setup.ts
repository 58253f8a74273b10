/** Prints the seed of all random tests of the run, however it is reported. */
import type { TestProject } from 'vitest/node';

export default function setup({ config }: TestProject): void {
  const seed = config.env['SEATPROOF_SEED'];
  process.stdout.write(`seed 0x${Number(seed).toString(16).padStart(8, '0')} (SEATPROOF_SEED=${seed} repeats it)\n`);
}
