/** Clients that nothing tells apart any more, whatever comes, are one: what decides nothing is left out. */
import type { AgentState } from '../../../../core/agent/state.ts';
import type { ClientConfig } from '../../../../core/client.ts';
import type { StartCommand } from '../../../../core/command.ts';
import type { Instant } from '../../../../core/time.ts';
import { LAST_REQUEST, NOW } from './normal.ts';

type Leased = Extract<AgentState, { lease: unknown }>;

/** Whatever is under way. */
export function simplestAgent(state: AgentState, config: ClientConfig): AgentState {
  switch (state.phase) {
    case 'idle':
      // The next start repeats its name only.
      return state.unanswered === null ? state : { ...state, unanswered: givenUp(state.unanswered) };
    case 'starting':
      // It is not sent again.
      return state.attempt.left === 0 && state.otherwise === null ? { ...state, command: plain(state.command) } : state;
    case 'working':
    case 'fenced': {
      const { fence } = config;
      const anchor = fence === null ? NOW : (Math.max(state.lease.anchor, NOW - fence) as Instant);
      return { ...anchored(state, anchor), beat: { ...state.beat, due: lastDue(state.beat.due, config) } };
    }
    case 'stopping':
      return since(anchored(state, NOW), 0);
  }
}

/** Of requests all that counts is which of those under way, a bit each, came first. */
export function amongRequests(state: AgentState, underWay: number): AgentState {
  const before = (request: number): number => 32 - Math.clz32(underWay & ((1 << request) - 1));
  switch (state.phase) {
    case 'idle': {
      const { unanswered } = state;
      return unanswered === null ? state : { ...state, unanswered: { ...unanswered, since: before(unanswered.since) } };
    }
    case 'starting':
      // Whether it is the only attempt counts as well.
      return state.since === state.attempt.request ? state : { ...state, since: before(state.since) };
    case 'working':
      return since(state, before(state.lease.since));
    case 'fenced': {
      const after = before(state.fencedAfter + 1);
      return { ...since(state, before(state.lease.since)), fencedAfter: Math.max(0, after - 1) };
    }
    case 'stopping':
      return state;
  }
}

/** The numbers of the requests whose answer is one to what an agent waits for, a bit each: it reckons with those between as well. */
export function attemptsOf(state: AgentState, { retries }: ClientConfig): number {
  const attempt = state.phase === 'stopping' ? state.attempt : 'beat' in state ? state.beat.attempt : null;
  if (attempt === null) return 0;
  const first = Math.max(0, attempt.request - (retries - attempt.left));
  return ((1 << (LAST_REQUEST + 1)) - 1) & ~((1 << first) - 1);
}

/** Of heartbeats whose time has passed only the last one counts, and where there is no rhythm to keep, not when it was. */
function lastDue(due: Instant | null, { pace, heartbeat }: ClientConfig): Instant | null {
  if (due === null || due >= NOW) return due;
  return pace === 'fixed' ? ((NOW - ((NOW - due) % heartbeat)) as Instant) : NOW;
}

function givenUp<Unanswered extends { readonly command: StartCommand }>(unanswered: Unanswered): Unanswered {
  return { ...unanswered, command: plain(unanswered.command) };
}

function plain(command: StartCommand): StartCommand {
  return { ...command, takeOver: null };
}

function anchored<State extends Leased>(state: State, anchor: Instant): State {
  return { ...state, lease: { ...state.lease, anchor } };
}

function since<State extends Leased>(state: State, request: number): State {
  return { ...state, lease: { ...state.lease, since: request } };
}
