/** Whether a reply is like a pattern, as far as the reply tells. */
import type { NamedHolder, Reply } from '../core/reply.ts';
import { unreachable } from '../core/unreachable.ts';
import { deviceName, type Context } from './context.ts';
import type { ReplyPattern } from '../world/script.ts';

export interface Match {
  /** False where the type or a field that is told differs from the pattern. */
  readonly possible: boolean;
  /** The fields that the pattern names and the reply does not tell. Where there are some, the match is not certain. */
  readonly untold: readonly string[];
}

export function match(pattern: ReplyPattern, reply: Reply, context: Context): Match {
  if (pattern.type !== reply.type) return { possible: false, untold: [] };
  const fields = fieldsOf(pattern, reply, context).filter(([, expected]) => expected !== undefined);
  return {
    possible: fields.every(([, expected, told]) => told === undefined || told === expected),
    untold: fields.flatMap(([name, , told]) => (told === undefined ? [name] : [])),
  };
}

/** The name of a field, what the pattern expects (undefined: anything), and what the reply tells (undefined: nothing). */
type Field = readonly [name: string, expected: unknown, told: unknown];

function fieldsOf(pattern: ReplyPattern, reply: Reply, context: Context): readonly Field[] {
  switch (pattern.type) {
    case 'granted': {
      if (reply.type !== 'granted') return [];
      return [
        ['term', pattern.term, reply.term],
        ['replaced', pattern.replaced, deviceTold(reply.replaced, context)],
        ['sameSession', pattern.sameSession, context.sameSession],
      ];
    }
    case 'refused': {
      if (reply.type !== 'refused') return [];
      return [
        ['reason', pattern.reason, reply.reason],
        ['retryAfter', pattern.retryAfter, reply.retryAfter],
        ['holder', pattern.holder, deviceTold(reply.holder, context)],
        ['replaced', pattern.replaced, deviceTold(reply.replaced, context)],
        ['notice', pattern.notice, reply.notice],
      ];
    }
    case 'renewed':
      return reply.type === 'renewed' ? [['expiry', pattern.expiry, reply.expiry]] : [];
    case 'gone': {
      if (reply.type !== 'gone') return [];
      const by = typeof reply.by === 'string' ? deviceName(reply.by, context) : reply.by;
      return [
        ['why', pattern.why, reply.why],
        ['by', pattern.by, by],
      ];
    }
    case 'active':
      return reply.type === 'active' ? [['holder', pattern.holder, deviceTold(reply.holder, context)]] : [];
    case 'idle':
      return reply.type === 'idle' ? [['retryAfter', pattern.retryAfter, reply.retryAfter]] : [];
    case 'swept':
      return reply.type === 'swept' ? [['sessions', pattern.sessions, reply.sessions?.length]] : [];
    case 'failed':
      return reply.type === 'failed' ? [['why', pattern.why, reply.why]] : [];
    case 'ended':
      return [];
    default:
      return unreachable(pattern);
  }
}

function deviceTold(holder: NamedHolder | null | undefined, context: Context): string | null | undefined {
  if (holder === null || holder?.device === undefined) return holder === null ? null : undefined;
  return deviceName(holder.device, context);
}
