/** What the transport of clients adds to their requests: the sender's device, and the credential that the service gave it. */
import type { ClientRequest, EndCommand, HeartbeatCommand, StartCommand } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint, SessionId, Term } from '../core/seat.ts';

/**
 * Keeps the latest credential of each session, and presents it with every heartbeat and end of that session. Where a retried
 * start was granted twice, each term has a credential of its own.
 */
export class Credentials {
  readonly #latest = new Map<string, string>();

  /** The request as the service receives it. */
  address(request: ClientRequest, device: Fingerprint): StartCommand | HeartbeatCommand | EndCommand {
    if (request.type === 'start') return request;
    const credential =
      this.#latest.get(keyOf(request.session, request.term)) ?? this.#latest.get(keyOf(request.session));
    return credential === undefined ? { ...request, device } : { ...request, device, credential };
  }

  /** A reply to the request has arrived. A renewal that returns a credential replaces the one before (rotation). */
  learn(request: ClientRequest, reply: Reply): void {
    if ((reply.type !== 'granted' && reply.type !== 'renewed') || reply.credential === undefined) return;
    const session = reply.type === 'granted' ? (reply.session ?? request.session) : request.session;
    const term = request.type === 'heartbeat' ? request.term : reply.term;
    for (const key of [keyOf(session), keyOf(session, term)]) this.#latest.set(key, reply.credential);
  }
}

function keyOf(session: SessionId, term: Term | null = null): string {
  return JSON.stringify([session, term]);
}
