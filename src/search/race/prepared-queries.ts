/**
 * Makes a client of node-postgres prepare its statements with values, under names of ours. A race sends the same few
 * statements over and over, and the server takes longer to parse and plan them than to execute them.
 */
import type { PoolClient, QueryConfig } from 'pg';

export function prepareQueries(client: PoolClient): void {
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    let name = names.get(text);
    if (name === undefined) names.set(text, (name = `seatproof_race_${names.size}`));
    return name;
  };
  const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
  client.query = ((first: unknown, second: unknown, ...rest: readonly unknown[]): unknown => {
    if (typeof first === 'string' && hasValues(second)) {
      return query({ name: nameOf(first), text: first }, second, ...rest);
    }
    if (isPlain(first) && first.name === undefined && hasValues(first.values ?? second)) {
      return query({ ...first, name: nameOf(first.text) }, second, ...rest);
    }
    return query(first, second, ...rest);
  }) as typeof client.query;
}

function hasValues(values: unknown): boolean {
  return Array.isArray(values) && values.length > 0;
}

/** Not an object of a class, which may read its text from private fields. */
function isPlain(config: unknown): config is QueryConfig {
  return typeof config === 'object' && config !== null && Object.getPrototypeOf(config) === Object.prototype;
}
