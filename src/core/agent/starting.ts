/** A client that asks for the license, until it has an answer. */
import type { ClientConfig } from '../client.ts';
import type { StartCommand } from '../command.ts';
import { goneNotice, UNKNOWN_LICENSE_NOTICE, UNREACHABLE_NOTICE } from '../notices.ts';
import type { Granted } from '../reply.ts';
import type { Scope, SessionId } from '../seat.ts';
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
  const { scope, device } = input;
  // A start that may have been granted is repeated under its own id, so that it yields one session and not two.
  const again = isFor(state.unanswered?.command, input) ? state.unanswered : null;
  const command: StartCommand = {
    type: 'start',
    scope,
    session: again?.command.session ?? input.session,
    device,
    takeOver: input.takeOver && isSame(state.refusedBy?.scope, scope) ? (state.refusedBy?.term ?? null) : null,
  };
  const request = state.sent + 1;
  const otherwise = again === null ? null : input.session;
  return send({ command, since: again?.since ?? request, otherwise, slept: false }, request, config.retries, now);
}

function isFor(command: StartCommand | undefined, { scope, device }: Pick<StartCommand, 'scope' | 'device'>): boolean {
  return command?.device === device && isSame(command.scope, scope);
}

function isSame(a: Scope | undefined, b: Scope): boolean {
  return a?.license === b.license && a.symbol === b.symbol;
}

type Asking = Pick<Starting, 'command' | 'since' | 'otherwise' | 'slept'>;

function send({ command, since, otherwise, slept }: Asking, request: number, left: number, now: Instant): AgentStep {
  const attempt = { request, sentAt: now, left };
  return {
    state: { phase: 'starting', sent: request, command, since, otherwise, attempt, slept },
    effects: [{ type: 'send', request, command }],
  };
}

/** The answer to a start, to whichever of its attempts. */
export function onAttempt(state: Starting, input: Answer, config: ClientConfig, now: Instant): AgentStep {
  const { reply, request } = input;
  if (request < state.since) return { state, effects: [] };
  switch (reply.type) {
    case 'granted':
      return granted(state, input, reply, config, now);
    case 'refused': {
      // Another attempt may still be granted, when the holder has gone meanwhile.
      const open = state.attempt.request === state.since ? null : unansweredOf(state);
      const refusedBy = { scope: state.command.scope, term: reply.holder?.term ?? 'any' } as const;
      return {
        state: { phase: 'idle', sent: state.sent, refusedBy, unanswered: open },
        effects: shown(reply.notice),
      };
    }
    case 'gone':
      return state.otherwise === null
        ? giveUp(state, null, goneNotice(reply.why))
        : startAnew(state, state.otherwise, config, now);
    case 'failed':
      if (reply.why === 'unknown-license') return giveUp(state, null, UNKNOWN_LICENSE_NOTICE);
      // Treated as no answer: the next attempt comes when this one's time is up.
      return config.onFailure === 'stop' ? unavailable(state) : { state, effects: [] };
    default:
      return { state, effects: [] };
  }
}

/** The start that was repeated is over: it had been granted, and somebody has the seat since. The user wants a session still. */
function startAnew(state: Starting, session: SessionId, config: ClientConfig, now: Instant): AgentStep {
  const request = state.sent + 1;
  const command: StartCommand = { ...state.command, session };
  return send({ ...state, command, since: request, otherwise: null }, request, config.retries, now);
}

function granted(state: Starting, input: Answer, reply: Granted, config: ClientConfig, now: Instant): AgentStep {
  const { scope, session: asked } = state.command;
  const { session = asked, term = null, notice } = reply;
  const { state: next, effects } = begin(
    { scope, session, term, since: state.attempt.request, anchor: config.fenceFrom === 'send' ? input.sentAt : now },
    { sent: state.sent, sentAt: input.sentAt, slept: state.slept },
    config,
    now,
  );
  return { state: next, effects: [...effects, ...shown(notice)] };
}

function shown(notice: string | null | undefined): readonly AgentEffect[] {
  return notice === null || notice === undefined ? [] : [{ type: 'show', notice }];
}

/** The time of an attempt is up: the next one, or none. */
export function restart(state: Starting, config: ClientConfig, now: Instant): AgentStep {
  const { attempt, sent } = state;
  if (now < after(attempt.sentAt, config.requestTimeout)) return { state, effects: [] };
  if (attempt.left === 0 || config.onFailure === 'stop') return unavailable(state);
  return send(state, sent + 1, attempt.left - 1, now);
}

/** The user has turned away while an answer is open. */
export function turnAway(state: Starting): AgentStep {
  return { state: { phase: 'idle', sent: state.sent, refusedBy: null, unanswered: unansweredOf(state) }, effects: [] };
}

/**
 * Gives back what was granted after all to a start that had been given up, because the license must not wait for the
 * timeout. A session that the device had already, and shares with it, is not its own to give back.
 */
export function withdraw(state: Idle, { reply, request }: Answer, config: ClientConfig): AgentStep {
  const { unanswered } = state;
  if (unanswered === null || request < unanswered.since) return { state, effects: [] };
  const { scope, session } = unanswered.command;
  if (reply.type !== 'granted' || (reply.session ?? session) !== session || config.release === 'never')
    return { state, effects: [] };
  const sent = state.sent + 1;
  return {
    state: { ...state, sent, unanswered: null },
    effects: [{ type: 'send', request: sent, command: { type: 'end', scope, session, term: reply.term ?? null } }],
  };
}

function unavailable(state: Starting): AgentStep {
  return giveUp(state, unansweredOf(state), UNREACHABLE_NOTICE);
}

function unansweredOf({ command, since }: Starting): NonNullable<Idle['unanswered']> {
  return { command, since };
}

function giveUp(state: Starting, unanswered: Idle['unanswered'], notice: string): AgentStep {
  return {
    state: { phase: 'idle', sent: state.sent, refusedBy: null, unanswered },
    effects: [{ type: 'show', notice }],
  };
}
