/** Finds scenario files in the folders and files that a user names. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../core/failures.ts';

const SCENARIO_FILE = /\.scenario\.[cm]?[jt]s$/;

/** The scenario files under these paths, absolute, in order of name. A file that is named is taken whatever it is called. */
export async function findScenarioFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => filesAt(path)));
  return [...new Set(found.flat())];
}

async function filesAt(path: string): Promise<readonly string[]> {
  const absolute = resolve(path);
  const kind = await stat(absolute).catch(() => null);
  if (kind === null) {
    throw new UsageError(
      `there is no file or folder '${path}'; name a scenario file, or a folder that holds some, for example seatproof run login.scenario.ts`,
    );
  }
  if (!kind.isDirectory()) return [absolute];
  const names = await readdir(absolute, { recursive: true });
  const files = names.filter((name) => SCENARIO_FILE.test(name) && !/(^|[\\/])node_modules[\\/]/.test(name));
  if (files.length === 0) {
    throw new UsageError(
      `no scenario found in '${path}'; a scenario file is named like crash.scenario.ts and says export default scenario({ … })`,
    );
  }
  return files.sort().map((name) => join(absolute, name));
}
