/** A policy as it is written in a scenario: a preset, or the nearest one with some values changed. */
import { isDeepStrictEqual } from 'node:util';
import { recommended } from '../../core/presets/recommended.ts';
import { s0 } from '../../core/presets/s0.ts';
import { s1 } from '../../core/presets/s1.ts';
import { s2 } from '../../core/presets/s2.ts';
import { s3, s3Rollback } from '../../core/presets/s3.ts';
import type { CleanUp, Grace, Policy } from '../../core/policy.ts';
import { call, type Doc } from './layout.ts';
import { duration, fields, literal, quoted } from './source.ts';

/** The presets that a scenario can import, by the name of the import. */
const PRESETS: Readonly<Record<string, Policy>> = { recommended, s0, s1, s2, s3, s3Rollback };

/** What the source uses of the package is added to `words`. */
export function policySource(policy: Policy, words: Set<string>): Doc {
  const drafts = Object.entries(PRESETS).map(([preset, base]) => ({ preset, changes: changesOf(base, policy) }));
  const fewest = drafts.reduce((best, each) => (each.changes.length < best.changes.length ? each : best));
  words.add(fewest.preset);
  if (fewest.changes.length === 0) return fewest.preset;
  words.add('adjust');
  const changes = fields(Object.fromEntries(fewest.changes.map(({ field, source }) => [field, source])));
  return call('adjust', [fewest.preset, changes ?? '{}'], true);
}

interface Change {
  readonly field: string;
  readonly source: Doc;
}

function changesOf(base: Policy, policy: Policy): readonly Change[] {
  const changed = Object.keys(policy).filter(
    (field) => field !== 'name' && !isDeepStrictEqual(policy[field as keyof Policy], base[field as keyof Policy]),
  );
  const isNamed = policy.name === (changed.length === 0 ? base.name : `${base.name} (adjusted)`);
  return [
    ...(isNamed ? [] : [{ field: 'name', source: quoted(policy.name) }]),
    ...changed.map((field) => ({ field, source: valueSource(field as keyof Policy, policy, base) })),
  ];
}

function valueSource(field: keyof Policy, policy: Policy, base: Policy): Doc {
  switch (field) {
    case 'grace':
      return graceSource(policy.grace, base.grace);
    case 'cleanUp':
      return cleanUpSource(policy.cleanUp);
    case 'fence':
      return policy.fence === null ? 'null' : duration(policy.fence);
    case 'heartbeat':
    case 'timeout':
    case 'overlap':
    case 'requestTimeout':
    case 'stopTime':
      return duration(policy[field]);
    default:
      return literal(policy[field]);
  }
}

function graceSource(grace: Grace, base: Grace): Doc {
  const changed = (field: keyof Grace): Doc | null => (grace[field] === base[field] ? null : duration(grace[field]));
  return fields({ afterExpiry: changed('afterExpiry'), afterTakeover: changed('afterTakeover') }) ?? '{}';
}

function cleanUpSource(cleanUp: CleanUp): Doc {
  return cleanUp.type === 'lazy' ? `'lazy'` : (fields({ every: duration(cleanUp.every) }) ?? '{}');
}
