/** The table of all designs, by name. */
import { UsageError } from '../core/failures.ts';
import { recommended } from '../core/presets/recommended.ts';
import { suggest } from '../core/suggest.ts';
import { DEFECTS } from './defects/all.ts';
import type { Design } from './design.ts';
import { CONSUL_LOCK } from './field/consul.ts';
import { DYNAMODB_LOCK } from './field/dynamodb.ts';
import { ETCD_SESSION } from './field/etcd.ts';
import { KEYGEN } from './field/keygen.ts';
import { KUBERNETES_LEADER } from './field/kubernetes.ts';
import { RIVER_LEADER } from './field/river.ts';
import { referenceDesign } from './reference.ts';
import { S0 } from './s0/designs.ts';
import { S1 } from './s1/designs.ts';
import { S2 } from './s2/designs.ts';
import { S3 } from './s3/designs.ts';
import { S4 } from './s4/designs.ts';
import { SQL_ONLY } from './sql/only.ts';

export const DESIGNS: readonly Design[] = [
  referenceDesign(recommended, 'the rules of core in one atomic statement a command, and a fenced client'),
  ...S0,
  ...S1,
  ...S2,
  ...S3,
  ...S4,
  KEYGEN,
  CONSUL_LOCK,
  ETCD_SESSION,
  KUBERNETES_LEADER,
  DYNAMODB_LOCK,
  RIVER_LEADER,
  ...DEFECTS.map(({ design }) => design),
  ...SQL_ONLY,
];

/** Throws `UsageError` for a name that is not in the table, with the names that are near it. */
export function designByName(name: string): Design {
  const design = DESIGNS.find((known) => known.name === name);
  if (design !== undefined) return design;
  const names = DESIGNS.map((known) => known.name);
  const near = names.filter(
    (known) => name !== '' && (known.includes(name) || known.split('-')[0] === name.split('-')[0]),
  );
  const nearest = suggest(name, names);
  const meant = nearest === null || near.includes(nearest) ? near : [nearest, ...near];
  const hint = meant.length > 0 ? `did you mean ${meant.join(', ')}?` : `there are ${names.join(', ')}.`;
  throw new UsageError(`there is no design '${name}'; ${hint} Write for example 's0-after'`);
}
