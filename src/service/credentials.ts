/** What the transport of clients adds to their requests: the sender's device, and the credential that the service gave it. */
import type { ClientRequest, EndCommand, HeartbeatCommand, StartCommand } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint, SessionId } from '../core/seat.ts';

/** Keeps the latest credential of each session, and presents it with every heartbeat and end of that session. */
export class Credentials {
  readonly #latest = new Map<SessionId, string>();

  /** The request as the service receives it. */
  address(request: ClientRequest, device: Fingerprint): StartCommand | HeartbeatCommand | EndCommand {
    if (request.type === 'start') return request;
    const credential = this.#latest.get(request.session);
    return credential === undefined ? { ...request, device } : { ...request, device, credential };
  }

  /** A reply to the request has arrived. A renewal that returns a credential replaces the one before (rotation). */
  learn(request: ClientRequest, reply: Reply): void {
    if ((reply.type !== 'granted' && reply.type !== 'renewed') || reply.credential === undefined) return;
    const session = reply.type === 'granted' ? (reply.session ?? request.session) : request.session;
    this.#latest.set(session, reply.credential);
  }
}
