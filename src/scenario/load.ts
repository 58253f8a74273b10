/** Reads scenario files: TypeScript through tsx, from wherever the user keeps them. */
import { pathToFileURL } from 'node:url';
import { isUsageError, UsageError, type Place } from '../core/failures.ts';
import type { Scenario } from './words/scenario.ts';

/** A scenario and the file it comes from, as an absolute path. */
export interface LoadedScenario {
  readonly file: string;
  readonly scenario: Scenario;
}

const EXAMPLE = `export default scenario({ title: '…', policy: recommended, cast: { … }, steps: ({ bot }) => [at('0s', bot.starts(), granted())] })`;

/** The scenarios of one file: its default export is a scenario, or a list of them. Throws `UsageError` with the place for anything else. */
export async function loadScenarios(file: string): Promise<readonly LoadedScenario[]> {
  await readTypeScript();
  const exported = defaultExport(await importFile(file));
  const scenarios = Array.isArray(exported) ? (exported as readonly unknown[]) : [exported];
  if (scenarios.length === 0 || !scenarios.every(isScenario)) {
    throw new UsageError(`the default export is not a scenario or a list of scenarios; write for example ${EXAMPLE}`, {
      file,
    });
  }
  return scenarios.map((scenario) => ({ file, scenario }));
}

let ready: Promise<unknown> | null = null;

/** Run from its own sources, this package is under a TypeScript loader already. */
async function readTypeScript(): Promise<void> {
  if (import.meta.url.endsWith('.ts')) return;
  ready ??= Promise.all([
    import('tsx/esm/api').then(({ register }) => register()),
    // A package without "type": "module" has its TypeScript files read as CommonJS.
    import('tsx/cjs/api').then(({ register }) => register()),
  ]);
  await ready;
}

async function importFile(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (isUsageError(error)) throw new UsageError(error.message, error.place ?? { file });
    throw new UsageError(explain(error), placeOf(error, file));
  }
}

/** A file read as CommonJS has its exports one level further down. */
function defaultExport(module: unknown): unknown {
  const outer = property(module, 'default');
  return isScenario(outer) || Array.isArray(outer) ? outer : (property(outer, 'default') ?? outer);
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

function isScenario(value: unknown): value is Scenario {
  return property(value, 'seatproof') === 'scenario';
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return `the file threw ${String(error)} while it was read`;
  const [first] = compileErrors(error);
  if (first !== undefined) return `the file does not compile: ${first.text}`;
  if ('code' in error && (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')) {
    return `the file imports what cannot be found: ${firstLine(error.message)}`;
  }
  if (error instanceof SyntaxError) return `the file does not compile: ${firstLine(error.message)}`;
  return `the file threw while it was read: ${error.name}: ${firstLine(error.message)}`;
}

function placeOf(error: unknown, file: string): Place {
  if (!(error instanceof Error)) return { file };
  const [first] = compileErrors(error);
  if (first?.location !== undefined && first.location !== null) return { file, line: first.location.line };
  const stack = error.stack ?? '';
  const at = [file, pathToFileURL(file).href].map((name) => stack.indexOf(`${name}:`)).find((index) => index >= 0);
  const line = at === undefined ? null : /:(\d+)/.exec(stack.slice(at).replace(/^file:\/\//, ''));
  return line?.[1] === undefined ? { file } : { file, line: Number(line[1]) };
}

interface CompileError {
  readonly text: string;
  readonly location?: { readonly line: number } | null;
}

/** What esbuild reports, which tsx passes on. */
function compileErrors(error: Error): readonly CompileError[] {
  return 'errors' in error && Array.isArray(error.errors) ? (error.errors as readonly CompileError[]) : [];
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
