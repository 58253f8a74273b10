/** The package as npm packs it, made once for all tests that run the program: its tarball, and the same unpacked. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The file that `npm pack` made. */
    tarball: string;
    /** What is in it, with the packages that are installed here as its dependencies. */
    builtPackage: string;
  }
}

const TOP = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'seatproof-built-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // The embedded Postgres may run as another user.
    await chmod(folder, 0o755);
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: TOP });
    // What prepack prints comes first.
    const [report] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as readonly { readonly filename: string }[];
    if (report === undefined) throw new Error(`npm pack reported nothing: ${stdout}`);
    const tarball = path.join(folder, report.filename);
    await run('tar', ['-xzf', tarball, '-C', folder]);
    const unpacked = path.join(folder, 'package');
    await symlink(path.join(TOP, 'node_modules'), path.join(unpacked, 'node_modules'));
    provide('tarball', tarball);
    provide('builtPackage', unpacked);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}
