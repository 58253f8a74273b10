/** The ledger of one seat, kept from commands and replies alone: which session was granted it, when its last acknowledged request came, and how it ended. */
import type { StartCommand } from '../core/command.ts';
import type { Granted } from '../core/reply.ts';
import type { Fingerprint, SessionId, Term } from '../core/seat.ts';
import { after, type Duration, type Instant } from '../core/time.ts';
import { closedBy, mayReplace, type Bounds } from './bounds.ts';
import type { AnsweredOperation } from './evidence.ts';

/** An acknowledged request: a start or a heartbeat. The store's clock; an interval where the instant is not certain. */
export interface Sign {
  readonly earliest: Instant;
  readonly latest: Instant;
  readonly kind: 'start' | 'heartbeat';
  readonly call: number;
}

/** How a tenure stands by the record. `at` is the store's clock, `call` what brought it about. */
export type TenureStanding =
  | { readonly type: 'held' }
  | { readonly type: 'released' | 'swept'; readonly at: Instant; readonly call: number }
  /**
   * It may have ended, and the service does not tell: a start was refused to which the policy lets it give way, or an end
   * did not present the latest credential.
   */
  | { readonly type: 'unsure'; readonly at: Instant; readonly call: number }
  | { readonly type: 'revoked'; readonly at: Instant; readonly call: number; readonly by: Fingerprint };

/** One session of one term. */
export interface Tenure {
  readonly id: SessionId;
  /** Null where no reply told it. */
  readonly term: Term | null;
  readonly device: Fingerprint;
  /** The credential that a reply returned last; null where none was told. */
  readonly credential: string | null;
  /** The call that was granted it first. */
  readonly call: number;
  readonly sign: Sign;
  /** The latest expiry that a reply announced. */
  readonly promised: Instant;
  readonly standing: TenureStanding;
  /** Until then the seat may stay closed to other devices, because of an earlier session of its own device. The store's clock. */
  readonly closedUntil: Instant | null;
  /** Its id, and those under which clients go on that joined it and were told no id. */
  readonly ids: readonly SessionId[];
  /** Ids of the starts that yielded this session, its own among them. */
  readonly startedAs: readonly SessionId[];
  /** Processes that were granted this session. */
  readonly actors: readonly (string | null)[];
  /** When a process of it died after its last acknowledged request (true time). */
  readonly crashedAt: Instant | null;
}

/** A wait that a device was told and that nothing has overtaken since. */
export interface AnnouncedWait {
  readonly device: Fingerprint;
  /** The store's clock from which a start succeeds. */
  readonly until: Instant;
  readonly call: number;
}

export interface Ledger {
  /** The session granted last, live or not. */
  readonly tenure: Tenure | null;
  /** The session of the grant before that one: over for good. */
  readonly former: SessionId | null;
  readonly waits: readonly AnnouncedWait[];
  /** The last end that named another session, since the last acknowledged request of the latest one. */
  readonly strayEnd: number | null;
  /** When a sweep last ran, by the store's clock. */
  readonly sweptAt: Instant | null;
}

export const EMPTY_LEDGER: Ledger = { tenure: null, former: null, waits: [], strayEnd: null, sweptAt: null };

/** A session as a command or a reply names it; parts that are not told are absent. */
export interface Named {
  readonly session?: SessionId;
  readonly term?: Term | null;
  readonly device?: Fingerprint;
}

/**
 * Whether a request presents the credential that was returned last, or none where none was returned. A retry of a start and
 * a rotation replace the credential, and the answer that returns it may be lost, so a service need not accept a request
 * with an earlier one or with none, although its session is live.
 */
export function presents({ credential }: Tenure, request: { readonly credential?: string }): boolean {
  return (request.credential ?? null) === credential;
}

/** Whether this is the session named. False where another is named, or none. */
export function names(tenure: Tenure | null, named: Named | null | undefined): boolean {
  return tenure !== null && named !== null && named !== undefined && identifies(tenure, named) === true;
}

/** Whether a session is the one named, by what both tell. */
export function isNamed(
  { session, term }: { readonly session: SessionId; readonly term: Term | null },
  named: Named | null | undefined,
): boolean {
  if (named === null || named === undefined) return false;
  const sameTerm = term === null || (named.term ?? null) === null ? null : term === named.term;
  return named.session === undefined ? sameTerm === true : named.session === session && sameTerm !== false;
}

/** Whether another session is named. False where this one is named, or where too little is told to say. */
export function namesAnother(tenure: Tenure | null, named: Named | undefined): boolean {
  if (named === undefined) return false;
  return tenure === null ? isTold(named) : identifies(tenure, named) === false;
}

