/** The reach goals: what a suite must have seen at least once, or it proves little. */
import type { History } from '../history/history.ts';
import type { StopReason } from '../core/agent/state.ts';
import type { SessionId, Term } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { Reply } from '../core/reply.ts';
import { boundsOf } from './bounds.ts';
import { contestedStarts } from './lookup.ts';
import { evidenceOf, isAnswered, type AnsweredOperation, type Evidence, type Operation } from './evidence.ts';
import type { ReachGoal } from './law.ts';
import { leaseIn } from './lease.ts';

export const REACH_GOALS: readonly ReachGoal[] = [
  {
    name: 'expiry',
    statement: 'a session expired, and an answer showed it',
    count: countExpiries,
  },
  {
    name: 'refusal',
    statement: 'a start was refused',
    count: (evidence) => countReplies(evidence, ({ type }) => type === 'refused'),
  },
  {
    name: 'takeover',
    statement: 'a device took over the live session of another',
    count: (evidence) =>
      countWhere(evidence, ({ command, answer }) => {
        if (command.type !== 'start' || answer === null) return false;
        const { reply } = answer;
        const replaced = reply.type === 'granted' || reply.type === 'refused' ? reply.replaced : null;
        return typeof replaced?.device === 'string' && replaced.device !== command.device;
      }),
  },
  {
    name: 'victim learnt',
    statement: 'a heartbeat told a session that it had been replaced',
    count: (evidence) => countReplies(evidence, (reply) => reply.type === 'gone' && reply.why === 'replaced'),
  },
  {
    name: 'heartbeat at the timeout',
    statement: 'a heartbeat came at exactly the timeout',
    count: countAtTimeout,
  },
  {
    name: 'sweep removed',
    statement: 'a sweep removed a session',
    count: (evidence) => countReplies(evidence, (reply) => reply.type === 'swept' && (reply.sessions?.length ?? 0) > 0),
  },
  {
    name: 'lost answer',
    statement: 'a command took effect and its answer was lost',
    count: (evidence) =>
      countWhere(evidence, ({ answer }) => answer !== null && !answer.arrived && hasEffect(answer.reply)),
  },
  {
    name: 'starts in flight',
    statement: 'two starts on one seat were in flight at once',
    count: (evidence) => contestedStarts(evidence).size,
  },
  {
    name: 'fence fired',
    statement: 'a client stopped by its fence',
    needs: 'clients',
    count: (evidence) => countStops(evidence, 'fence'),
  },
  {
    name: 'victim stopped',
    statement: 'a client learnt that its session was taken over, and stopped',
    needs: 'clients',
    count: countStoppedVictims,
  },
];

/** How often each goal was reached, by its name; without those that this History could not have reached. */
export function countReached(history: History): ReadonlyMap<string, number> {
  const evidence = evidenceOf(history);
  const clients = history.cast.some(({ client }) => client !== null);
  const possible = REACH_GOALS.filter(({ needs }) => needs !== 'clients' || clients);
  return new Map(possible.map(({ name, count }) => [name, count(evidence)]));
}

function countWhere(evidence: Evidence, matches: (operation: Operation) => boolean): number {
  return evidence.operations.reduce((n, operation) => (matches(operation) ? n + 1 : n), 0);
}

function countReplies(evidence: Evidence, matches: (reply: Reply) => boolean): number {
  return countWhere(evidence, ({ answer }) => answer !== null && matches(answer.reply));
}

function countStops({ incidents }: Evidence, why: StopReason): number {
  return incidents.filter((event) => event.type === 'work-stopping' && event.why === why).length;
}

/** Clients that stopped because their session was gone, and had been told that it was replaced. */
function countStoppedVictims(evidence: Evidence): number {
  const told = new Set(
    evidence.operations.flatMap(({ actor, answer }) =>
      answer?.arrived === true && answer.reply.type === 'gone' && answer.reply.why === 'replaced' ? [actor] : [],
    ),
  );
  return evidence.incidents.filter(
    (event) => event.type === 'work-stopping' && event.why === 'gone' && told.has(event.actor),
  ).length;
}

function hasEffect({ type }: Reply): boolean {
  return type === 'granted' || type === 'renewed' || type === 'ended' || type === 'swept';
}

/** Told as expired, swept, or followed on its seat by a grant that replaced no session although no end or takeover had come. */
function countExpiries(evidence: Evidence): number {
  /** The seats that stand as granted, by number. */
  const open = new Set<number>();
  let count = 0;
  for (const { command, answer, seat } of inOrderOfAnswers(evidence)) {
    const { reply } = answer;
    if (reply.type === 'gone' && reply.why === 'expired') count += 1;
    if (reply.type === 'swept') {
      count += reply.sessions?.length ?? 0;
      reply.sessions?.forEach(({ scope }) => open.delete(evidence.scopes.find(scope)));
    }
    if (reply.type === 'ended' || (reply.type === 'refused' && reply.replaced)) open.delete(seat);
    if (reply.type === 'granted' && seat >= 0) {
      const said =
        command.type === 'start' && reply.replaced === null && (reply.session ?? command.session) === command.session;
      if (said && open.has(seat)) count += 1;
      open.add(seat);
    }
  }
  return count;
}

/** The last acknowledged request of each term of one session. */
type Signs = Map<Term | null, Instant>;

function countAtTimeout(evidence: Evidence): number {
  const bounds = boundsOf(evidence.history.policy);
  const seats: Map<SessionId, Signs>[] = evidence.scopes.all.map(() => new Map());
  let count = 0;
  for (const operation of inOrderOfAnswers(evidence)) {
    const { command, answer, seat } = operation;
    const { storeTime } = answer;
    if (command.type !== 'start' && command.type !== 'heartbeat') continue;
    const sessions = seats[seat];
    const known = sessions?.get(command.session);
    if (command.type === 'heartbeat' && known?.get(command.term) === storeTime - bounds.timeout) count += 1;
    const lease = leaseIn(operation);
    if (lease === null) continue;
    const { session, term } = lease;
    const signs = session === command.session ? known : sessions?.get(session);
    if (signs === undefined) sessions?.set(session, new Map([[term, storeTime]]));
    else signs.set(term, storeTime);
  }
  return count;
}

function* inOrderOfAnswers({ at }: Evidence): Iterable<AnsweredOperation> {
  for (let position = 0; position < at.length; position += 1) {
    const operation = at[position];
    if (operation !== undefined && operation.to === position && isAnswered(operation)) yield operation;
  }
}
