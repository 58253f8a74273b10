/** P20: a start that is sent again yields the session it yielded before. */
import { unexpired } from './bounds.ts';
import type { Granted } from '../core/reply.ts';
import { names, sessionGranted, type Tenure } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type Sighting } from './rule.ts';

export const IDEMPOTENT_START: Rule = {
  code: 'P20',
  name: 'idempotent start',
  kind: 'safety',
  statement: 'a start whose answer was lost, sent again with the same session id, yields that same session',
  onCall,
};

const FIX = 'look for the session id among the live sessions before treating the start as a new one';

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { command, answer } = operation;
  const { reply } = answer;
  const { tenure } = before;
  if (command.type !== 'start' || reply.type === 'failed') return null;
  const caller = tell.caller(operation);
  const live = tenure !== null && tenure.standing.type === 'held' && unexpired(tenure, operation, bounds);
  const again = live && tenure.device === command.device && tenure.startedAs.includes(command.session);
  if (!again) {
    const bySelf =
      reply.type === 'refused' &&
      reply.reason !== 'grace' &&
      reply.holder?.session === command.session &&
      (reply.holder.device ?? command.device) === command.device;
    if (!bySelf) return null;
    return broken(moment, () => ({
      message: `${caller} sent its start again and was refused because of that very session`,
      why: 'the session that is said to hold the seat is the one that asks',
      fix: FIX,
      calls: [tenure?.call],
    }));
  }
  const same = reply.type === 'granted' && names(tenure, sessionGranted(reply, command, tenure, bounds));
  if (same && !reply.replaced) return KEPT;
  return broken(moment, () => ({
    message:
      reply.type === 'granted'
        ? same
          ? `${caller} sent its start again and was told that it ended ${tell.holder(reply.replaced ?? undefined)}`
          : `${caller} sent its start again and was granted a second session${termsOf(tenure, reply)}`
        : `${caller} sent its start again and was answered ${reply.type}`,
    why: `its session was live since ${tell.instant(tenure.sign.latest)}`,
    fix: FIX,
    calls: [tenure.call],
  }));
}

/** ` (term 2 after term 1)`; empty where either is not told. */
function termsOf(tenure: Tenure, { term }: Granted): string {
  return term === undefined || tenure.term === null ? '' : ` (term ${term} after term ${tenure.term})`;
}
