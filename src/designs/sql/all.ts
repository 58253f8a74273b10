/** The table of all designs in SQL, by name. */
import { UsageError } from '../../core/failures.ts';
import type { SqlDesign } from './design.ts';
import { REFERENCE } from './reference.ts';
import { S0 } from './s0.ts';
import { S1 } from './s1.ts';
import { S2 } from './s2.ts';
import { S2_TABLE } from './s2-table.ts';
import { S3 } from './s3.ts';
import { S4 } from './s4.ts';

export const SQL_DESIGNS: readonly SqlDesign[] = [...REFERENCE, ...S0, ...S1, ...S2, ...S2_TABLE, ...S3, ...S4];

/** Throws `UsageError` for a name that is not in the table. */
export function sqlDesign(name: string): SqlDesign {
  const design = SQL_DESIGNS.find((known) => known.name === name);
  if (design !== undefined) return design;
  const names = SQL_DESIGNS.map((known) => known.name).join(', ');
  throw new UsageError(`there is no design '${name}'; the designs in SQL are ${names}`);
}
