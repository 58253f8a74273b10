/** A client that has a session: the heartbeat loop, and the fence. */
import type { ClientConfig } from '../client.ts';
import { FENCE_NOTICE } from '../notices.ts';
import type { Term } from '../seat.ts';
import { after, between, type Instant } from '../time.ts';
import { lose, stop } from './stopping.ts';
import type { AgentEffect, AgentInput, AgentStep, Attempt, Beat, Fenced, Lease, Working } from './state.ts';

type Answer = Extract<AgentInput, { type: 'answer' }>;

/**
 * A session was granted by an answer to what was sent at `sentAt`. The answer may come when it must not be used any more:
 * late, or after a sleep whose length no clock here has counted.
 */
export function begin(
  lease: Lease,
  { sent, sentAt, slept }: { readonly sent: number; readonly sentAt: Instant; readonly slept: boolean },
  config: ClientConfig,
  now: Instant,
): AgentStep {
  const due = after(config.pace === 'fixed' ? sentAt : now, config.heartbeat);
  const beat: Beat = { attempt: null, due: config.heartbeats === false ? null : due };
  if (slept || isStale(lease, config, now)) {
    const fencedAfter = slept ? sent : lease.since - 1;
    const late: Fenced = { phase: 'fenced', sent, lease, beat, atRest: true, fencedAfter, confirmed: false };
    return config.heartbeats === false ? stop(late, slept ? 'wake' : 'fence', config, now) : ask(late, config, now);
  }
  return work(sent, lease, beat);
}

function work(sent: number, lease: Lease, beat: Beat): AgentStep {
  const { scope, session, term } = lease;
  return { state: working(sent, lease, beat), effects: [{ type: 'begin-work', scope, session, term }] };
}

/** Every heartbeat makes two of these, and two copies by spread would cost as much as all the rest of this rule. */
function working(sent: number, lease: Lease, beat: Beat): Working {
  return { phase: 'working', sent, lease, beat };
}

/** The lease with a younger anchor. */
function anchored({ scope, session, term, since }: Lease, anchor: Instant): Lease {
  return { scope, session, term, since, anchor };
}

/** Time has passed, so a fence, an answer that did not come, or a heartbeat may be due: in this order. */
export function onTime(state: Working | Fenced, config: ClientConfig, now: Instant): AgentStep {
  if (state.phase === 'working' && isStale(state.lease, config, now)) {
    if (config.heartbeats === false) return stop(state, 'fence', config, now);
    // A renewal that is under way counts if it is young enough when it comes.
    const step = onTime(fenced(state, state.lease.since - 1), config, now);
    const paused: readonly AgentEffect[] = [
      { type: 'stop-work', why: 'fence' },
      { type: 'show', notice: FENCE_NOTICE },
    ];
    return { state: step.state, effects: [...paused, ...step.effects] };
  }
  const { attempt, due } = state.beat;
  const unanswered = attempt !== null && now >= after(attempt.sentAt, config.requestTimeout);
  if (unanswered && config.onFailure === 'stop') return stop(state, 'failure', config, now);
  if (due !== null && now >= due) return ask(state, config, now);
  if (!unanswered) return { state, effects: [] };
  if (attempt.left > 0) return heartbeat(state, attempt.left - 1, due, now);
  const next = due ?? after(now, config.heartbeat);
  return { state: { ...state, beat: { attempt: null, due: next } }, effects: [] };
}

/** Sends the next heartbeat now, in place of one that still waits for its answer. */
function ask(state: Working | Fenced, config: ClientConfig, now: Instant): AgentStep {
  return heartbeat(state, config.retries, config.pace === 'fixed' ? nextDue(state.beat.due, config, now) : null, now);
}

/** Heartbeats keep their rhythm; those whose time passed while nobody could send them are left out. */
function nextDue(due: Instant | null, config: ClientConfig, now: Instant): Instant {
  if (due === null || due > now) return after(now, config.heartbeat);
  const missed = Math.floor(between(due, now) / config.heartbeat);
  return (due + (missed + 1) * config.heartbeat) as Instant;
}

