/** What a design can be used for: which commands can use it, and which laws can be judged on it. */
import type { StartCommand } from '../core/command.ts';
import { isUsageError } from '../core/failures.ts';
import { FRESH_SEAT } from '../core/seat.ts';
import { START } from '../core/time.ts';
import { hasRequest, kindOf, REQUESTS, type Design, type RequestName } from '../designs/design.ts';
import { LICENSE } from '../designs/sql/system.ts';
import { LAWS } from '../laws/all.ts';
import type { Law } from '../laws/law.ts';
import type { DesignFacts } from '../report/design-facts.ts';
import { serverRuleOf } from '../search/exhaust/session/server-rule.ts';
import { isUntold, type Trial } from './design-trial.ts';

/** `design` has its requests filled in; `trial` is null for a design of figures alone, which tells everything. */
export async function factsOf(design: Design, trial: Trial | null): Promise<DesignFacts> {
  const kind = kindOf(design);
  const onDatabase = design.sql === null ? null : await design.sql();
  const showsRows = kind !== 'sql' || onDatabase?.rows !== undefined;
  const absent = REQUESTS.filter((request) => !hasRequest(design, request));
  return {
    name: design.name,
    about: design.about,
    kind,
    commands: commandsOf(design, absent),
    requests: { has: REQUESTS.filter((request) => hasRequest(design, request)), absent },
    laws: LAWS.map((law) => ({ code: law.code, name: law.name, why: unjudged(law, design, { showsRows, trial }) })),
    replies: trial?.replies ?? [],
    problems: trial?.problems ?? [],
    breaks: design.breaks,
    errors: design.errors ?? [],
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
    { command: 'exhaust', why: exhaustWhyNot(design, isSql, unsearched) },
    { command: 'compare', why: isSql ? 'its figures are measured in simulated time alone' : null },
  ];
}

const DEVICE = '00000000000000d1';
const START_ON_FRESH: StartCommand = {
  type: 'start',
  scope: { license: LICENSE, symbol: '' },
  session: 'session-1',
  device: DEVICE,
  takeOver: null,
};

/** The search asks a server that answers at once, keeps nothing besides its store, and tells the term. */
function exhaustWhyNot(design: Design, isSql: boolean, unsearched: RequestName | undefined): string | null {
  if (isSql) return 'the search needs a server that answers at once, in process';
  if (unsearched !== undefined) return `it has no ${unsearched} request, which the clients of the search send`;
  try {
    serverRuleOf(design, design.policy)([FRESH_SEAT], [START_ON_FRESH.scope], START_ON_FRESH, DEVICE, START);
    return null;
  } catch (error) {
    if (isUsageError(error)) return error.message.replace(`${design.name} `, 'it ');
    throw error;
  }
}

interface Seen {
  readonly showsRows: boolean;
  readonly trial: Trial | null;
}

function unjudged({ needs = {} }: Law, design: Design, { showsRows, trial }: Seen): string | null {
  const { request, told, rows, stores } = needs;
  if (stores === true && design.promises === null) return 'the design keeps its sessions in one store';
  if (rows === true && !showsRows) return 'the design does not list its rows (sql.rows)';
  if (request === 'sweep' && design.policy.cleanUp.type === 'lazy') return 'its clean-up is lazy, so no sweep is sent';
  if (request !== undefined && !hasRequest(design, request)) return `it has no ${request} request`;
  return told !== undefined && trial !== null && isUntold(trial, told) ? `the service does not tell ${told}` : null;
}
