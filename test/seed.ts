/** The seed of every random test: from SEATPROOF_SEED, otherwise drawn anew. fast-check prints it with a failure. */
export const seed: number = readSeed(process.env['SEATPROOF_SEED']);

function readSeed(text: string | undefined): number {
  if (text === undefined || text === '') return Math.floor(Math.random() * 2 ** 31);
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`SEATPROOF_SEED is '${text}'; write a whole number, for example 12345`);
  return value;
}
