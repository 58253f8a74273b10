/** How an answer treats the session that has the seat by the record: as live, as expired, or as over in some other way. */
import type { AnsweredOperation } from './evidence.ts';
import { names, type Tenure } from './ledger.ts';

export type Treatment =
  | 'live'
  | 'expired'
  /** Its own client is said to have ended it. */
  | 'ended'
  /** Somebody is said to have taken it over. */
  | 'replaced'
  /** The answer does not know it, or names another in its place. */
  | 'unknown';

/** Null where the answer says nothing about the session. `tenure` must be standing as held. */
export function treatmentOf(tenure: Tenure, operation: AnsweredOperation): Treatment | null {
  const { command, answer } = operation;
  const { reply } = answer;
  switch (reply.type) {
    case 'granted':
      return names(tenure, reply) || names(tenure, reply.replaced) ? 'live' : 'expired';
    case 'refused':
      if (names(tenure, reply.replaced)) return 'live';
      if (!names(tenure, reply.holder)) return 'unknown';
      return reply.reason === 'grace' ? 'expired' : 'live';
    case 'renewed':
      return command.type === 'heartbeat' && names(tenure, command) ? 'live' : null;
    case 'gone': {
      const about = command.type === 'heartbeat' || command.type === 'end' ? command : null;
      return names(tenure, about) ? reply.why : null;
    }
    case 'active':
      return names(tenure, reply.holder) ? 'live' : 'unknown';
    case 'idle':
      return 'expired';
    case 'swept':
      return reply.sessions.some((session) => names(tenure, session)) ? 'expired' : 'live';
    case 'ended':
    case 'failed':
      return null;
  }
}
