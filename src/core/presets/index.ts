/** The table of all presets, by name. */
import type { Policy } from '../policy.ts';
import { recommended } from './recommended.ts';
import { s0 } from './s0.ts';
import { s1 } from './s1.ts';
import { s2 } from './s2.ts';
import { s3, s3Rollback } from './s3.ts';

export interface Preset {
  /** What kind of system this is, in one line. */
  readonly about: string;
  readonly policy: Policy;
}

export const PRESETS: readonly Preset[] = [
  { about: 'the policy to start from: asks before a takeover, fenced client', policy: recommended },
  { about: 'cleared at login; launcher and bot share the session of their device', policy: s0 },
  { about: 'a second device takes over; a job clears every 5 minutes', policy: s1 },
  { about: 'one seat for each symbol of a license', policy: s2 },
  { about: 'strict: refuses the same device too', policy: s3 },
  { about: 'the values S3 rolls back to', policy: s3Rollback },
];