/** Null where too little is told. A session id decides, then a term; a device alone stands for its latest session. */
function identifies(tenure: Tenure, { session, term = null, device }: Named): boolean | null {
  const sameTerm = term === null || tenure.term === null ? null : term === tenure.term;
  if (session !== undefined) return tenure.ids.includes(session) && sameTerm !== false;
  if (sameTerm !== null) return sameTerm;
  return device === undefined ? null : device === tenure.device;
}

function isTold({ session, term = null, device }: Named): boolean {
  return session !== undefined || term !== null || device !== undefined;
}

/** The session that a start was granted: where the reply does not name it, the one asked for, or the one it joins. */
export function sessionGranted(
  { session, term }: Granted,
  command: StartCommand,
  tenure: Tenure | null,
  { policy }: Bounds,
): { readonly session: SessionId; readonly term: Term | null } {
  const held = tenure?.standing.type === 'held' ? tenure : null;
  const joined = policy.sameDevice === 'join' && held?.device === command.device ? held : null;
  const id = session ?? joined?.id ?? command.session;
  return { session: id, term: term ?? null };
}

/** Whether a grant leaves open if it is the session that its device has already or a new one. */
export function leavesOpen({ session, term }: Granted, command: StartCommand, tenure: Tenure): boolean {
  return session === undefined && term === undefined && command.session !== tenure.id;
}

/** Whether the grant ended the live session: as the reply tells, or else as the policy has it. */
function replacedBy(reply: Granted, command: StartCommand, tenure: Tenure | null, bounds: Bounds): boolean {
  if (tenure === null || tenure.standing.type !== 'held') return false;
  return reply.replaced === undefined ? mayReplace(tenure, command, bounds) : names(tenure, reply.replaced);
}

/** The ledger after an answered call. A reply that contradicts the ledger leaves it as it is, unless it grants. */
export function entered(ledger: Ledger, operation: AnsweredOperation, bounds: Bounds, caller: Fingerprint): Ledger {
  const { command, answer, call } = operation;
  const { reply, storeTime } = answer;
  const { tenure } = ledger;
  switch (command.type) {
    case 'start':
      if (reply.type === 'granted') return granted(ledger, operation, reply, bounds);
      if (reply.type !== 'refused') return ledger;
      if (tenure !== null && tenure.standing.type === 'held' && names(tenure, reply.replaced)) {
        const standing = { type: 'revoked', at: storeTime, call, by: command.device } as const;
        return waitsFor({ ...ledger, tenure: { ...tenure, standing }, waits: [] }, command.device, operation, reply);
      }
      if (tenure !== null && tenure.standing.type === 'held' && mayHaveRevoked(tenure, command, reply, bounds)) {
        return { ...ledger, tenure: { ...tenure, standing: { type: 'unsure', at: storeTime, call } } };
      }
      return waitsFor(ledger, command.device, operation, reply);
    case 'heartbeat':
      if (reply.type !== 'renewed' || tenure === null || !names(tenure, command)) return ledger;
      if (tenure.standing.type !== 'held' && tenure.standing.type !== 'unsure') return ledger;
      return renewed(ledger, withCredential(tenure, reply), signOf(operation, reply, bounds), reply.expiry);
    case 'end':
      if (reply.type !== 'ended' && reply.type !== 'gone') return ledger;
      if (tenure === null || !names(tenure, command)) return { ...ledger, strayEnd: call };
      if (reply.type !== 'ended' || tenure.standing.type === 'released') return ledger;
      return {
        ...ledger,
        tenure: {
          ...tenure,
          standing: { type: presents(tenure, command) ? 'released' : 'unsure', at: storeTime, call },
        },
        waits: [],
      };
    case 'status':
      return reply.type === 'idle' ? waitsFor(ledger, caller, operation, reply) : ledger;
    case 'sweep': {
      if (reply.type !== 'swept') return ledger;
      const took = reply.sessions?.some((session) => names(tenure, session)) === true;
      if (tenure === null || !took || tenure.standing.type !== 'held') return { ...ledger, sweptAt: storeTime };
      const standing = { type: 'swept', at: storeTime, call } as const;
      return { ...ledger, tenure: { ...tenure, standing }, sweptAt: storeTime };
    }
  }
}

/** The ledger after a process died. */
export function crashed(ledger: Ledger, actor: string, at: Instant): Ledger {
  const { tenure } = ledger;
  if (tenure === null || !tenure.actors.includes(actor)) return ledger;
  return { ...ledger, tenure: { ...tenure, crashedAt: at } };
}

