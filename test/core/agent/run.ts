/** Runs one client's rule by a list of inputs, gives it the time whenever that is due, and tells in words what it did. */
import { agent, dueAt } from '../../../src/core/agent.ts';
import { FRESH_AGENT, type AgentEffect, type AgentInput, type AgentState } from '../../../src/core/agent/state.ts';
import { clientOf, type ClientConfig } from '../../../src/core/client.ts';
import { recommended } from '../../../src/core/presets/recommended.ts';
import type { Gone, Refused, Reply } from '../../../src/core/reply.ts';
import { formatInstant, NO_TIME, parseDuration, type DurationText, type Instant } from '../../../src/core/time.ts';

/** Heartbeats every 20 s, three attempts of 5 s, a fence at 55 s. */
export const FENCED: ClientConfig = clientOf(recommended);
export const UNFENCED: ClientConfig = { ...FENCED, fence: null };

/** A run that does more is one without end. */
const MOST = 1_000;

const LICENSE = { license: 'L1', symbol: '' };

/** An input; an answer names the request that it answers, and the run knows when that was sent. */
type Given =
  | Exclude<AgentInput, { type: 'answer' }>
  | { readonly type: 'answer'; readonly request: number; readonly reply: Reply }
  /** It stands still until then: no time is given to it. */
  | { readonly type: 'hangs-until-now' };

export type Happening = readonly [DurationText, Given];

export const starts = (session = 's1', more: Partial<Extract<AgentInput, { type: 'start' }>> = {}): Given => ({
  type: 'start',
  scope: LICENSE,
  session,
  device: 'laptop',
  takeOver: false,
  ...more,
});
export const stops: Given = { type: 'stop' };
export const wakes: Given = { type: 'wake' };
export const restsNow: Given = { type: 'at-rest' };
export const hangs: Given = { type: 'hangs-until-now' };

const answer = (request: number, reply: Reply): Given => ({ type: 'answer', request, reply });
export const granted = (request: number, session = 's1', term = 1): Given =>
  answer(request, { type: 'granted', session, term, expiry: 0 as Instant, replaced: null, notice: null });
export const renewed = (request: number, term = 1): Given =>
  answer(request, { type: 'renewed', term, expiry: 0 as Instant });
export const refused = (request: number, term = 7): Given => {
  const holder = { session: 'other', device: 'desktop', term };
  const reply: Refused = {
    type: 'refused',
    reason: 'other-device',
    holder,
    retryAfter: NO_TIME,
    replaced: null,
    notice: 'in use',
  };
  return answer(request, reply);
};
export const gone = (request: number, why: Gone['why'] = 'expired'): Given =>
  answer(request, { type: 'gone', why, by: null });
export const ended = (request: number): Given => answer(request, { type: 'ended' });
export const failed = (request: number, why: 'store' | 'unknown-license' = 'store'): Given =>
  answer(request, { type: 'failed', why, message: 'no' });

/** `0s start #1`, `20s heartbeat #2`, `55s rests (fence)`; `until` gives it the time a little longer. */
export function did(config: ClientConfig, happenings: readonly Happening[], until?: DurationText): readonly string[] {
  return runAgent(config, happenings, until).told.filter((line) => !line.includes(' shows '));
}

export function runAgent(
  config: ClientConfig,
  happenings: readonly Happening[],
  until?: DurationText,
): { readonly told: readonly string[]; readonly state: AgentState } {
  const told: string[] = [];
  const sentAt = new Map<number, Instant>();
  let state: AgentState = FRESH_AGENT;
  const give = (input: AgentInput, now: Instant): void => {
    const step = agent(state, input, config, now);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.type === 'send') sentAt.set(effect.request, now);
      told.push(`${formatInstant(now)} ${inWords(effect)}`);
    }
  };
  const passTime = (end: Instant): void => {
    for (let due = dueAt(state, config); due !== null && due <= end; due = dueAt(state, config)) {
      give({ type: 'time' }, due);
      if (told.length > MOST) throw new Error(`it never comes to rest: ${told.slice(-3).join('; ')}`);
      if (dueAt(state, config) === due) throw new Error(`it has not done what was due at ${formatInstant(due)}`);
    }
  };
  for (const [text, given] of happenings) {
    const now = parseDuration(text) as number as Instant;
    if (given.type === 'hangs-until-now') {
      give({ type: 'time' }, now);
      continue;
    }
    // What comes at the instant at which something is due comes first.
    passTime((now - 1) as Instant);
    if (given.type !== 'answer') give(given, now);
    else give({ ...given, sentAt: sentAt.get(given.request) ?? (0 as Instant) }, now);
  }
  if (until !== undefined) passTime(parseDuration(until) as number as Instant);
  return { told, state };
}

function inWords(effect: AgentEffect): string {
  switch (effect.type) {
    case 'send': {
      const { command, request } = effect;
      if (command.type !== 'start') return `${command.type} #${request} of ${command.session}, term ${command.term}`;
      const takeOver = command.takeOver === null ? '' : `, taking over term ${command.takeOver}`;
      return `start #${request} of ${command.session}${takeOver}`;
    }
    case 'begin-work':
      return `works, term ${effect.term}`;
    case 'stop-work':
      return `stops (${effect.why})`;
    case 'show':
      return `shows ${effect.notice}`;
  }
}
