/** A command to a service as one call. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Eventually, SessionService } from './port.ts';

/** What the service answers to the command, through the method that is for it. */
export function send(service: SessionService, command: Command): Eventually<Reply> {
  switch (command.type) {
    case 'start':
      return service.start(command);
    case 'heartbeat':
      return service.heartbeat(command);
    case 'end':
      return service.end(command);
    case 'status':
      return service.status(command);
    case 'sweep':
      return service.sweep(command);
    default:
      return unreachable(command);
  }
}
