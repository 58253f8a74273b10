/** How instants, terms and request numbers are kept relative to now, to the current term, to the last request. */
import type { AgentState, Attempt, Beat, Lease } from '../../../../core/agent/state.ts';
import type { StartCommand } from '../../../../core/command.ts';
import type { Scope, Seat, Term } from '../../../../core/seat.ts';
import type { Instant } from '../../../../core/time.ts';

/** Now, on every clock, at all times: what happened is kept by how long ago it was. */
export const NOW = 1_000_000_000 as Instant;

/** The current term of each seat, at all times. */
export const CURRENT = 3;
/** The number of the last request sent, at all times. */
export const LAST_REQUEST = 12;

/** A term after one more grant. Those long past are all the same. */
export function older(term: number): number;
export function older(term: number | null): number | null;
export function older(term: number | null): number | null {
  return term === null ? null : Math.max(0, term - 1);
}

/** Maps the instants, terms (each that of a seat) and request numbers of an agent. */
interface Change {
  readonly time?: (at: Instant) => Instant;
  readonly term?: (term: number, scope: Scope) => number;
  readonly request?: (request: number) => number;
}

const same = <T>(value: T): T => value;

export function changedAgent(state: AgentState, { time = same, term = same, request = same }: Change): AgentState {
  const attempt = (each: Attempt): Attempt => ({
    request: request(each.request),
    sentAt: time(each.sentAt),
    left: each.left,
  });
  const beat = (each: Beat): Beat => ({
    attempt: each.attempt === null ? null : attempt(each.attempt),
    due: each.due === null ? null : time(each.due),
  });
  const lease = (each: Lease): Lease => ({
    scope: each.scope,
    session: each.session,
    term: each.term === null ? null : term(each.term, each.scope),
    since: request(each.since),
    anchor: time(each.anchor),
  });
  const sent = LAST_REQUEST;
  switch (state.phase) {
    case 'idle': {
      const { refusedBy, unanswered } = state;
      return {
        phase: 'idle',
        sent,
        refusedBy: refusedBy === null || !isCurrent(refusedBy.term, refusedBy.scope) ? null : refusedBy,
        unanswered:
          unanswered === null ? null : { command: start(unanswered.command), since: request(unanswered.since) },
      };
    }
    case 'starting':
      return {
        phase: 'starting',
        sent,
        command: start(state.command),
        since: request(state.since),
        otherwise: state.otherwise,
        attempt: attempt(state.attempt),
        slept: state.slept,
      };
    case 'working':
      return { phase: 'working', sent, lease: lease(state.lease), beat: beat(state.beat) };
    case 'fenced':
      return {
        phase: 'fenced',
        sent,
        lease: lease(state.lease),
        beat: beat(state.beat),
        atRest: state.atRest,
        fencedAfter: request(state.fencedAfter),
        confirmed: state.confirmed,
      };
    case 'stopping':
      return {
        phase: 'stopping',
        sent,
        lease: lease(state.lease),
        atRest: state.atRest,
        releases: state.releases,
        attempt: state.attempt === null ? null : attempt(state.attempt),
      };
  }

  /** It takes over from whoever has the current term, or from nobody. */
  function start(command: StartCommand): StartCommand {
    const { takeOver, scope } = command;
    return takeOver === null || isCurrent(takeOver, scope) ? command : { ...command, takeOver: null };
  }

  function isCurrent(named: Term | 'any', scope: Scope): boolean {
    return named === 'any' || term(named, scope) === CURRENT;
  }
}

/** Maps the instants of a seat. When a session began decides nothing. */
export function changedSeat(seat: Seat, time: (at: Instant) => Instant): Seat {
  const { latest } = seat;
  if (latest === null) return seat;
  const { standing, closedUntil } = latest;
  const aged =
    standing.type === 'released'
      ? standing
      : standing.type === 'revoked'
        ? { ...standing, lastHeartbeat: time(standing.lastHeartbeat), revokedAt: time(standing.revokedAt) }
        : { ...standing, lastHeartbeat: time(standing.lastHeartbeat) };
  // What closes a seat no longer is as if it never had.
  const closed = closedUntil === null ? null : time(closedUntil);
  const open = closed === null || closed <= NOW;
  return { ...seat, latest: { ...latest, startedAt: NOW, closedUntil: open ? null : closed, standing: aged } };
}

/** Instants a `step` later; what is longer ago than `horizon` is all the same. */
export const later =
  (step: number, horizon: number) =>
  (at: Instant): Instant =>
    Math.max(at - step, NOW - horizon) as Instant;

/** Only the order of requests counts; of those in `bits` the last keeps its number, and each other comes next below. */
export function placeIn(bits: number, request: number): number {
  let above = 0;
  for (let each = request + 1; each <= LAST_REQUEST; each++) above += (bits >> each) & 1;
  return LAST_REQUEST - above;
}

/** The session names that a client or a message mentions, a bit each. */
export function namesIn(value: object): number {
  let bits = 0;
  // They are written `"session":"3"`, and that of a start to come `"otherwise":"3"`.
  for (const [, name] of JSON.stringify(value).matchAll(/"(?:session|otherwise)":"(\d)"/g)) bits |= 1 << Number(name);
  return bits;
}
