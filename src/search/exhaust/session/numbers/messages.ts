/** Messages under way, as their sender sees them: names, terms and times relative, so that there are few different ones. */
import type { ClientRequest } from '../../../../core/command.ts';
import type { RuleReply } from '../../../../core/reply.ts';
import { NO_TIME, START, type Instant } from '../../../../core/time.ts';
import { older } from './normal.ts';

export interface Message {
  readonly way: 'request' | 'answer';
  /** The number of the request, relative to the last one sent. */
  readonly request: number;
  /** When the request was sent. Client's clock. */
  readonly sentAt: Instant;
  /** For how long the message has been under way. True time. */
  readonly underWay: number;
  /** Whether it may be under way for longer than a moment. */
  readonly late: boolean;
  /** Whether its sender has crashed since, so that nobody waits for the answer. */
  readonly orphan: boolean;
  /** Which of the seats of the license it is about. */
  readonly symbol: number;
  readonly body: ClientRequest | RuleReply;
}

/** Of an answer, what a client looks at. */
export function bare(reply: RuleReply): RuleReply {
  switch (reply.type) {
    case 'granted':
      return { ...reply, expiry: START, replaced: null, notice: null };
    case 'refused':
      return {
        ...reply,
        reason: 'other-device',
        holder: { session: '', device: '', term: reply.holder.term },
        retryAfter: NO_TIME,
        replaced: null,
        notice: '',
      };
    case 'renewed':
      return { ...reply, expiry: START };
    case 'gone':
      return { ...reply, by: null };
    case 'failed':
      return { type: 'failed', why: reply.why === 'error' ? 'error' : 'store', message: '' };
    default:
      return reply;
  }
}

/** Whether the service let an error through, or returned an invalid reply: each breaks P0. */
export function isError(body: Message['body']): boolean {
  return body.type === 'failed' && body.why === 'error';
}

/** After a grant of the seat that it is about: every term is one less beside the current one, and none that is named can be taken over. */
export function afterGrant(message: Message): Message {
  const { body } = message;
  switch (body.type) {
    case 'start':
      return { ...message, body: { ...body, takeOver: null } };
    case 'heartbeat':
    case 'end':
      return { ...message, body: { ...body, term: older(body.term) } };
    case 'granted':
    case 'renewed':
      return { ...message, body: { ...body, term: older(body.term) } };
    case 'refused':
      return { ...message, body: { ...body, holder: { ...body.holder, term: older(body.holder.term) } } };
    default:
      return message;
  }
}
