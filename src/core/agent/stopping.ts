/** A client that is done with its session: the work comes to rest, then the session is given back. */
import type { ClientConfig } from '../client.ts';
import { goneNotice } from '../notices.ts';
import type { Gone } from '../reply.ts';
import { after, type Instant } from '../time.ts';
import type { AgentEffect, AgentInput, AgentStep, Fenced, Idle, Stopping, StopReason, Working } from './state.ts';

/** The user stops it, or a client that gives up at the first failure, or one that has no heartbeat to ask the server with. */
export function stop(
  state: Working | Fenced,
  why: Exclude<StopReason, 'gone'>,
  config: ClientConfig,
  now: Instant,
): AgentStep {
  return windDown(state, why, why === 'user' && config.release !== 'never', config, now);
}

/** The server said that the session is gone. A victim of a takeover says when it has stopped, so that nobody need wait for it. */
export function lose(state: Working | Fenced, reply: Gone, config: ClientConfig, now: Instant): AgentStep {
  const releases = reply.why === 'replaced' && config.release !== 'never';
  const step = windDown(state, 'gone', releases, config, now);
  return { state: step.state, effects: [...step.effects, { type: 'show', notice: goneNotice(reply.why) }] };
}

function windDown(
  state: Working | Fenced,
  why: StopReason,
  releases: boolean,
  config: ClientConfig,
  now: Instant,
): AgentStep {
  const { lease, sent } = state;
  const atRest = state.phase === 'fenced' && state.atRest;
  const stopping: Stopping = { phase: 'stopping', sent, lease, atRest, releases, attempt: null };
  // A fenced client has been told to stop its work already.
  const told: readonly AgentEffect[] = state.phase === 'working' ? [{ type: 'stop-work', why }] : [];
  const step =
    atRest || (releases && config.release === 'during-work')
      ? giveBack(stopping, config, now)
      : { state: stopping, effects: [] };
  return { state: step.state, effects: [...told, ...step.effects] };
}

/** Once the work is at rest, or before where the client is made so. */
export function giveBack(state: Stopping, config: ClientConfig, now: Instant): AgentStep {
  if (state.attempt !== null) return { state, effects: [] };
  return state.releases ? send(state, config.retries, now) : { state: rest(state), effects: [] };
}

/** The release is under way: it is repeated until something answers it. */
export function release(
  state: Stopping,
  input: Extract<AgentInput, { type: 'answer' | 'time' | 'wake' }>,
  config: ClientConfig,
  now: Instant,
): AgentStep {
  const { attempt } = state;
  if (attempt === null) return { state, effects: [] };
  if (input.type === 'answer') {
    const done = input.request >= attempt.request - (config.retries - attempt.left) && input.reply.type !== 'failed';
    return done ? released(state) : { state, effects: [] };
  }
  if (now < after(attempt.sentAt, config.requestTimeout)) return { state, effects: [] };
  return attempt.left > 0 ? send(state, attempt.left - 1, now) : released(state);
}

function send(state: Stopping, left: number, now: Instant): AgentStep {
  const { scope, session, term } = state.lease;
  const request = state.sent + 1;
  return {
    state: { ...state, sent: request, attempt: { request, sentAt: now, left } },
    effects: [{ type: 'send', request, command: { type: 'end', scope, session, term } }],
  };
}

function released(state: Stopping): AgentStep {
  const done: Stopping = { ...state, releases: false, attempt: null };
  return { state: done.atRest ? rest(done) : done, effects: [] };
}

function rest({ sent }: Stopping): Idle {
  return { phase: 'idle', sent, refusedBy: null, unanswered: null };
}
