/** How laws speak of devices, sessions and times: by the names of the cast and in seconds. */
import type { Failed, NamedHolder } from '../core/reply.ts';
import type { Fingerprint, Scope, SessionId, Term } from '../core/seat.ts';
import { formatDuration, formatInstant, type Duration, type Instant } from '../core/time.ts';
import type { History } from '../history/history.ts';
import type { Ages } from './bounds.ts';
import type { Operation } from './evidence.ts';
import type { Tenure } from './ledger.ts';

export interface Telling {
  readonly device: (fingerprint: Fingerprint) => string;
  /** `laptop (term 2)`, or `laptop` where no term is told. */
  readonly tenure: (tenure: Pick<Tenure, 'device' | 'term'>) => string;
  /** What a condition on the session has to name: `session id and term`, or `session id` where no term is told. */
  readonly key: (named: Pick<Tenure, 'term'>) => string;
  /** `the last acknowledged request of laptop (term 2) came at 20s`. */
  readonly lastRequest: (tenure: Pick<Tenure, 'device' | 'term' | 'sign'>) => string;
  readonly session: (named: { readonly session: SessionId; readonly term: Term | null }) => string;
  /** A holder as a reply names it, by what the reply tells. */
  readonly holder: (named: NamedHolder | undefined) => string;
  readonly caller: (operation: Operation) => string;
  /** `a start of laptop`. */
  readonly request: (operation: Operation) => string;
  readonly scope: (scope: Scope) => string;
  readonly age: (ages: Ages) => string;
  readonly instant: (at: Instant) => string;
  readonly duration: (duration: Duration) => string;
}

export function tellingOf(history: History): Telling {
  const devices = new Map(history.cast.map(({ fingerprint, device }) => [fingerprint, device]));
  const device = (fingerprint: Fingerprint): string => devices.get(fingerprint) ?? fingerprint;
  const nameOf = (tenure: Pick<Tenure, 'device' | 'term'>): string => `${device(tenure.device)}${ofTerm(tenure.term)}`;
  const caller = ({ actor, command }: Operation): string =>
    command.type === 'start' ? device(command.device) : (actor ?? 'the server');
  return {
    device,
    tenure: nameOf,
    key: ({ term }) => (term === null ? 'session id' : 'session id and term'),
    lastRequest: (tenure) =>
      `the last acknowledged request of ${nameOf(tenure)} came at ${formatInstant(tenure.sign.latest)}`,
    session: ({ session, term }) => `session ${session}${ofTerm(term)}`,
    holder: ({ device: of, session, term = null } = {}) => {
      if (of !== undefined) return `${device(of)}${ofTerm(term)}`;
      if (session !== undefined) return `session ${session}${ofTerm(term)}`;
      return term === null ? 'a holder that the reply does not name' : `the session of term ${term}`;
    },
    caller,
    request: (operation) =>
      `${operation.command.type === 'end' ? 'an' : 'a'} ${operation.command.type} of ${caller(operation)}`,
    scope: ({ license, symbol }) => (symbol === '' ? `license ${license}` : `${symbol} of license ${license}`),
    age: ({ least, most }) =>
      least === most ? formatDuration(least) : `${formatDuration(least)} to ${formatDuration(most)}`,
    instant: formatInstant,
    duration: formatDuration,
  };
}

/** `SQLSTATE 40001: could not serialize access`; empty where the reply tells neither the code nor a message. */
export function errorIn({ message = '', sqlstate }: Failed): string {
  const code = sqlstate === undefined ? '' : `SQLSTATE ${sqlstate}`;
  return [code, withoutStop(message)].filter((text) => text !== '').join(': ');
}

/** The text of a service as part of a sentence. */
export function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}

/** ` (term 2)`; empty where no term is told. */
function ofTerm(term: Term | null): string {
  return term === null ? '' : ` (term ${term})`;
}
