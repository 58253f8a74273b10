/** How a reply, and a pattern of one, reads in a sentence. */
import type { Reply } from '../core/reply.ts';
import { formatDuration, formatInstant } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import { deviceName, deviceOf, type Context } from './context.ts';
import type { ReplyPattern } from '../world/script.ts';

/** `refused (other-device, held by laptop, retry after 20s)`: the fields that the reply tells. */
export function describeReply(reply: Reply, context: Context): string {
  switch (reply.type) {
    case 'granted':
      return withFields('granted', [
        ...said(reply.term, (term) => `term ${term}`),
        ...said(reply.replaced ?? undefined, (holder) => `replaced ${deviceOf(holder, context)}`),
        ...(context.sameSession ? ['the same session'] : []),
      ]);
    case 'refused':
      return withFields('refused', [
        ...said(reply.reason, (reason) => reason),
        ...said(
          reply.holder,
          (holder) => `${reply.reason === 'grace' ? 'kept free after' : 'held by'} ${deviceOf(holder, context)}`,
        ),
        ...said(reply.replaced ?? undefined, (holder) => `having ended ${deviceOf(holder, context)}`),
        ...said(reply.retryAfter, (wait) => `retry after ${formatDuration(wait)}`),
      ]);
    case 'renewed':
      return withFields('renewed', [...said(reply.expiry, (expiry) => `expiry ${formatInstant(expiry)}`)]);
    case 'gone':
      return withFields('gone', [
        ...said(reply.why, (why) => why),
        ...said(reply.by ?? undefined, (device) => `by ${deviceName(device, context)}`),
      ]);
    case 'active':
      return withFields('active', [...said(reply.holder, (holder) => `held by ${deviceOf(holder, context)}`)]);
    case 'idle':
      return withFields('idle', [...said(reply.retryAfter, (wait) => `retry after ${formatDuration(wait)}`)]);
    case 'swept':
      return withFields('swept', [...said(reply.sessions, ({ length }) => `${length} sessions`)]);
    case 'failed':
      return withFields('failed', [...said(reply.why, (why) => why), ...said(reply.message, (message) => message)]);
    case 'ended':
      return 'ended';
    default:
      return unreachable(reply);
  }
}

/** `refused (other-device, retry after 1ms)`: the fields that the pattern names. */
export function describePattern(pattern: ReplyPattern): string {
  switch (pattern.type) {
    case 'granted':
      return withFields('granted', [
        ...said(pattern.term, (term) => `term ${term}`),
        ...said(pattern.replaced, (device) => `replaced ${device ?? 'nobody'}`),
        ...said(pattern.sameSession, (same) => (same ? 'the same session' : 'a new session')),
      ]);
    case 'refused':
      return withFields('refused', [
        ...said(pattern.reason, (reason) => reason),
        ...said(pattern.holder, (device) => `held by ${device}`),
        ...said(pattern.replaced, (device) => `replaced ${device ?? 'nobody'}`),
        ...said(pattern.retryAfter, (wait) => `retry after ${formatDuration(wait)}`),
        ...said(pattern.notice, (notice) => `notice '${notice}'`),
      ]);
    case 'renewed':
      return withFields('renewed', [...said(pattern.expiry, (expiry) => `expiry ${formatInstant(expiry)}`)]);
    case 'gone':
      return withFields('gone', [
        ...said(pattern.why, (why) => why),
        ...said(pattern.by, (device) => `by ${device ?? 'nobody'}`),
      ]);
    case 'active':
      return withFields('active', [...said(pattern.holder, (device) => `held by ${device}`)]);
    case 'idle':
      return withFields('idle', [...said(pattern.retryAfter, (wait) => `retry after ${formatDuration(wait)}`)]);
    case 'swept':
      return withFields('swept', [...said(pattern.sessions, (count) => `${count} sessions`)]);
    case 'failed':
      return withFields('failed', [...said(pattern.why, (why) => why)]);
    case 'ended':
      return 'ended';
    default:
      return unreachable(pattern);
  }
}

function said<T>(field: T | undefined, words: (field: T) => string): readonly string[] {
  return field === undefined ? [] : [words(field)];
}

function withFields(name: string, fields: readonly string[]): string {
  return fields.length === 0 ? name : `${name} (${fields.join(', ')})`;
}
