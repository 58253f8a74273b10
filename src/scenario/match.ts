/** Whether a reply is like a pattern. */
import type { Reply } from '../core/reply.ts';
import { unreachable } from '../core/unreachable.ts';
import { deviceName, deviceOf, type Context } from './context.ts';
import type { ReplyPattern } from '../world/script.ts';

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

function agrees<T>(expected: T | undefined, actual: T): boolean {
  return expected === undefined || expected === actual;
}
