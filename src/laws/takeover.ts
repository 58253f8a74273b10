/** P9: of starts that meet, one wins, and the start that ends a live session reports it, once. */
import { agesAt, mayReplace, unexpired } from './bounds.ts';
import { names, namesAnother, sessionGranted, type Tenure, type TenureStanding } from './ledger.ts';
import { meetingOf } from './meeting.ts';
import {
  broken,
  KEPT,
  untold,
  type Because,
  type CallMoment,
  type Rule,
  type RowMoment,
  type Sighting,
} from './rule.ts';

export const ONE_TAKEOVER_WINNER: Rule = {
  code: 'P9',
  name: 'one takeover winner',
  kind: 'safety',
  needs: { told: 'which session a start replaced' },
  statement:
    'of concurrent starts one ends as holder, and a reply names a session as replaced if and only if this very call ended it while it was live',
  onCall,
  onRow,
};

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell, lookup } = moment;
  const { command, answer, call } = operation;
  const { reply } = answer;
  const { tenure } = before;
  const held = tenure !== null && tenure.standing.type === 'held';
  if (command.type === 'heartbeat') {
    if (!held || reply.type !== 'gone' || reply.why !== 'replaced' || !names(tenure, command)) return null;
    return broken(moment, () => ({
      cause: 'replacement-invented',
      message: `a heartbeat of ${tell.tenure(tenure)} was answered that it had been replaced, and no start reported that`,
      why: 'no reply to a start names it as replaced',
      fix: 'answer replaced only where the row shows another session, and let the start that wrote it return the session that it replaced',
      calls: [tenure.call],
    }));
  }
  if (command.type !== 'start' || (reply.type !== 'granted' && reply.type !== 'refused')) return null;
  const { replaced } = reply;
  if (replaced === undefined)
    return held || lookup.contested.has(call) ? untold('which session a start replaced') : null;
  const caller = tell.caller(operation);
  if (replaced === null) {
    const displaced =
      reply.type === 'granted' &&
      held &&
      !names(tenure, sessionGranted(reply, command, tenure, bounds)) &&
      unexpired(tenure, operation, bounds);
    if (!displaced) return held || lookup.contested.has(call) ? KEPT : null;
    return broken(moment, () => ({
      message: `${caller} was granted the seat of the live session of ${tell.tenure(tenure)}, and the reply names none as replaced`,
      ...unreported(moment, tenure),
      calls: [tenure.call],
    }));
  }
  const victim = tell.holder(replaced);
  if (namesAnother(tenure, replaced)) {
    return broken(moment, () => ({
      message: `the reply to ${caller} names ${victim} as replaced, which did not have the seat`,
      ...notTheHolder(moment),
      calls: [tenure?.call],
    }));
  }
  // Whether a refused start ended it was not told.
  if (tenure?.standing.type === 'unsure') return null;
  if (!held) {
    const end = tenure === null || tenure.standing.type === 'held' ? null : tenure.standing;
    return broken(moment, () => ({
      message: `the reply to ${caller} names ${victim} as replaced, which was over already`,
      ...overAlready(moment, end),
      calls: [end?.call],
    }));
  }
  // Where a job clears the seat, an expired session has it until the job has run.
  if (!bounds.swept && agesAt(tenure, operation).least >= bounds.boundary) {
    return broken(moment, () => ({
      cause: 'expired-reported',
      message: `the reply to ${caller} names ${victim} as replaced, which had expired`,
      why: `its last acknowledged request was ${tell.age(agesAt(tenure, operation))} old, and the timeout is ${tell.duration(bounds.timeout)}`,
      fix: 'return a session as replaced only where it had not expired when the statement of the start took the seat',
      calls: [tenure.sign.call],
    }));
  }
  const { device = tenure.device } = replaced;
  if (device !== tenure.device) {
    return broken(moment, () => ({
      cause: 'wrong-device-reported',
      message: `the reply to ${caller} names a session of ${tell.device(device)} as replaced, which was one of ${tell.device(tenure.device)}`,
      why: `that session was granted to ${tell.device(tenure.device)}`,
      fix: 'return the device of the replaced row as it was before the statement changed it',
      calls: [tenure.call],
    }));
  }
  return KEPT;
}

function unreported({ operation, bounds, tell }: CallMoment, tenure: Tenure): Because {
  const { command } = operation;
  const why = `that session was ${tell.age(agesAt(tenure, operation))} old and had not been ended`;
  if (command.type === 'start' && mayReplace(tenure, command, bounds)) {
    return {
      cause: 'takeover-unreported',
      why,
      fix: 'let the statement that takes the seat return the session that it replaced, and name that in the reply',
    };
  }
  return {
    cause: 'granted-beside',
    why: `${why}, and the policy does not let this start replace it`,
    fix: 'refuse a start while another session is live, or end that session in the statement that grants the seat',
  };
}

function notTheHolder({ operation, before, lookup, tell }: CallMoment): Because {
  const { tenure } = before;
  if (tenure === null) {
    return {
      cause: 'replaced-on-a-free-seat',
      why: 'no start had been granted the seat',
      fix: 'name a session as replaced only where the statement of the start changed its row',
    };
  }
  const winner = lookup.operation(tenure.call);
  if (winner !== null && meetingOf(winner, operation) !== 'apart') {
    return {
      cause: 'replaced-twice',
      why: `the starts of ${tell.caller(winner)} and ${tell.caller(operation)} overlapped, and both read the same holder; ${tell.tenure(tenure)} had the seat by then`,
      fix: 'lock the row of the seat before the holder is read, or take the seat under the condition that its term is still the one that was read',
    };
  }
  return {
    cause: 'wrong-session-reported',
    why: `the seat was with ${tell.tenure(tenure)}`,
    fix: 'return the session of the row that the statement of the start changed, as it was before',
  };
}

type Ended = Exclude<TenureStanding, { readonly type: 'held' }>;

function overAlready({ tell }: CallMoment, end: Ended | null): Because {
  switch (end?.type) {
    case 'revoked':
      return {
        cause: 'replaced-again',
        why: `an earlier start had taken it over at ${tell.instant(end.at)}`,
        fix: 'report a takeover once, in the reply to the start that ended the session, and not again when its grace is over',
      };
    default:
      return {
        cause: 'ended-reported-as-replaced',
        why: end === null ? 'it had ended before' : `it was ${end.type} at ${tell.instant(end.at)}`,
        fix: 'name a session as replaced only where its row still stood as held when the start changed it',
      };
  }
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, before, tell } = moment;
  const { tenure } = before;
  if (stored?.standing.type !== 'revoked' || !names(tenure, stored)) return null;
  const { revokedBy } = stored.standing;
  if (tenure?.standing.type !== 'held') return KEPT;
  return broken(moment, () => ({
    cause: 'takeover-only-written',
    message: `the store holds ${tell.tenure(tenure)} as taken over by ${tell.device(revokedBy)}, and no start reported that`,
    why: 'no reply to a start names it as replaced',
    fix: 'return the replaced session in the reply to the start that writes the takeover, also where that start is refused for the grace',
    calls: [tenure.call],
  }));
}