const NOTHING_PROMISED = -Infinity as Instant;

/** The ledger after the store's clock was set back: what is counted from its instants says nothing any more. */
export function setBack(ledger: Ledger): Ledger {
  const { tenure } = ledger;
  const unpromised = tenure === null ? null : { ...tenure, promised: NOTHING_PROMISED };
  return { ...ledger, tenure: unpromised, waits: [], sweptAt: null };
}

/** The ledger after an acknowledged request of the session that has the seat. */
export function renewed(ledger: Ledger, tenure: Tenure, sign: Sign, told: Instant = NOTHING_PROMISED): Ledger {
  const promised = told > tenure.promised ? told : tenure.promised;
  return {
    ...ledger,
    tenure: { ...tenure, sign, promised, standing: { type: 'held' }, crashedAt: null },
    waits: [],
    strayEnd: null,
  };
}

function withCredential(tenure: Tenure, { credential }: { readonly credential?: string }): Tenure {
  return credential === undefined ? tenure : { ...tenure, credential };
}

/** The instant of an acknowledged request: what a told expiry implies, if that lies within the call, else the whole of the call. */
function signOf(operation: AnsweredOperation, { expiry }: { readonly expiry?: Instant }, bounds: Bounds): Sign {
  const { storeTime, slack } = operation.answer;
  const kind = operation.command.type === 'heartbeat' ? 'heartbeat' : 'start';
  const implied = ((expiry ?? Infinity) - bounds.boundary) as Instant;
  const earliest = (storeTime - slack) as Instant;
  if (implied >= earliest && implied <= storeTime) {
    return { earliest: implied, latest: implied, kind, call: operation.call };
  }
  return { earliest, latest: storeTime, kind, call: operation.call };
}

function granted(ledger: Ledger, operation: AnsweredOperation, reply: Granted, bounds: Bounds): Ledger {
  const { command, call, actor } = operation;
  if (command.type !== 'start') return ledger;
  const sign = signOf(operation, reply, bounds);
  const { tenure } = ledger;
  const named = sessionGranted(reply, command, tenure, bounds);
  if (tenure !== null && tenure.standing.type === 'held' && names(tenure, named)) {
    const startedAs = tenure.startedAs.includes(command.session)
      ? tenure.startedAs
      : [...tenure.startedAs, command.session];
    const actors = tenure.actors.includes(actor) ? tenure.actors : [...tenure.actors, actor];
    const ids =
      reply.session !== undefined || tenure.ids.includes(command.session)
        ? tenure.ids
        : [...tenure.ids, command.session];
    // A grant that tells no term may be a new one under the same session id, so the term is not known any more.
    const { term } = named;
    return renewed(ledger, { ...withCredential(tenure, reply), term, ids, startedAs, actors }, sign, reply.expiry);
  }
  const { session: id, term } = named;
  const startedAs = command.session === id ? [id] : [id, command.session];
  const ended = replacedBy(reply, command, tenure, bounds);
  return {
    ...ledger,
    tenure: {
      id,
      term,
      device: command.device,
      credential: reply.credential ?? null,
      call,
      sign,
      promised: reply.expiry ?? NOTHING_PROMISED,
      standing: { type: 'held' },
      ids: [id],
      closedUntil: closedBy(tenure, command.device, operation.answer.storeTime, ended, bounds),
      startedAs,
      actors: [actor],
      crashedAt: null,
    },
    former: tenure === null ? null : tenure.id,
    waits: [],
    strayEnd: null,
  };
}

/** A takeover whose grace has begun is a refusal; where the reply does not tell, the policy says whether it can be one. */
function mayHaveRevoked(
  tenure: Tenure,
  command: StartCommand,
  { replaced }: { readonly replaced?: Named | null },
  bounds: Bounds,
): boolean {
  if (replaced !== undefined || bounds.graceAfterTakeover === 0 || tenure.device === command.device) return false;
  return mayReplace(tenure, command, bounds);
}

function waitsFor(
  ledger: Ledger,
  device: Fingerprint,
  operation: AnsweredOperation,
  { retryAfter }: { readonly retryAfter?: Duration },
): Ledger {
  if (retryAfter === undefined) return ledger;
  const until = after(operation.answer.storeTime, retryAfter);
  const known = ledger.waits.find((wait) => wait.device === device);
  if (known !== undefined && known.until <= until) return ledger;
  const others = ledger.waits.filter((wait) => wait.device !== device);
  return { ...ledger, waits: [...others, { device, until, call: operation.call }] };
}
