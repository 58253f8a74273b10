/** Reads scenario files: TypeScript through tsx, from wherever the user keeps them. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isUsageError, UsageError, type Place } from '../core/failures.ts';
import type { Design } from '../designs/design.ts';
import type { OpenScenario, Scenario } from './words/scenario.ts';

/** A scenario and the file it comes from, as an absolute path. */
export interface LoadedScenario {
  readonly file: string;
  readonly scenario: Scenario;
}

const EXAMPLE = `export default scenario({ title: '…', policy: recommended, cast: { … }, steps: ({ bot }) => [at('0s', bot.starts(), granted())] })`;

/**
 * The scenarios of one file: its default export is a scenario, or a list of them. A scenario without a policy takes that of
 * `design`. Throws `UsageError` with the place for anything else.
 */
export async function loadScenarios(file: string, design: Design | null = null): Promise<readonly LoadedScenario[]> {
  await readTypeScript();
  const exported = defaultExport(await importFile(file));
  const scenarios = Array.isArray(exported) ? (exported as readonly unknown[]) : [exported];
  if (scenarios.length === 0 || !scenarios.every((each) => isScenario(each) || isOpenScenario(each))) {
    throw new UsageError(`the default export is not a scenario or a list of scenarios; write for example ${EXAMPLE}`, {
      file,
    });
  }
  return scenarios.map((scenario) => ({ file, scenario: isScenario(scenario) ? scenario : closed(scenario, design) }));
}

function closed({ against, place }: OpenScenario, design: Design | null): Scenario {
  if (design !== null) return against(design);
  throw new UsageError(
    `this scenario has no policy; write one, for example policy: recommended, or name a design: seatproof run --design recommended`,
    place,
  );
}

/** What a file of another kind exports by default, read in the same way. Throws `UsageError` where it cannot be read. */
export async function loadDefaultExport(file: string): Promise<unknown> {
  await readTypeScript();
  const outer = property(await importFile(file), 'default');
  return property(outer, 'default') ?? outer;
}

let ready: Promise<unknown> | null = null;

/** Run from its own sources, this package is under a TypeScript loader already. */
export async function readTypeScript(): Promise<void> {
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
    // Node 20 gives a .cts file no ES module, such as this package, unless the file is required.
    if (file.endsWith('.cts')) return { default: createRequire(file)(file) as unknown };
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

function isOpenScenario(value: unknown): value is OpenScenario {
  return property(value, 'seatproof') === 'open scenario';
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return `the file threw ${String(error)} while it was read`;
  const report = compileReport(error);
  if (report !== null) return doesNotCompile(report.text);
  if ('code' in error && (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')) {
    const what = firstLine(error.message);
    const remedy = /'seatproof'/.test(what)
      ? '; run npm install --save-dev seatproof in the folder of this file or in one above. Seatproof saves its files within the project, where they find the package, if --out is a folder of the project, for example --out reports'
      : '';
    return `the file imports what cannot be found: ${what}${remedy}`;
  }
  const missing = /^\(0 , \w+\.(\w+)\) is not a function$/.exec(error.message)?.[1];
  if (missing !== undefined)
    return `the file imports '${missing}' from where there is no such thing; see how it is spelt`;
  if (error instanceof SyntaxError) return doesNotCompile(firstLine(error.message));
  return `the file threw while it was read: ${error.name}: ${firstLine(error.message)}`;
}

function doesNotCompile(why: string): string {
  return `the file does not compile: ${why}; mend it so that it reads for example ${EXAMPLE}`;
}

function placeOf(error: unknown, file: string): Place {
  if (!(error instanceof Error)) return { file };
  const report = compileReport(error);
  if (report !== null) return report.place;
  const stack = error.stack ?? '';
  const at = [file, pathToFileURL(file).href].map((name) => stack.indexOf(`${name}:`)).find((index) => index >= 0);
  const line = at === undefined ? null : /:(\d+)/.exec(stack.slice(at).replace(/^file:\/\//, ''));
  return line?.[1] === undefined ? { file } : { file, line: Number(line[1]) };
}

interface CompileReport {
  readonly text: string;
  /** The file that was named, or one that it imports. */
  readonly place: Place;
}

/** What esbuild reports. tsx compiles in a thread of its own, and of the error only the text comes out of it. */
function compileReport(error: Error): CompileReport | null {
  const [, file, line, text] = /^(.+):(\d+):\d+: ERROR: (.+)$/m.exec(error.message) ?? [];
  return file === undefined || text === undefined ? null : { text, place: { file, line: Number(line) } };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
