/** Whether what a design answers is an answer to that command at all. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';

const ANSWERS: { readonly [T in Command['type']]: ReadonlySet<unknown> } = {
  start: new Set<Reply['type']>(['granted', 'refused', 'gone', 'failed']),
  heartbeat: new Set<Reply['type']>(['renewed', 'gone', 'failed']),
  end: new Set<Reply['type']>(['ended', 'gone', 'failed']),
  status: new Set<Reply['type']>(['active', 'idle', 'failed']),
  sweep: new Set<Reply['type']>(['swept', 'failed']),
};

export function isReplyTo(command: Command, reply: unknown): boolean {
  return typeof reply === 'object' && reply !== null && 'type' in reply && ANSWERS[command.type].has(reply.type);
}
