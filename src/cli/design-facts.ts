/** What can be known of a design without playing it: which commands can use it, and which laws can be judged on it. */
import { hasRequest, kindOf, REQUESTS, type Design, type RequestName } from '../designs/design.ts';
import { LAWS } from '../laws/all.ts';
import type { DesignFacts } from '../report/design-facts.ts';

/** `design` has its requests filled in. Only optional reply fields remain unknown: they show when requests are sent. */
export async function factsOf(design: Design): Promise<DesignFacts> {
  const kind = kindOf(design);
  const onDatabase = design.sql === null ? null : await design.sql();
  const withoutRows = kind === 'sql' && onDatabase?.rows === undefined;
  const absent = REQUESTS.filter((request) => !hasRequest(design, request));
  return {
    name: design.name,
    about: design.about,
    kind,
    commands: commandsOf(design, absent),
    requests: { has: REQUESTS.filter((request) => hasRequest(design, request)), absent },
    laws: LAWS.map(({ code, name }) => ({ code, name, why: unjudged(code, design, absent, withoutRows) })),
    breaks: design.breaks,
  };
}

function commandsOf(design: Design, absent: readonly RequestName[]): DesignFacts['commands'] {
  const isSql = kindOf(design) === 'sql';
  const unsearched = absent.find((request) => request === 'heartbeat' || request === 'end');
  const places = [...(design.sql === null ? [] : ['postgres']), ...(isSql ? [] : ['memory'])];
  return [
    { command: 'run', why: null },
    { command: 'campaign', why: null },
    { command: `race --on ${places.join(' or ')}`, why: null },
    ...(design.sql === null ? [{ command: 'race --on postgres', why: 'it has no SQL' }] : []),
    ...(isSql ? [{ command: 'race --on memory', why: 'it runs on a Postgres only' }] : []),
    { command: 'judge', why: null },
    { command: 'exhaust', why: exhaustWhyNot(isSql, unsearched) },
    { command: 'compare', why: isSql ? 'its figures are measured in simulated time alone' : null },
  ];
}

function exhaustWhyNot(isSql: boolean, unsearched: RequestName | undefined): string | null {
  if (isSql) return 'the search needs a server that answers at once, in process';
  return unsearched === undefined ? null : `it has no ${unsearched} request, which the clients of the search send`;
}

/** The requests without which a law is never put to the test. */
const NEEDS: Readonly<Record<string, RequestName>> = { P19: 'sweep', P3: 'heartbeat', P23: 'heartbeat' };

function unjudged(code: string, design: Design, absent: readonly RequestName[], withoutRows: boolean): string | null {
  const { policy, promises } = design;
  if (code === 'P8' && promises === null) return 'the design keeps its sessions in one store';
  if (withoutRows && (code === 'P6' || code === 'P22')) return 'the design does not list its rows (sql.rows)';
  if (code === 'P19' && policy.cleanUp.type === 'lazy') return 'its clean-up is lazy, so no sweep is sent';
  const needed = NEEDS[code];
  return needed !== undefined && absent.includes(needed) ? `it has no ${needed} request` : null;
}
