/** The scenarios that a command line asks for: found, read, and filtered. */
import path from 'node:path';
import { isUsageError } from '../core/failures.ts';
import { findScenarioFiles } from '../scenario/find.ts';
import type { Design } from '../designs/design.ts';
import type { Skipped } from '../report/run-report.ts';
import { designFor, misfitOnDatabase, misfitWith, runsOnDatabaseOnly } from '../scenario/design.ts';
import { loadScenarios } from '../scenario/load.ts';
import { withItsRequests } from '../world/requests.ts';
import type { Scenario } from '../scenario/words/scenario.ts';
import type { NamedDesign } from './design-flag.ts';
import { nearPath, UsageErrors } from './failures.ts';
import { wrongUsage } from './options.ts';

export interface Entry {
  readonly scenario: Scenario;
  /** As the user would write it. */
  readonly file: string;
  /** The folder that the file is in. */
  readonly group: string;
}

export interface Suite {
  readonly entries: readonly Entry[];
  /** Those that cannot be played, and why. */
  readonly skipped: readonly Skipped[];
}

/**
 * The scenarios; with a design, those that can be played against it. Throws `UsageErrors` with all files that cannot be
 * read, and `UsageError` where nothing is left to play.
 */
export async function loadSuite(
  paths: readonly string[],
  filter: string | null,
  against: NamedDesign | null,
): Promise<Suite> {
  const design = against?.design ?? null;
  const entries = await loadEntries(paths, filter, design);
  const played: Entry[] = [];
  const skipped: Skipped[] = [];
  for (const entry of entries) {
    const reason = misfit(entry.scenario, against);
    if (reason === null) played.push({ ...entry, scenario: await opened(entry.scenario, design) });
    else skipped.push(skippedOf(entry, reason));
  }
  const [first] = skipped;
  if (played.length > 0 || first === undefined || against === null) return { entries: played, skipped };
  throw wrongUsage(
    `none of the ${entries.length} scenarios can be played against ${against.design.name}; the first, '${first.title}': ` +
      `${first.reason}. A scenario without a policy takes the policy of the design`,
    `seatproof campaign --design ${against.text}`,
  );
}

function misfit(scenario: Scenario, against: NamedDesign | null): string | null {
  if (against !== null) return misfitWith(scenario, against.design, against.text);
  return runsOnDatabaseOnly(scenario) ? misfitOnDatabase(scenario.script) : null;
}

/** With the design that it is played against, and the requests that this has. */
async function opened(scenario: Scenario, design: Design | null): Promise<Scenario> {
  if (design !== null) return scenario.against(design);
  return scenario.design === null
    ? scenario
    : { ...scenario, design: await withItsRequests(designFor(scenario.design, scenario.script.policy)) };
}

export function skippedOf({ scenario: { script, place }, file }: Entry, reason: string): Skipped {
  return { title: script.title, file, line: place?.line ?? null, reason };
}

async function loadEntries(
  paths: readonly string[],
  filter: string | null,
  design: Design | null,
): Promise<readonly Entry[]> {
  const files = await findScenarioFiles(paths);
  const loaded = await Promise.allSettled(files.map((file) => loadScenarios(file, design)));
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
