/** A design as users write it: a policy, and a service over Seatproof's store or over Postgres. */
import { clientOf, type ClientConfig } from '../core/client.ts';
import { UsageError } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import { suggest } from '../core/suggest.ts';
import { validatePolicy } from '../core/validate-policy.ts';
import { lawByCode } from '../laws/all.ts';
import type { SessionService } from '../service/port.ts';
import { withServer } from './change.ts';
import type { Design } from './design.ts';
import { promisedServer } from './promised-server.ts';
import { referenceDesign } from './reference.ts';
import type { ServiceHost } from './service-host.ts';
import { sqlOnly } from './sql/only.ts';
import type { SqlSystem } from './sql/system.ts';

interface Told {
  readonly name: string;
  readonly about?: string;
  /** What the service promises: it is judged by these figures. */
  readonly policy: Policy;
  /** Codes of laws that it is expected to break, for example `['P13']`: these findings do not fail a command. */
  readonly breaks?: readonly string[];
  /**
   * Errors that the service is known to answer with: SQLSTATEs such as `'40001'`, or names of errors such as `'TimeoutError'`.
   * Each is answered `failed` with `why: 'store'` and does not break P0. P13 still judges whether it locks a user out.
   */
  readonly errors?: readonly string[];
  /** How its clients differ from those that the policy wants: no fence, say, or one that gives up at the first failure. */
  readonly client?: Partial<ClientConfig>;
}

/** A service in SQL, and whether its replies are compared with the rule of the policy. */
export type SqlText = SqlSystem & { readonly keepsRule?: boolean };

/** A design as it is written: figures alone, a service in process (`serve`), or a service over Postgres (`sql`). */
export type DesignText = Told &
  (
    | { readonly serve?: never; readonly sql?: never }
    /** Makes the service of one process of an app server. It is called again after each crash, and for each server. */
    | { readonly serve: (host: ServiceHost) => SessionService; readonly sql?: never }
    | { readonly sql: SqlText; readonly serve?: never }
  );

/** What `design` returns. */
export interface WrittenDesign extends Design {
  readonly seatproof: 'design';
}

const FIELDS = ['name', 'about', 'policy', 'breaks', 'errors', 'client', 'serve', 'sql'];
const SQL_FIELDS = ['tables', 'service', 'rows', 'memory', 'mishap', 'keepsRule'];

const SERVE_EXAMPLE = `design({ name: 'my-service', policy: recommended, serve: (host) => new MyService(host) })`;
const SQL_EXAMPLE = `design({ name: 'my-service', policy: recommended, sql: { tables: 'CREATE TABLE …', service: ({ pool }) => new MyService(pool) } })`;

/** What to write in a design file. */
export const DESIGN_EXAMPLE = `export default ${SERVE_EXAMPLE}`;

/** Throws `UsageError` with a correct example for a field that is missing, unknown or of the wrong kind. */
export function design(text: DesignText): WrittenDesign {
  if (!isRecord(text)) throw wrong('a design is an object', SERVE_EXAMPLE);
  const { name, about, policy, breaks = [], errors = [], client, serve, sql }: Record<keyof DesignText, unknown> = text;
  if (typeof name !== 'string' || !/^[\w.-]{1,60}$/.test(name)) {
    throw wrong('a design needs a name of letters, digits, dots and hyphens', SERVE_EXAMPLE);
  }
  const own = `the design '${name}'`;
  onlyKnown(own, text, FIELDS, sql === undefined ? SERVE_EXAMPLE : SQL_EXAMPLE);
  if (!isRecord(policy)) throw wrong(`${own} needs a policy`, SERVE_EXAMPLE);
  if (about !== undefined && typeof about !== 'string') throw wrong(`about of ${own} is not a text`, SERVE_EXAMPLE);
  if (client !== undefined && !isRecord(client)) {
    throw wrong(
      `client of ${own} is not an object`,
      `design({ name: '${name}', policy: recommended, client: { fence: null } })`,
    );
  }
  if (!isTexts(breaks)) {
    throw wrong(
      `breaks of ${own} is not a list of laws`,
      `design({ name: '${name}', policy: recommended, breaks: ['P13'] })`,
    );
  }
  if (!isTexts(errors)) {
    throw wrong(
      `errors of ${own} is not a list of SQLSTATEs and names of errors`,
      `design({ name: '${name}', policy: recommended, errors: ['40001'] })`,
    );
  }
  if (serve !== undefined && sql !== undefined) {
    throw wrong(`${own} has both serve and sql; a design has one service`, SQL_EXAMPLE);
  }
  if (serve !== undefined && typeof serve !== 'function') {
    throw wrong(`serve of ${own} is not a function that returns a service`, SERVE_EXAMPLE);
  }
  validatePolicy(text.policy);
  for (const code of text.breaks ?? []) lawByCode(code);
  const config = { ...clientOf(text.policy), ...text.client };
  return {
    ...implementation(own, text),
    about: text.about ?? 'a design of your own',
    name,
    breaks: text.breaks ?? [],
    errors: text.errors ?? [],
    client: () => config,
    seatproof: 'design',
  };
}

function implementation(own: string, { name, policy, serve, sql }: DesignText): Design {
  if (serve !== undefined) {
    return { ...withServer(referenceDesign(policy, ''), (host) => promisedServer(host, serve)), promised: true };
  }
  if (sql === undefined) return referenceDesign(policy, '');
  checkSql(own, sql);
  const { keepsRule = false, ...system } = sql;
  return { ...sqlOnly(name, '', policy, () => Promise.resolve(system)), keepsRule };
}

function checkSql(own: string, sql: unknown): void {
  if (!isRecord(sql)) throw wrong(`sql of ${own} is not an object`, SQL_EXAMPLE);
  onlyKnown(`sql of ${own}`, sql, SQL_FIELDS, SQL_EXAMPLE);
  const { tables, service, rows, memory } = sql;
  if (typeof tables !== 'string' && typeof tables !== 'function') {
    throw wrong(`sql of ${own} needs tables: SQL that makes them, or a function that does`, SQL_EXAMPLE);
  }
  if (typeof service !== 'function') {
    throw wrong(`sql of ${own} needs a service: a function of { url, pool, step, memory }`, SQL_EXAMPLE);
  }
  for (const [field, value] of Object.entries({ rows, memory })) {
    if (value !== undefined && typeof value !== 'function') {
      throw wrong(`${field} in sql of ${own} is not a function`, SQL_EXAMPLE);
    }
  }
}

function onlyKnown(what: string, text: object, known: readonly string[], example: string): void {
  const unknown = Object.keys(text).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  const nearest = suggest(unknown, known);
  const meant = nearest === null ? '' : `. Did you mean '${nearest}'?`;
  throw wrong(`${what} has no field '${unknown}'; the fields are ${known.join(', ')}${meant}`, example);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(what: string, example: string): UsageError {
  return new UsageError(`${what}; write for example ${example}`);
}

/** Whether a value is what `design` returns, from any copy of this package. */
export function isDesign(value: unknown): value is WrittenDesign {
  return isRecord(value) && value['seatproof'] === 'design';
}
