/** What became of one session until some moment, as far as calls tell: its acknowledged requests, what it was told, which start replaced it. */
import type { Instant } from '../core/time.ts';
import { isAnswered, type AnsweredOperation, type Evidence, type Operation } from './evidence.ts';
import { leaseIn, leaseKey } from './lease.ts';
import { isNamed } from './ledger.ts';
import { takeoversIn } from './takeovers.ts';
import type { Worker } from './work.ts';

export interface Career {
  readonly granted: AnsweredOperation | null;
  /** The last request that the server acknowledged, whether or not the answer arrived. */
  readonly sign: AnsweredOperation | null;
  /** The request with the latest sending whose acknowledgement arrived. */
  readonly acknowledged: AnsweredOperation | null;
  /** The first answer that reached it and said that it is gone. */
  readonly told: AnsweredOperation | null;
  /** Its own end, when it was first sent. */
  readonly end: Operation | null;
  /** The call that took it over. */
  readonly replaced: AnsweredOperation | null;
}

export function careerOf({ session, term, actor }: Worker, evidence: Evidence, until: Instant): Career {
  const career: { -readonly [K in keyof Career]: Career[K] } = {
    granted: null,
    sign: null,
    acknowledged: null,
    told: null,
    end: null,
    replaced: null,
  };
  for (const operation of evidence.operations) {
    const { command } = operation;
    if (operation.calledAt > until) break;
    const named =
      (command.type === 'heartbeat' || command.type === 'end') && command.session === session && command.term === term;
    if (named && command.type === 'end') career.end ??= operation;
    if (!isAnswered(operation) || operation.answer.at > until) continue;
    const { reply, arrived } = operation.answer;
    if (command.type === 'start' && (reply.type === 'granted' || reply.type === 'refused')) {
      if (isNamed({ session, term }, reply.replaced)) career.replaced ??= operation;
    }
    const granted = command.type === 'start' && isNamed({ session, term }, leaseIn(operation));
    if (granted) career.granted ??= operation;
    if (granted || (named && reply.type === 'renewed')) {
      career.sign = operation;
      if (arrived && operation.actor === actor && operation.sent >= (career.acknowledged?.sent ?? 0))
        career.acknowledged = operation;
    }
    if (named && reply.type === 'gone' && arrived && operation.actor === actor) career.told ??= operation;
  }
  // A service that does not tell replaces a session where the policy lets it.
  const untold = takeoversIn(evidence).get(leaseKey({ session, term }));
  if (untold !== undefined && isAnswered(untold) && untold.answer.at <= until) career.replaced ??= untold;
  return career;
}
