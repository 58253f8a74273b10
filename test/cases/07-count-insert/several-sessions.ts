/** Two sessions for each license on one seat: no seat can hold them, so the design is rejected where it is written. */
import { decide, design, recommended } from 'seatproof';

export default design({
  name: 'max-2-sessions',
  policy: { ...recommended, licenseLimit: 2 },
  serve: ({ seats, policy, storeNow }) => ({
    start: (command) => decide(seats.read(command.scope), command.scope, command, policy, storeNow()).reply,
  }),
});
