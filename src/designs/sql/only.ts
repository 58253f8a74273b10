/** Designs that have no server in a world: their SQL runs on a Postgres, in campaigns, scenarios and races. */
import type { Policy } from '../../core/policy.ts';
import { recommended } from '../../core/presets/recommended.ts';
import { s0 } from '../../core/presets/s0.ts';
import { s1 } from '../../core/presets/s1.ts';
import { s2 } from '../../core/presets/s2.ts';
import { s3 } from '../../core/presets/s3.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';
import { s4 } from '../s4/system.ts';
import type { SqlSystem } from './system.ts';

/** A design with the client and the figures of the reference design, and with this SQL as its only server. */
export function sqlOnly(name: string, about: string, policy: Policy, sql: () => Promise<SqlSystem>): Design {
  const reference = referenceDesign(policy, about);
  return { ...reference, name, keepsRule: false, granularity: 'request', serve: null, sql };
}

/** What is needed of an S system beyond its world entry: repairs as its team would write them, and its clean-up job. */
export const SQL_ONLY: readonly Design[] = [
  {
    ...sqlOnly(
      'recommended-in-transaction',
      'the reference statements, each between BEGIN and COMMIT',
      recommended,
      async () => (await import('./reference.ts')).referenceSystem(recommended, { transaction: true }),
    ),
    keepsRule: true,
  },
  sqlOnly(
    's0-one-statement',
    'S0 with one statement that claims a free seat',
    s0,
    async () => (await import('./s0.ts')).S0.oneStatement,
  ),
  sqlOnly(
    's1-sweep-before',
    'S1 under a lock; the sweep selects, then deletes by id',
    s1,
    async () => (await import('./s1.ts')).S1.sweepBefore,
  ),
  sqlOnly(
    's1-sweep-after',
    'S1 under a lock; the sweep selects and deletes by id in one transaction',
    s1,
    async () => (await import('./s1.ts')).S1.sweepAfter,
  ),
  sqlOnly(
    's1-sweep-repaired',
    'S1 under a lock; the delete of the sweep repeats the condition',
    s1,
    async () => (await import('./s1.ts')).S1.sweepRepaired,
  ),
  sqlOnly(
    's2-one-statement',
    'S2 with a start that claims in one statement and a heartbeat that renews its own row',
    s2,
    async () => (await import('./s2.ts')).S2.oneStatement,
  ),
  sqlOnly(
    's2-table-before',
    'S2 without its table; a heartbeat that fails reports success',
    s2,
    async () => (await import('./s2-table.ts')).S2_TABLE.before,
  ),
  sqlOnly(
    's2-table-after',
    'S2 without its table; a heartbeat creates the table, as a start does',
    s2,
    async () => (await import('./s2-table.ts')).S2_TABLE.after,
  ),
  sqlOnly(
    's2-table-repaired',
    'S2 without its table; no request creates it',
    s2,
    async () => (await import('./s2-table.ts')).S2_TABLE.repaired,
  ),
  sqlOnly(
    's3-locked',
    'S3 with a check that locks the row until the claim is committed',
    s3,
    async () => (await import('./s3.ts')).S3.locked,
  ),
  sqlOnly(
    's4-one-statement',
    'S4 with one statement on the row that decides, and no memory',
    s4,
    async () => (await import('./s4.ts')).S4.oneStatement,
  ),
];
