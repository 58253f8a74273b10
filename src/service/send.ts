/** A command to a service as one call. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Eventually, SessionService } from './port.ts';

/** The reply of the service to the command. Throws for a request that the service does not have: callers check that before. */
export function send(service: SessionService, command: Command): Eventually<Reply> {
  switch (command.type) {
    case 'start':
      return service.start(command);
    case 'heartbeat':
      return service.heartbeat?.(command) ?? absent(command);
    case 'end':
      return service.end?.(command) ?? absent(command);
    case 'status':
      return service.status?.(command) ?? absent(command);
    case 'sweep':
      return service.sweep?.(command) ?? absent(command);
    default:
      return unreachable(command);
  }
}

function absent({ type }: Command): never {
  throw new Error(`the service has no ${type} request`);
}
