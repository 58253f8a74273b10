/** How an answer treats the session that has the seat by the record: as live, as expired, or as over in some other way. */
import type { AnsweredOperation } from './evidence.ts';
import { agesAt, hasGrace, mayReplace, type Bounds } from './bounds.ts';
import { leavesOpen, names, namesAnother, presents, sessionGranted, type Tenure } from './ledger.ts';

export type Treatment =
  | 'live'
  | 'expired'
  /** The answer says that it was ended. */
  | 'ended'
  /** The answer says that it was taken over. */
  | 'replaced'
  /** The answer does not know it, or names another in its place. */
  | 'unknown';

/** Null where the answer tells nothing about the session. `tenure` must be standing as held. */
export function treatmentOf(tenure: Tenure, operation: AnsweredOperation, bounds: Bounds): Treatment | null {
  const { command, answer } = operation;
  const { reply } = answer;
  switch (reply.type) {
    case 'granted':
      if (command.type !== 'start') return null;
      if (names(tenure, reply.replaced)) return 'live';
      if (names(tenure, sessionGranted(reply, command, tenure, bounds))) {
        // Without a term, a session that expired and was granted anew under its own id looks like one that was kept.
        const anew = reply.term === undefined && agesAt(tenure, operation).most >= bounds.boundary;
        return anew || leavesOpen(reply, command, tenure) ? null : 'live';
      }
      // Where the reply does not tell, the grant may have replaced the live session as well as followed an expired one.
      return reply.replaced === undefined && mayReplace(tenure, command, bounds) ? null : 'expired';
    case 'refused':
      if (names(tenure, reply.replaced)) return 'live';
      if (namesAnother(tenure, reply.holder)) return 'unknown';
      if (reply.reason === undefined && hasGrace(bounds)) return null;
      return reply.reason === 'grace' ? 'expired' : 'live';
    case 'renewed':
      return command.type === 'heartbeat' && names(tenure, command) ? 'live' : null;
    case 'gone': {
      const about = command.type === 'heartbeat' || command.type === 'end' ? command : null;
      // A request without the latest credential may be rejected while its session is live.
      if (about === null || !presents(tenure, about)) return null;
      // That no other session was granted the seat, and no end was acknowledged, leaves expiry as the only reason.
      return names(tenure, about) ? (reply.why ?? 'expired') : null;
    }
    case 'active':
      return namesAnother(tenure, reply.holder) ? 'unknown' : 'live';
    case 'idle':
      return 'expired';
    case 'swept':
      if (reply.sessions === undefined) return null;
      return reply.sessions.some((session) => names(tenure, session)) ? 'expired' : 'live';
    case 'ended':
    case 'failed':
      return null;
  }
}
