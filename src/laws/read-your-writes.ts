/** P7: a granted session is found by every way of looking it up. */
import { KEEP_IN_STORE, memoryLost } from './process-memory.ts';
import { agesAt, unexpired } from './bounds.ts';
import { names, type Tenure } from './ledger.ts';
import { broken, KEPT, type Because, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';
import { treatmentOf } from './treatment.ts';

export const READ_YOUR_WRITES: Rule = {
  code: 'P7',
  name: 'read your writes',
  kind: 'safety',
  statement: 'once a start has answered, every way of looking it up finds that session, or a recorded later end',
  onCall,
  onRow,
  plain: { call: true, row: true },
};

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, scope, bounds, lookup, tell } = moment;
  const { tenure } = before;
  const { reply } = operation.answer;
  const live = tenure?.standing.type === 'held' && unexpired(tenure, operation, bounds);
  if (!live) {
    if (reply.type !== 'active' || names(tenure, reply.holder)) return null;
    const { holder } = reply;
    if (holder?.session === undefined || lookup.wasGranted(scope, holder, operation.from)) return null;
    return broken(moment, () => ({
      cause: 'ungranted-session-shown',
      message: `a status showed ${tell.holder(holder)} on ${tell.scope(scope)}, which no start was granted`,
      why: tenure === null ? 'no start was granted the seat' : `the last grant was that of ${tell.tenure(tenure)}`,
      fix: 'let the status read committed rows of granted starts only, and return the session id that the start was granted',
    }));
  }
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment === null) return null;
  if (treatment !== 'unknown' && reply.type !== 'idle') return KEPT;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)} had been granted ${tell.scope(scope)}, and ${operation.command.type === 'end' ? 'an' : 'a'} ${operation.command.type} did not find it`,
    ...notFound(moment, tenure),
    calls: [tenure.call, tenure.sign.call],
  }));
}

function notFound(moment: CallMoment, tenure: Tenure): Because {
  const { operation, lookup, tell } = moment;
  const { command, answer } = operation;
  const why = `its last acknowledged request came ${tell.age(agesAt(tenure, operation))} before, no end of it is recorded, and the answer is ${found(moment)}`;
  const sign = lookup.operation(tenure.sign.call);
  const lost = memoryLost(sign, operation, lookup.evidence);
  if (lost !== null) return { cause: 'session-in-memory', why: `${why}; ${lost}`, fix: KEEP_IN_STORE };
  switch (answer.reply.type) {
    case 'idle':
      return {
        cause: 'shown-as-free',
        why,
        fix: 'let the status read the row that a start writes, not a replica or a cache, and judge its age by the timeout of the session',
      };
    case 'gone':
      return {
        cause: 'session-unknown',
        why,
        fix: `look the session of ${command.type === 'end' ? 'an end' : 'a heartbeat'} up by the id that the start was granted, where starts commit it`,
      };
    default:
      return {
        cause: 'another-session-shown',
        why,
        fix: 'return the session that holds the seat by the id that its start was granted, and let one row decide which session that is',
      };
  }
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, before, scope, tell } = moment;
  const { tenure } = before;
  // An expired session may have been cleared away; whether it had expired when the store was read is not recorded.
  if (tenure === null || tenure.standing.type !== 'held') return null;
  if (names(tenure, stored)) return KEPT;
  const fresh = moment.since.some(({ call }) => call === tenure.sign.call);
  if (!fresh) return null;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)} was acknowledged on ${tell.scope(scope)}, and the store does not hold it`,
    ...(stored !== null
      ? {
          cause: 'stored-as-another',
          why: `its row shows session ${stored.session} of ${tell.tenure(stored)}`,
          fix: 'return the session id and the term of the row that was written, and write one row for each grant',
        }
      : {
          cause: 'not-stored',
          why: 'it has no row of a session there',
          fix: 'answer only after the row of the session is committed',
        }),
    calls: [tenure.sign.call],
  }));
}

function found({ operation, tell }: CallMoment): string {
  const { reply } = operation.answer;
  if (reply.type === 'active' || reply.type === 'refused') return `${reply.type}, naming ${tell.holder(reply.holder)}`;
  return reply.type === 'gone' && reply.why !== undefined ? `gone, ${reply.why}` : reply.type;
}
