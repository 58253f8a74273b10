/** P20: a start that is sent again yields the session it yielded before. */
import { unexpired } from './bounds.ts';
import type { Granted, Reply } from '../core/reply.ts';
import { names, sessionGranted, type Tenure } from './ledger.ts';
import { broken, KEPT, untold, type CallMoment, type Rule, type Sighting, type Told } from './rule.ts';

export const IDEMPOTENT_START: Rule = {
  code: 'P20',
  name: 'idempotent start',
  kind: 'safety',
  statement: 'a start whose answer was lost, sent again with the same session id, yields that same session',
  onCall,
};

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
      cause: 'refused-by-own-session',
      message: `${caller} sent its start again and was refused because of that very session`,
      why: 'the reply names the session that the start asks for as the holder',
      fix: 'grant a start whose session id is that of the holder, and return that session',
      calls: [tenure?.call],
    }));
  }
  if (reply.type === 'granted') {
    // A grant that tells neither a session nor a term may be one of a second session.
    if (reply.session === undefined && reply.term === undefined && reply.replaced === undefined) {
      return untold('which session a start was granted');
    }
    const same = names(tenure, sessionGranted(reply, command, tenure, bounds));
    if (same && !reply.replaced) return KEPT;
  }
  return broken(moment, () => ({
    ...notTheSame(moment, tenure, reply),
    why: `its session was live: the last acknowledged request came at ${tell.instant(tenure.sign.latest)}`,
    calls: [tenure.call],
  }));
}

function notTheSame(
  { operation, bounds, tell }: CallMoment,
  tenure: Tenure,
  reply: Reply,
): Pick<Told, 'cause' | 'message' | 'fix'> {
  const again = `${tell.caller(operation)} sent its start again and`;
  const look = 'look for the session id of the start among the live sessions first';
  if (reply.type !== 'granted') {
    return reply.type === 'gone'
      ? { cause: 'retry-answered-gone', message: `${again} was answered gone`, fix: `${look}, and return that session` }
      : {
          cause: 'retry-refused',
          message: `${again} was answered ${reply.type}`,
          fix: `${look}, and grant it again where it holds the seat`,
        };
  }
  const { command } = operation;
  return command.type === 'start' && names(tenure, sessionGranted(reply, command, tenure, bounds))
    ? {
        cause: 'retry-replaces-itself',
        message: `${again} the reply names ${tell.holder(reply.replaced ?? undefined)} as replaced, which is its own session`,
        fix: `${look}, and name no session as replaced where it is the one that the start asks for`,
      }
    : {
        cause: 'second-session-granted',
        message: `${again} was granted a second session${termsOf(tenure, reply)}`,
        fix: `${look}, by a unique key, and grant a new term only where it is not found`,
      };
}

/** ` (term 2 after term 1)`; empty where either is not told. */
function termsOf(tenure: Tenure, { term }: Granted): string {
  return term === undefined || tenure.term === null ? '' : ` (term ${term} after term ${tenure.term})`;
}
