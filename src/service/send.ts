/** A command to a service as one call. */
import type { Command } from '../core/command.ts';
import type { Reply, RuleReply } from '../core/reply.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Eventually, CompleteService, SessionService } from './port.ts';
import { checkReply, type Answer, type Checked } from './reply-gate.ts';
import { failedBy } from './uncaught.ts';

/**
 * Calls the method of the service that is for the command. What a user's service returns has not passed `checkReply` yet.
 * Throws for a request that the service does not have: callers check that before.
 */
export function send(service: CompleteService, command: Command): Eventually<RuleReply>;
export function send(service: SessionService, command: Command): Eventually<Answer<Reply>>;
export function send(service: SessionService, sent: Command): Eventually<Answer<Reply>> {
  const command = copyOf(sent);
  switch (command.type) {
    case 'start':
      return service.start(command);
    case 'heartbeat':
      return service.heartbeat === undefined ? absent(command) : service.heartbeat(command);
    case 'end':
      return service.end === undefined ? absent(command) : service.end(command);
    case 'status':
      return service.status === undefined ? absent(command) : service.status(command);
    case 'sweep':
      return service.sweep === undefined ? absent(command) : service.sweep(command);
    default:
      return unreachable(command);
  }
}

/** Sends the command and checks the reply. An error is the reply `failed`; `declared` lists those that count as a failing store. */
export async function ask(
  service: SessionService,
  command: Command,
  declared: readonly string[] = [],
): Promise<Checked> {
  try {
    return checkReply(command, await send(service, command));
  } catch (error) {
    return { reply: failedBy(error, declared) };
  }
}

/**
 * A copy of plain data. A service receives and returns copies, because it may change an object afterwards. A search of every
 * state copies millions of seats, and `structuredClone` made it half as fast.
 */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) copy[key] = copyOf(field);
  return copy as T;
}

/**
 * The promise of an answer that comes later; null for one that is there. As `await` does, it takes any value with a method
 * `then` for a promise, settles once, and throws what reading `then` throws.
 */
export function promiseOf(answer: unknown): Promise<unknown> | null {
  if ((typeof answer !== 'object' && typeof answer !== 'function') || answer === null) return null;
  const { then } = answer as { readonly then?: unknown };
  return typeof then === 'function' ? Promise.resolve(answer) : null;
}

function absent({ type }: Command): never {
  throw new Error(`the service has no ${type} request`);
}
