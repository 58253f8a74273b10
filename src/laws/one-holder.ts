/** P1: at most one session holds a seat. */
import { agesAt, unexpired } from './bounds.ts';
import { names, type Tenure } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';

export const ONE_HOLDER: Rule = {
  code: 'P1',
  name: 'one holder',
  kind: 'safety',
  statement: 'at every instant of the store’s clock at most one session of a seat is granted, unexpired and not ended',
  onCall,
  onRow,
  plain: { row: true },
};

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { tenure } = before;
  const { command, answer, call } = operation;
  const { reply } = answer;
  if (tenure === null || tenure.standing.type !== 'held' || !unexpired(tenure, operation, bounds)) return null;
  if (command.type === 'start' && reply.type === 'refused') return KEPT;
  if (command.type === 'start' && reply.type === 'granted') {
    if (names(tenure, reply) || names(tenure, reply.replaced)) return KEPT;
    return broken(moment, () => ({
      message: `${tell.caller(operation)} was granted term ${reply.term} while ${tell.tenure(tenure)} held ${tell.scope(moment.scope)}`,
      why: `${lastSeen(moment, tenure)}; nobody ended it and the grant does not say that it replaced it`,
      fix: 'check and claim the seat in one statement, so that two starts cannot both find it free',
      calls: [tenure.call, tenure.sign.call],
    }));
  }
  if (command.type === 'heartbeat' && reply.type === 'renewed' && !names(tenure, command)) {
    return broken(moment, () => ({
      message: `${tell.session(command)} was renewed while ${tell.tenure(tenure)} held ${tell.scope(moment.scope)}`,
      why: lastSeen(moment, tenure),
      fix: 'renew only the row that carries both the session and the term of the heartbeat',
      calls: [tenure.call, call],
    }));
  }
  return null;
}

function lastSeen({ operation, bounds, tell }: CallMoment, tenure: Tenure): string {
  const age = tell.age(agesAt(tenure, operation));
  return `${tell.tenure(tenure)} gave its last sign of life ${age} before, and the timeout is ${tell.duration(bounds.timeout)}`;
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, lookup, tell, scope, before } = moment;
  const latest = row?.seat.latest;
  if (row === null || !latest || latest.standing.type !== 'held') return null;
  const held = { session: latest.id, term: row.seat.term };
  if (names(before.tenure, held) || lookup.wasGranted(scope, held, moment.position)) return KEPT;
  return broken(moment, () => ({
    message: `the store holds ${tell.scope(scope)} for ${tell.device(latest.device)} (term ${held.term}), which no start was granted`,
    why: 'its row stands as held, and no answer ever granted that session and term',
  }));
}
