/** Whether the tests take the time they want, as `npm run test:long` asks them to. */
export const LONG = process.env['SEATPROOF_LONG'] === '1';
