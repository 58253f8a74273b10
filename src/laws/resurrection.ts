/** P4: what is over stays over. */
import type { CallMoment, Rule, RowMoment, Sighting } from './rule.ts';
import { broken, KEPT, untold } from './rule.ts';
import { names, namesAnother, sessionGranted, type Tenure } from './ledger.ts';
import type { Telling } from './telling.ts';

export const NO_RESURRECTION: Rule = {
  code: 'P4',
  name: 'no resurrection',
  kind: 'safety',
  statement:
    'a session that was ended, replaced, or expired and taken never holds again, and its heartbeat changes nothing',
  onCall,
  onRow,
};

const FIX = 'renew with a condition on session, term and standing in the statement itself, and never insert';

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, scope, bounds, lookup, tell } = moment;
  const { command, answer, from } = operation;
  const { reply } = answer;
  const { tenure } = before;
  if (command.type === 'heartbeat') {
    const current = names(tenure, command);
    const over = current ? isOver(tenure) : lookup.wasGranted(scope, command, from);
    if (!over) return null;
    if (reply.type !== 'renewed') return KEPT;
    return broken(moment, () => ({
      message: `a heartbeat of ${tell.session(command)} was renewed although the session was over`,
      why: fateOf(tenure, current, tell),
      fix: FIX,
      calls: [tenure === null ? null : callOfFate(tenure, current)],
    }));
  }
  if (command.type === 'start' && reply.type === 'granted' && tenure !== null) {
    const { term } = reply;
    const held = tenure.standing.type === 'held';
    if (held && names(tenure, sessionGranted(reply, command, tenure, bounds))) return KEPT;
    if (term === undefined || tenure.term === null) return untold('the term');
    if (term > tenure.term) return held ? null : KEPT;
    return broken(moment, () => ({
      message: `${tell.caller(operation)} was granted term ${term} again, after ${tell.tenure(tenure)}`,
      why: 'terms must rise with every grant, or nothing can tell the old session from the new one',
      fix: 'raise the term in the statement that grants',
      calls: [tenure.call],
    }));
  }
  if (command.type === 'status' && reply.type === 'active') {
    const { holder } = reply;
    if (holder === undefined) return null;
    const current = names(tenure, holder);
    const over = current ? isOver(tenure) : namesAnother(tenure, holder) && lookup.wasGranted(scope, holder, from);
    if (!over || tenure === null) return null;
    return broken(moment, () => ({
      message: `${tell.holder(holder)} showed as active although its session was over`,
      why: fateOf(tenure, current, tell),
      calls: [callOfFate(tenure, current)],
    }));
  }
  return null;
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, before, scope, lookup, tell } = moment;
  const { tenure } = before;
  const latest = row?.seat.latest;
  if (row === null || !latest || tenure === null) return null;
  const held = { session: latest.id, term: row.seat.term };
  const current = names(tenure, held);
  if (current && !isOver(tenure)) return null;
  if (!current && !lookup.wasGranted(scope, held, moment.position)) return null;
  if (latest.standing.type !== 'held') return KEPT;
  return broken(moment, () => ({
    message: `the store holds ${tell.scope(scope)} for ${tell.device(latest.device)} (term ${held.term}) although that session was over`,
    why: fateOf(tenure, current, tell),
    fix: FIX,
    calls: [callOfFate(tenure, current)],
  }));
}

function isOver(tenure: Tenure | null): boolean {
  return tenure !== null && tenure.standing.type !== 'held' && tenure.standing.type !== 'unsure';
}

function fateOf(tenure: Tenure | null, current: boolean, tell: Telling): string {
  if (tenure === null) return 'nobody had been granted the seat';
  if (!current) return `the seat had been granted to ${tell.tenure(tenure)} since`;
  const { standing } = tenure;
  switch (standing.type) {
    case 'held':
    case 'unsure':
      return `${tell.tenure(tenure)} had the seat`;
    case 'released':
      return `it was ended at ${tell.instant(standing.at)}`;
    case 'swept':
      return `a sweep removed it at ${tell.instant(standing.at)}`;
    case 'revoked':
      return `${tell.device(standing.by)} took it over at ${tell.instant(standing.at)}`;
  }
}

function callOfFate(tenure: Tenure, current: boolean): number {
  return current && tenure.standing.type !== 'held' ? tenure.standing.call : tenure.call;
}
