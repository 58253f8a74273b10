/** The seed of the random tests: SEATPROOF_SEED where that is set, else a new one, which every failure prints. */
const given = process.env['SEATPROOF_SEED'];

export const SEED = given === undefined || given === '' ? Math.floor(Math.random() * 0x7fffffff) : Number(given);
