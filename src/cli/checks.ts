/** What `doctor` looks at, one entry a thing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadScenarios } from '../scenario/load.ts';
import { openReportFolder } from './output.ts';
import { PACKAGE } from './package.ts';

export interface CheckOutcome {
  readonly ok: boolean;
  /** What there is, or what is wrong. */
  readonly found: string;
  /** How to get it; null where there is nothing to do. */
  readonly remedy: string | null;
}

export interface CheckFlags {
  readonly out: string;
  readonly image: string;
}

export interface Check {
  readonly name: string;
  /** Whether a run without flags needs it. */
  readonly needed: boolean;
  look(flags: CheckFlags): Promise<CheckOutcome>;
}

export const CHECKS: readonly Check[] = [
  { name: 'node', needed: true, look: () => Promise.resolve(lookAtNode(process.versions.node)) },
  { name: 'typescript', needed: true, look: lookAtTypeScript },
  { name: 'reports', needed: true, look: ({ out }) => lookAtReports(out) },
  { name: 'temporary', needed: true, look: lookAtTemporaryFiles },
  { name: 'postgres', needed: true, look: lookAtEmbeddedPostgres },
  { name: 'docker', needed: false, look: ({ image }) => lookAtDocker(image) },
];

/** Whether that version of Node will do. */
export function lookAtNode(version: string): CheckOutcome {
  const wanted = PACKAGE.engines.node.replace(/^>=/, '');
  if (isAtLeast(version, wanted)) return fine(`Node ${version}; ${wanted} or newer is needed`);
  return {
    ok: false,
    found: `Node ${version} is too old; ${wanted} or newer is needed`,
    remedy: 'install it from https://nodejs.org, or with the version manager you use',
  };
}

/** Really reads a file: that also shows whether this Node can run the loader. */
async function lookAtTypeScript(): Promise<CheckOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'seatproof-'));
  try {
    const file = path.join(folder, 'probe.scenario.mts');
    await writeFile(file, `const kind: string = 'scenario';\nexport default { seatproof: kind };\n`);
    await loadScenarios(file);
    return fine('scenario files in TypeScript can be read');
  } catch (error) {
    return wrong('the loader for TypeScript', error, 'run npm install again, without --omit');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function lookAtReports(out: string): Promise<CheckOutcome> {
  try {
    await openReportFolder(out);
    return fine(`'${out}' can be written`);
  } catch (error) {
    return { ok: false, found: messageOf(error), remedy: null };
  }
}

async function lookAtTemporaryFiles(): Promise<CheckOutcome> {
  try {
    const folder = await mkdtemp(path.join(tmpdir(), 'seatproof-'));
    await rm(folder, { recursive: true });
    return fine(`'${tmpdir()}' can be written`);
  } catch (error) {
    return wrong(`'${tmpdir()}'`, error, 'set TMPDIR to a folder that can be written');
  }
}

/** Really sets one up and starts it: everything short of that can look well and fail. */
async function lookAtEmbeddedPostgres(): Promise<CheckOutcome> {
  const begun = performance.now();
  try {
    const { openServer } = await import('../postgres/server.ts');
    const server = await openServer({ type: 'embedded' });
    const took = ((performance.now() - begun) / 1000).toFixed(1);
    await server.close();
    return fine(`PostgreSQL ${server.version} (embedded), set up and started in ${took} s`);
  } catch (error) {
    return { ok: false, found: messageOf(error), remedy: null };
  }
}

async function lookAtDocker(image: string): Promise<CheckOutcome> {
  try {
    const { lookAtEngine } = await import('../postgres/engine.ts');
    const { version, hasImage } = await lookAtEngine(image);
    return {
      ok: true,
      found: `Docker ${version} answers; the image ${image} is ${hasImage ? 'there' : 'not there yet'}`,
      remedy: hasImage ? null : `docker pull ${image}, or name one that is there with --image`,
    };
  } catch (error) {
    return { ok: false, found: `${messageOf(error)}; only --postgres container needs one`, remedy: null };
  }
}

function fine(found: string): CheckOutcome {
  return { ok: true, found, remedy: null };
}

function wrong(what: string, error: unknown, remedy: string): CheckOutcome {
  return { ok: false, found: `${what} cannot be used: ${messageOf(error)}`, remedy };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Compares numbers, `20.19` with `20.20.2`. */
function isAtLeast(version: string, wanted: string): boolean {
  const [have, need] = [version, wanted].map((text) => text.split('.').map(Number));
  for (const [index, number] of (need ?? []).entries()) {
    const ours = have?.[index] ?? 0;
    if (ours !== number) return ours > number;
  }
  return true;
}
