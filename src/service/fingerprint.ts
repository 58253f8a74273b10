/** The name of a device: the same for every process on it, and for every start of each. */
import { createHash } from 'node:crypto';
import { UsageError } from '../core/failures.ts';
import type { Fingerprint } from '../core/seat.ts';

/** What a device is known by. Nothing in it changes from one start of a process to the next: no process id, no time. */
export interface DeviceIdentity {
  readonly machine: string;
  readonly user: string;
  readonly platform: string;
}

/**
 * 16 hex digits of the SHA-256 of machine, user and platform. The three are encoded as a JSON list, so that no separator
 * inside one of them can make two devices look alike. Throws `UsageError` for an empty part.
 */
export function fingerprint({ machine, user, platform }: DeviceIdentity): Fingerprint {
  for (const [part, value] of Object.entries({ machine, user, platform })) {
    if (value === '') throw new UsageError(`a device needs a ${part}; write for example { ${part}: 'laptop' }`);
  }
  return createHash('sha256')
    .update(JSON.stringify([machine, user, platform]))
    .digest('hex')
    .slice(0, 16);
}
