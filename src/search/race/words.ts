/** `race({…})`: how a user describes a service of their own, to be raced. */
import { UsageError } from '../../core/failures.ts';
import { validatePolicy } from '../../core/validate-policy.ts';
import type { SqlDesign } from '../../designs/sql/design.ts';

export interface RaceDefinition extends Omit<SqlDesign, 'about'> {
  readonly about?: string;
}

export interface Race extends SqlDesign {
  readonly seatproof: 'race';
}

const EXAMPLE = `race({ name: 'mine', policy: recommended, tables: 'CREATE TABLE …', service: ({ db }) => ({ start: …, heartbeat: …, end: …, status: …, sweep: … }) })`;

/** Throws `UsageError` for what is missing or of the wrong kind. */
export function race(definition: RaceDefinition): Race {
  const { name, policy, tables, service } = definition as Partial<RaceDefinition>;
  if (typeof name !== 'string' || name === '') throw wrong('a race needs a name');
  if (typeof policy !== 'object') throw wrong(`the race '${name}' needs a policy`);
  if (typeof tables !== 'string' && typeof tables !== 'function')
    throw wrong(`the race '${name}' needs tables: SQL that makes them, or a function that does`);
  if (typeof service !== 'function')
    throw wrong(`the race '${name}' needs a service: a function that is handed { db, step, memory }`);
  validatePolicy(policy);
  return { about: name, ...definition, seatproof: 'race' };
}

export function isRace(value: unknown): value is Race {
  return typeof value === 'object' && value !== null && 'seatproof' in value && value.seatproof === 'race';
}

/** What to say of a file that exports something else. */
export function noRace(file: string): UsageError {
  return new UsageError(`the default export is not a race; write for example export default ${EXAMPLE}`, { file });
}

function wrong(what: string): UsageError {
  return new UsageError(`${what}; write for example ${EXAMPLE}`);
}