function heartbeat(state: Working | Fenced, left: number, due: Instant | null, now: Instant): AgentStep {
  const request = state.sent + 1;
  const { scope, session, term } = state.lease;
  const attempt: Attempt = { request, sentAt: now, left };
  const beat: Beat = { attempt, due };
  return {
    state: state.phase === 'working' ? working(request, state.lease, beat) : { ...state, sent: request, beat },
    effects: [{ type: 'send', request, command: { type: 'heartbeat', scope, session, term } }],
  };
}

export function answered(state: Working | Fenced, input: Answer, config: ClientConfig, now: Instant): AgentStep {
  const { reply, request } = input;
  const { session, term, since } = state.lease;
  if (request < since) return { state, effects: [] };
  switch (reply.type) {
    case 'renewed':
      return isSameTerm(reply.term, term) ? acknowledged(state, input, config, now) : { state, effects: [] };
    case 'granted':
      // The answer to another attempt of the start.
      if ((reply.session ?? session) !== session || !isSameTerm(reply.term, term)) return { state, effects: [] };
      return acknowledged(state, input, config, now);
    case 'gone':
      if (config.onGone === 'stop') return lose(state, reply, config, now);
      return { state: { ...state, beat: settled(state.beat, request, config, now) }, effects: [] };
    case 'failed':
      // Treated as no answer: the next attempt comes when this one's time is up.
      return config.onFailure === 'stop' ? stop(state, 'failure', config, now) : { state, effects: [] };
    default:
      return { state, effects: [] };
  }
}

/** A term that was not told contradicts none. */
function isSameTerm(told: Term | undefined, term: Term | null): boolean {
  return told === undefined || term === null || told === term;
}

function acknowledged(state: Working | Fenced, input: Answer, config: ClientConfig, now: Instant): AgentStep {
  const from = config.fenceFrom === 'send' ? input.sentAt : now;
  const lease = from > state.lease.anchor ? anchored(state.lease, from) : state.lease;
  const beat = settled(state.beat, input.request, config, now);
  if (state.phase === 'working') return { state: working(state.sent, lease, beat), effects: [] };
  const confirmed = state.confirmed || input.request > state.fencedAfter;
  return resume({ ...state, lease, beat, confirmed }, config, now);
}

/** The loop after an answer. One to an earlier attempt of the same heartbeat does as well. */
function settled(beat: Beat, request: number, config: ClientConfig, now: Instant): Beat {
  const { attempt } = beat;
  // The answer to another attempt of the start.
  if (config.heartbeats === false) return beat;
  if (attempt === null || request < attempt.request - (config.retries - attempt.left)) return beat;
  return { attempt: null, due: beat.due ?? after(now, config.heartbeat) };
}

/** Works again, if its work has come to rest and the server has renewed its session since. */
export function resume(state: Fenced, config: ClientConfig, now: Instant): AgentStep {
  const { lease, beat, sent, atRest, confirmed } = state;
  return atRest && confirmed && !isStale(lease, config, now) ? work(sent, lease, beat) : { state, effects: [] };
}

/** The machine slept. What became of the session nobody here can know, so the server is asked before any work. */
export function suspendWork(state: Working | Fenced, config: ClientConfig, now: Instant): AgentStep {
  if (config.heartbeats === false) return stop(state, 'wake', config, now);
  const resting = state.phase === 'working' ? fenced(state, state.sent) : unconfirmed(state, state.sent);
  const step = ask(resting, config, now);
  return state.phase === 'working'
    ? { state: step.state, effects: [{ type: 'stop-work', why: 'wake' }, ...step.effects] }
    : step;
}

function fenced(state: Working, fencedAfter: number): Fenced {
  return { ...state, phase: 'fenced', atRest: false, fencedAfter, confirmed: false };
}

function unconfirmed(state: Fenced, fencedAfter: number): Fenced {
  return { ...state, fencedAfter, confirmed: false };
}

function isStale({ anchor }: Lease, { fence }: ClientConfig, now: Instant): boolean {
  return fence !== null && now >= after(anchor, fence);
}
