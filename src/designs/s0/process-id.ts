/** A device's fingerprint with the process in it, so that two processes on a device, or two starts of one, look like two devices. */
import type { Design } from '../design.ts';
import { fingerprint } from '../../service/fingerprint.ts';

/** A process id is another one at each start; the process that is called `bot` leaves it out, as in the note. */
export const WITH_PROCESS_ID: NonNullable<Design['presents']> = ({ name, fingerprint: device }, start) =>
  name === 'bot' ? device : fingerprint({ machine: device, user: name, platform: String(start) });
