/** The scenarios that a command line asks for: found, read, and filtered. */
import path from 'node:path';
import { isUsageError } from '../core/failures.ts';
import { findScenarioFiles } from '../scenario/find.ts';
import { loadScenarios } from '../scenario/load.ts';
import type { Scenario } from '../scenario/words/scenario.ts';
import { nearPath, UsageErrors } from './failures.ts';
import { wrongUsage } from './options.ts';

export interface Entry {
  readonly scenario: Scenario;
  /** As the user would write it. */
  readonly file: string;
  /** The folder that the file is in. */
  readonly group: string;
}

/** Throws `UsageErrors` with all files that cannot be read, and `UsageError` where nothing is left to play. */
export async function loadSuite(paths: readonly string[], filter: string | null): Promise<readonly Entry[]> {
  const files = await findScenarioFiles(paths);
  const loaded = await Promise.allSettled(files.map((file) => loadScenarios(file)));
  const errors = loaded.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const [first] = errors;
  if (first !== undefined) {
    if (errors.length > 1 && errors.every(isUsageError)) throw new UsageErrors(errors);
    throw first;
  }
  const entries = loaded
    .flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    .map(({ file, scenario }): Entry => {
      const group = path.basename(path.dirname(file));
      return { scenario, file: nearPath(file), group };
    });
  return filter === null ? entries : matching(entries, filter);
}

function matching(entries: readonly Entry[], filter: string): readonly Entry[] {
  const wanted = filter.toLowerCase();
  const found = entries.filter(
    ({ file, scenario }) => file.toLowerCase().includes(wanted) || scenario.script.title.toLowerCase().includes(wanted),
  );
  if (found.length > 0) return found;
  const [first] = entries;
  throw wrongUsage(
    `--filter: none of the ${entries.length} scenarios has '${filter}' in its title or path`,
    `seatproof run --filter '${first?.scenario.script.title.replaceAll("'", `'\\''`) ?? 'crash'}'`,
  );
}
