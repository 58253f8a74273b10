/** Pieces of TypeScript: texts, keys, times. */
import { formatDuration, type Duration, type Instant } from '../../core/time.ts';
import { entry, object, type Doc } from './layout.ts';

/** In single quotes, or in double ones where that needs no backslash. */
export function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (text.includes("'") && !text.includes('"')) return json;
  const inner = json
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`);
  return `'${inner}'`;
}

export const isIdentifier = (text: string): boolean => /^[A-Za-z_$][\w$]*$/.test(text);

/** A key of an object. `__proto__` would be no key unless it is computed. */
export function key(text: string): string {
  if (text === '__proto__') return `['__proto__']`;
  return isIdentifier(text) ? text : quoted(text);
}

export const duration = (ms: Duration): string => quoted(formatDuration(ms));
export const time = (at: Instant): string => duration(at as number as Duration);

/** Forward, or back: `'-1h'`. */
export function shift(ms: number): string {
  const size = formatDuration(Math.abs(ms) as Duration);
  return quoted(ms < 0 ? `-${size}` : size);
}

export const literal = (value: string | number | boolean | null): string =>
  typeof value === 'string' ? quoted(value) : String(value);

/** An object of those fields that there are; null where there is none. */
export function fields(given: Readonly<Record<string, Doc | null>>): Doc | null {
  const entries = Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [entry(key(name), value)]));
  return entries.length === 0 ? null : object(entries);
}
