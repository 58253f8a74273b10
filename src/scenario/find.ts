/** Finds scenario files in the folders and files that a user names. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../core/failures.ts';

const SCENARIO_FILE = /\.scenario\.[cm]?[jt]s$/;

/** Where this many files and folders are looked at in vain, a whole disk was named and not a folder of scenarios. */
const MOST = 50_000;

/**
 * The scenario files under these paths, absolute, in order of name. A file that is named is taken whatever it is called.
 * Throws `UsageError` for a path that is not there or cannot be read, that holds no scenario, or more than `most` other
 * things.
 */
export async function findScenarioFiles(paths: readonly string[], most = MOST): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => filesAt(path, most)));
  return [...new Set(found.flat())];
}

async function filesAt(path: string, most: number): Promise<readonly string[]> {
  const absolute = resolve(path);
  const kind = await stat(absolute).catch(() => null);
  if (kind === null) {
    throw new UsageError(
      `there is no file or folder '${path}'; name a scenario file, or a folder that holds some, for example seatproof run login.scenario.ts`,
    );
  }
  if (!kind.isDirectory()) return [absolute];
  const files = await filesBelow(path, absolute, most);
  if (files.length === 0) {
    throw new UsageError(
      `no scenario found in '${path}'; a scenario file is named like crash.scenario.ts and says export default scenario({ … })`,
    );
  }
  return files.sort().map((name) => join(absolute, name));
}

/** Relative to the folder. Folder by folder, so that no bound is passed by more than one of them. */
async function filesBelow(path: string, absolute: string, most: number): Promise<string[]> {
  const files: string[] = [];
  const folders = [''];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await entriesOf(join(absolute, folder), folder === '');
    seen += entries.length;
    if (seen > most) {
      throw new UsageError(
        `'${path}' holds more than ${most.toLocaleString('en')} files and folders; name the folder that holds the scenarios, for example seatproof run scenarios`,
      );
    }
    for (const entry of entries) {
      const name = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules') folders.push(name);
      } else if (SCENARIO_FILE.test(entry.name)) {
        files.push(name);
      }
    }
  }
  return files;
}

/** A folder that goes away meanwhile holds nothing. */
async function entriesOf(folder: string, isNamed: boolean): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' && !isNamed) return [];
    throw new UsageError(
      `the folder '${folder}' cannot be read (${code}); name one that can, for example seatproof run scenarios`,
    );
  }
}
