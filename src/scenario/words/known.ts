/** Refuses what nobody reads. A misspelt field would be ignored, and the scenario would pass and check nothing. */
import { UsageError } from '../../core/failures.ts';
import { callerPlace } from './place.ts';

/** Throws `UsageError` for a field of `given` that is not one of `fields`. `what` begins the sentence: `granted()`. */
export function onlyKnown(what: string, given: object | undefined, fields: readonly string[]): void {
  if (given === undefined) return;
  if (typeof given !== 'object' || given === null) {
    throw new UsageError(
      `${what} takes an object with some of ${fields.join(', ')}, not '${String(given)}'`,
      callerPlace(),
    );
  }
  const unknown = Object.keys(given).find((field) => !fields.includes(field));
  if (unknown === undefined) return;
  const can = fields.length === 0 ? 'it has no fields' : `the fields are ${fields.join(', ')}`;
  throw new UsageError(`${what} has no field '${unknown}'; ${can}`, callerPlace());
}

/** Throws `UsageError` for a value that is not one of `values`; undefined stands for left out. */
export function oneOf(what: string, given: unknown, values: readonly string[]): void {
  if (given === undefined || (typeof given === 'string' && values.includes(given))) return;
  throw new UsageError(`${what} is ${JSON.stringify(given)}; write one of ${quoted(values)}`, callerPlace());
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}
