/** Whether a reply is like a pattern, and how either reads in a sentence. */
import type { Holder, Reply } from '../core/reply.ts';
import { formatDuration, formatInstant, type Duration, type Instant } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Actor } from '../history/history.ts';
import type { ReplyPattern } from './script.ts';

/** Whether this start was answered with a session that had been granted before. */
export interface Context {
  readonly cast: readonly Actor[];
  readonly sameSession: boolean;
}

export function matches(pattern: ReplyPattern, reply: Reply, context: Context): boolean {
  switch (pattern.type) {
    case 'granted':
      return (
        reply.type === 'granted' &&
        agrees(pattern.term, reply.term) &&
        agrees(pattern.replaced, deviceOf(reply.replaced, context)) &&
        agrees(pattern.sameSession, context.sameSession)
      );
    case 'refused':
      return (
        reply.type === 'refused' &&
        agrees(pattern.reason, reply.reason) &&
        agrees(pattern.retryAfter, reply.retryAfter) &&
        agrees(pattern.holder, deviceOf(reply.holder, context)) &&
        agrees(pattern.replaced, deviceOf(reply.replaced, context)) &&
        agrees(pattern.notice, reply.notice)
      );
    case 'renewed':
      return reply.type === 'renewed' && agrees(pattern.expiry, reply.expiry);
    case 'gone':
      return (
        reply.type === 'gone' && agrees(pattern.why, reply.why) && agrees(pattern.by, deviceName(reply.by, context))
      );
    case 'ended':
      return reply.type === 'ended';
    case 'active':
      return reply.type === 'active' && agrees(pattern.holder, deviceOf(reply.holder, context));
    case 'idle':
      return reply.type === 'idle' && agrees(pattern.retryAfter, reply.retryAfter);
    case 'swept':
      return reply.type === 'swept' && agrees(pattern.sessions, reply.sessions.length);
    case 'failed':
      return reply.type === 'failed' && agrees(pattern.why, reply.why);
    default:
      return unreachable(pattern);
  }
}

/** `refused (other-device, retry after 1ms)`. */
export function describePattern(pattern: ReplyPattern): string {
  const { type, ...fields } = pattern;
  return withFields(
    type,
    Object.entries(fields).map(([name, value]) => `${PHRASES[name] ?? name} ${describeValue(name, value)}`.trim()),
  );
}

/** `refused (other-device, held by laptop, retry after 20s)`. */
export function describeReply(reply: Reply, context: Context): string {
  switch (reply.type) {
    case 'granted':
      return withFields('granted', [
        `term ${reply.term}`,
        ...(reply.replaced === null ? [] : [`replaced ${deviceOf(reply.replaced, context)}`]),
        ...(context.sameSession ? ['the same session'] : []),
      ]);
    case 'refused':
      return withFields('refused', [
        reply.reason,
        `held by ${deviceOf(reply.holder, context)}`,
        `retry after ${formatDuration(reply.retryAfter)}`,
      ]);
    case 'renewed':
      return withFields('renewed', [`expiry ${formatInstant(reply.expiry)}`]);
    case 'gone':
      return withFields('gone', [reply.why, ...(reply.by === null ? [] : [`by ${deviceName(reply.by, context)}`])]);
    case 'active':
      return withFields('active', [`held by ${deviceOf(reply.holder, context)}`]);
    case 'idle':
      return withFields('idle', [`retry after ${formatDuration(reply.retryAfter)}`]);
    case 'swept':
      return withFields('swept', [`${reply.sessions.length} sessions`]);
    case 'failed':
      return withFields('failed', [reply.why, reply.message]);
    case 'ended':
      return 'ended';
    default:
      return unreachable(reply);
  }
}

const PHRASES: Record<string, string> = {
  reason: '',
  why: '',
  retryAfter: 'retry after',
  holder: 'held by',
  sessions: 'sessions:',
  sameSession: 'same session:',
};

function describeValue(name: string, value: unknown): string {
  if (name === 'retryAfter') return formatDuration(value as Duration);
  if (name === 'expiry') return formatInstant(value as Instant);
  return value === null ? 'nobody' : String(value);
}

function withFields(name: string, fields: readonly string[]): string {
  return fields.length === 0 ? name : `${name} (${fields.join(', ')})`;
}

function agrees<T>(expected: T | undefined, actual: T): boolean {
  return expected === undefined || expected === actual;
}

function deviceOf(holder: Holder | null, context: Context): string | null {
  return holder === null ? null : deviceName(holder.device, context);
}

/** The machine's name in the cast; the fingerprint itself where the cast does not have it. */
function deviceName(fingerprint: string | null, context: Context): string | null {
  if (fingerprint === null) return null;
  return context.cast.find((actor) => actor.fingerprint === fingerprint)?.device ?? fingerprint;
}
