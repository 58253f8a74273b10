/** A client that asks for the license, until it has an answer. */
import type { ClientConfig } from '../client.ts';
import type { StartCommand } from '../command.ts';
import { goneNotice, UNREACHABLE_NOTICE } from '../notices.ts';
import type { Granted, Reply } from '../reply.ts';
import { after, type Instant } from '../time.ts';
import type { AgentEffect, AgentInput, AgentStep, Idle, Starting } from './state.ts';
import { begin } from './working.ts';

type Answer = Extract<AgentInput, { type: 'answer' }>;

export function start(
  state: Idle,
  input: Extract<AgentInput, { type: 'start' }>,
  config: ClientConfig,
  now: Instant,
): AgentStep {
  const { scope, device, takeOver } = input;
  // A start that may have been granted is repeated under its own id, so that it yields one session and not two.
  const again = isFor(state.unanswered, input) ? state.unanswered : null;
  const command: StartCommand = {
    type: 'start',
    scope,
    session: again?.session ?? input.session,
    device,
    takeOver: takeOver ? state.refusedBy : null,
  };
  return send(command, state.sent + 1, config.retries, false, now);
}

function isFor(command: StartCommand | null, { scope }: Pick<StartCommand, 'scope'>): command is StartCommand {
  return command !== null && command.scope.license === scope.license && command.scope.symbol === scope.symbol;
}

function send(command: StartCommand, request: number, left: number, slept: boolean, now: Instant): AgentStep {
  return {
    state: { phase: 'starting', sent: request, command, attempt: { request, sentAt: now, left }, slept },
    effects: [{ type: 'send', request, command }],
  };
}

/** The answer to a start, to whichever of its attempts. */
export function onAttempt(state: Starting, input: Answer, config: ClientConfig, now: Instant): AgentStep {
  const { reply } = input;
  // What an earlier start was granted may have been given back since.
  if (input.request < firstRequest(state, config)) return { state, effects: [] };
  switch (reply.type) {
    case 'granted':
      return granted(state, input, reply, config, now);
    case 'refused':
      return {
        state: { phase: 'idle', sent: state.sent, refusedBy: reply.holder.term, unanswered: null },
        effects: [{ type: 'show', notice: reply.notice }],
      };
    case 'gone':
      return giveUp(state, null, goneNotice(reply.why));
    case 'failed':
      // Treated as no answer: the next attempt comes when this one's time is up.
      return config.onFailure === 'stop' ? unavailable(state) : { state, effects: [] };
    default:
      // An answer to a request before this start.
      return { state, effects: [] };
  }
}

function firstRequest({ attempt }: Starting, config: ClientConfig): number {
  return attempt.request - (config.retries - attempt.left);
}

function granted(state: Starting, input: Answer, reply: Granted, config: ClientConfig, now: Instant): AgentStep {
  const { scope } = state.command;
  const { session, term, notice } = reply;
  const shown: readonly AgentEffect[] = notice === null ? [] : [{ type: 'show', notice }];
  const { state: next, effects } = begin(
    { scope, session, term, since: state.attempt.request, anchor: config.fenceFrom === 'send' ? input.sentAt : now },
    { sent: state.sent, sentAt: input.sentAt, slept: state.slept },
    config,
    now,
  );
  return { state: next, effects: [...effects, ...shown] };
}

/** The time of an attempt is up: the next one, or none. */
export function restart(state: Starting, config: ClientConfig, now: Instant): AgentStep {
  const { attempt, command, sent } = state;
  if (now < after(attempt.sentAt, config.requestTimeout)) return { state, effects: [] };
  if (attempt.left === 0 || config.onFailure === 'stop') return unavailable(state);
  return send(command, sent + 1, attempt.left - 1, state.slept, now);
}

function unavailable(state: Starting): AgentStep {
  return giveUp(state, state.command, UNREACHABLE_NOTICE);
}

function giveUp(state: Starting, unanswered: StartCommand | null, notice: string): AgentStep {
  return {
    state: { phase: 'idle', sent: state.sent, refusedBy: null, unanswered },
    effects: [{ type: 'show', notice }],
  };
}

/** Gives back what was granted to a start that had been given up. */
export function withdraw(state: Idle, reply: Reply): AgentStep {
  const { unanswered, sent } = state;
  if (unanswered === null || reply.type !== 'granted') return { state, effects: [] };
  const { scope } = unanswered;
  const command = { type: 'end', scope, session: reply.session, term: reply.term } as const;
  const request = sent + 1;
  return { state: { ...state, sent: request, unanswered: null }, effects: [{ type: 'send', request, command }] };
}
