/** The form in which distributions are written: a name and named values in parentheses, `lognormal(p50=80ms, p99=900ms)`. */
import { UsageError } from '../../core/failures.ts';
import { suggest } from '../../core/suggest.ts';
import { parseDuration } from '../../core/time.ts';

export interface Call {
  readonly name: string;
  has(key: string): boolean;
  /** Throws `UsageError` when it is missing, and when it is no duration or number. */
  text(key: string): string;
  duration(key: string): number;
  /** A duration above zero. */
  positive(key: string): number;
  number(key: string): number;
  /** Throws `UsageError` if a value was given that nobody asked for. */
  done(): void;
}

export function readCall(text: string, what: string, names: readonly string[], example: string): Call {
  const match = /^\s*([a-z][a-z-]*)\s*\((.*)\)\s*$/is.exec(text);
  const name = (match?.[1] ?? text.trim()).toLowerCase();
  if (match === null || !names.includes(name)) {
    if (names.includes(name)) {
      throw new UsageError(`${what}: '${text}' has no values in parentheses; write for example ${example}`);
    }
    if (/^\s*[a-z-]+\s*\([^)]*$/i.test(text)) {
      throw new UsageError(`${what}: '${text}' has no closing parenthesis; write for example ${example}`);
    }
    const nearest = suggest(/^[a-z-]*/i.exec(name)?.[0] ?? '', names);
    const known =
      names.length === 1 ? `write ${example}` : `there are ${names.join(', ')}; write for example ${example}`;
    const meant = nearest === null || names.length === 1 ? '' : `. Did you mean '${nearest}'?`;
    throw new UsageError(`${what}: '${text}' is not known; ${known}${meant}`);
  }
  const given = new Map<string, string>();
  for (const part of splitTop(match[2] ?? '')) {
    const at = part.indexOf('=');
    const key = part.slice(0, Math.max(0, at)).trim().toLowerCase();
    if (at < 1)
      throw new UsageError(`${what}: '${part.trim()}' in ${name}(…) has no name; write for example ${example}`);
    if (given.has(key)) throw new UsageError(`${what}: ${name}(…) says ${key} twice`);
    given.set(key, part.slice(at + 1).trim());
  }
  const asked = new Set<string>();
  const take = (key: string): string => {
    asked.add(key);
    const value = given.get(key);
    if (value === undefined) throw new UsageError(`${what}: ${name}(…) needs ${key}; write for example ${example}`);
    return value;
  };
  const durationOf = (key: string): number => {
    const value = take(key);
    try {
      return parseDuration(value);
    } catch {
      throw new UsageError(
        `${what}: ${key}=${value} is not a duration; write a number and a unit, for example ${key}=80ms`,
      );
    }
  };
  return {
    name,
    has: (key) => given.has(key),
    text: take,
    duration: durationOf,
    positive(key) {
      const value = durationOf(key);
      if (value <= 0) throw new UsageError(`${what}: ${key} must be above zero`);
      return value;
    },
    number(key) {
      const value = Number(take(key));
      if (!Number.isFinite(value) || value <= 0) {
        throw new UsageError(`${what}: ${key}=${given.get(key) ?? ''} is not a number above zero`);
      }
      return value;
    },
    done() {
      const extra = [...given.keys()].filter((key) => !asked.has(key));
      if (extra.length > 0) {
        throw new UsageError(`${what}: ${name}(…) knows no ${extra.join(', ')}; write for example ${example}`);
      }
    },
  };
}

/** Splits at the commas that are in no parentheses. */
function splitTop(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of text) {
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if (letter === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += letter;
  }
  return [...parts, part].filter((each) => each.trim() !== '');
}
