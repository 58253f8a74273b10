/** The client's rule: what a process that wants to work does next. */
import { onAttempt, restart, start, turnAway, withdraw } from './agent/starting.ts';
import type { AgentInput, AgentState, AgentStep, Fenced, Idle, Starting, Stopping, Working } from './agent/state.ts';
import { giveBack, release, stop } from './agent/stopping.ts';
import { answered, onTime, resume, suspendWork } from './agent/working.ts';
import type { ClientConfig } from './client.ts';
import { after, type Instant } from './time.ts';
import { unreachable } from './unreachable.ts';

/**
 * The client's rule. Pure: the same state, input, config and time give the same answer. `now` is the client's own clock,
 * the one that `config.clock` names. Whoever runs it carries out the effects in their order, and gives it the input `time`
 * when `dueAt` has come.
 */
export function agent(state: AgentState, input: AgentInput, config: ClientConfig, now: Instant): AgentStep {
  switch (state.phase) {
    case 'idle':
      return whileIdle(state, input, now, config);
    case 'starting':
      return whileStarting(state, input, config, now);
    case 'working':
      return whileWorking(state, input, config, now);
    case 'fenced':
      return whileFenced(state, input, config, now);
    case 'stopping':
      return whileStopping(state, input, config, now);
    default:
      return unreachable(state);
  }
}

/** When the state changes by itself: the instant at which the input `time` is due; null where it waits for something else. */
export function dueAt(state: AgentState, config: ClientConfig): Instant | null {
  switch (state.phase) {
    case 'idle':
      return null;
    case 'starting':
      return after(state.attempt.sentAt, config.requestTimeout);
    case 'working':
    case 'fenced': {
      const { beat, lease } = state;
      const fence = state.phase === 'working' && config.fence !== null ? after(lease.anchor, config.fence) : null;
      const unanswered = beat.attempt === null ? null : after(beat.attempt.sentAt, config.requestTimeout);
      return first(first(fence, beat.due), unanswered);
    }
    case 'stopping':
      return state.attempt === null ? null : after(state.attempt.sentAt, config.requestTimeout);
    default:
      return unreachable(state);
  }
}

function first(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function whileIdle(state: Idle, input: AgentInput, now: Instant, config: ClientConfig): AgentStep {
  if (input.type === 'start') return start(state, input, config, now);
  if (input.type === 'answer') return withdraw(state, input, config);
  return { state, effects: [] };
}

function whileStarting(state: Starting, input: AgentInput, config: ClientConfig, now: Instant): AgentStep {
  switch (input.type) {
    case 'answer':
      return onAttempt(state, input, config, now);
    case 'time':
      return restart(state, config, now);
    case 'wake':
      return restart({ ...state, slept: state.slept || config.onWake === 'ask' }, config, now);
    case 'stop':
      return turnAway(state);
    case 'start':
    case 'at-rest':
      return { state, effects: [] };
    default:
      return unreachable(input);
  }
}

function whileWorking(state: Working, input: AgentInput, config: ClientConfig, now: Instant): AgentStep {
  switch (input.type) {
    case 'answer':
      return answered(state, input, config, now);
    case 'time':
      return onTime(state, config, now);
    case 'wake':
      return config.onWake === 'ask' ? suspendWork(state, config, now) : onTime(state, config, now);
    case 'stop':
      return stop(state, 'user', config, now);
    case 'start':
    case 'at-rest':
      return { state, effects: [] };
    default:
      return unreachable(input);
  }
}

function whileFenced(state: Fenced, input: AgentInput, config: ClientConfig, now: Instant): AgentStep {
  switch (input.type) {
    case 'answer':
      return answered(state, input, config, now);
    case 'time':
      return onTime(state, config, now);
    case 'wake':
      return config.onWake === 'ask' ? suspendWork(state, config, now) : onTime(state, config, now);
    case 'at-rest':
      return resume({ ...state, atRest: true }, config, now);
    case 'stop':
      return stop(state, 'user', config, now);
    case 'start':
      return { state, effects: [] };
    default:
      return unreachable(input);
  }
}

function whileStopping(state: Stopping, input: AgentInput, config: ClientConfig, now: Instant): AgentStep {
  switch (input.type) {
    case 'at-rest':
      return giveBack({ ...state, atRest: true }, config, now);
    case 'answer':
    case 'time':
    case 'wake':
      return release(state, input, config, now);
    case 'start':
    case 'stop':
      return { state, effects: [] };
    default:
      return unreachable(input);
  }
}
