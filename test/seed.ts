/** The seed of every random test. The run prints it once, and hands it to its workers in SEATPROOF_SEED; fast-check repeats it with a failure. */
export const seed: number = readSeed(process.env['SEATPROOF_SEED']);

/** What to say next to a random test that may fail outside of fast-check. */
export const SEED = `SEATPROOF_SEED=${seed} repeats it`;

/** Reads a whole number, decimal or with 0x before hex digits; draws one where none is given. */
export function readSeed(text: string | undefined): number {
  if (text === undefined || text === '') return Math.floor(Math.random() * 2 ** 31);
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`SEATPROOF_SEED is '${text}'; write a whole number, for example 12345`);
  return value;
}
