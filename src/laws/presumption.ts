/** What an unanswered call may have done to a seat, when what follows can be explained by nothing else. */
import type { NamedHolder } from '../core/reply.ts';
import type { Fingerprint, Term } from '../core/seat.ts';
import { after, type Instant } from '../core/time.ts';
import type { SeatRow } from '../history/history.ts';
import { closedBy, type Bounds } from './bounds.ts';
import type { Item } from './course.ts';
import { names, renewed, type Ledger, type Sign, type Tenure } from './ledger.ts';
import { storedIn } from './stored.ts';
import type { Unanswered } from './walk.ts';

/** The ledgers that the call may have left just before `item`; none where it could not have changed anything. */
export function presumed(
  ledger: Ledger,
  { operation, notBefore, back }: Unanswered,
  item: Item,
  bounds: Bounds,
): readonly Ledger[] {
  const { command, call, actor } = operation;
  const { tenure } = ledger;
  const clock = after(clockAt(item, notBefore), back);
  switch (command.type) {
    case 'status':
      return [];
    case 'sweep':
      if (tenure === null || tenure.standing.type !== 'held') return [];
      return [{ ...ledger, tenure: { ...tenure, standing: { type: 'swept', at: clock, call } }, sweptAt: clock }];
    case 'end':
      if (tenure === null || !names(tenure, command) || tenure.standing.type === 'released') return [];
      return [{ ...ledger, tenure: { ...tenure, standing: { type: 'released', at: clock, call } }, waits: [] }];
    case 'heartbeat': {
      if (tenure === null || !names(tenure, command) || tenure.standing.type !== 'held') return [];
      const sign: Sign = { ...seen(item, notBefore, clock), kind: 'heartbeat', call };
      return [renewed(ledger, withoutCredential(tenure), sign, tenure.promised)];
    }
    case 'start': {
      const sign: Sign = { ...seen(item, notBefore, clock), kind: 'start', call };
      const asked = { id: command.session, device: command.device, call, actor };
      const next = tenureOf(asked, termIn(item, command.session) ?? (tenure?.term ?? 0) + 1, sign, bounds);
      const fresh = { ...next, closedUntil: closedBy(tenure, command.device, clock, false, bounds) };
      const following = { ...ledger, tenure: fresh, former: tenure?.id ?? null, waits: [], strayEnd: null };
      if (tenure === null || tenure.standing.type !== 'held') return [following];
      const kept = {
        ...withoutCredential(tenure),
        startedAs: [...tenure.startedAs, command.session],
        actors: [...tenure.actors, actor],
      };
      const standing = { type: 'revoked', at: clock, call, by: command.device } as const;
      return [
        ...(tenure.device === command.device ? [renewed(ledger, kept, sign, tenure.promised)] : []),
        following,
        ...(tenure.device === command.device ? [] : [{ ...ledger, tenure: { ...tenure, standing }, waits: [] }]),
      ];
    }
  }
}

/** Whether the store's row is what the ledger says. */
export function agrees({ tenure }: Ledger, row: SeatRow | null): boolean {
  const stored = storedIn(row);
  if (tenure === null || stored === null) return tenure === null && stored === null;
  const { standing } = stored;
  if (!names(tenure, stored) || standing.type !== tenure.standing.type) return false;
  const { earliest, latest: last } = tenure.sign;
  return standing.type === 'released' || (standing.lastHeartbeat >= earliest && standing.lastHeartbeat <= last);
}

/** The lost answer may have returned another credential. */
function withoutCredential(tenure: Tenure): Tenure {
  return { ...tenure, credential: null };
}

function tenureOf(
  asked: { readonly id: string; readonly device: Fingerprint; readonly call: number; readonly actor: string | null },
  term: Term,
  sign: Sign,
  bounds: Bounds,
): Tenure {
  const { id, device, call, actor } = asked;
  return {
    id,
    term,
    device,
    credential: null,
    call,
    sign,
    promised: after(sign.earliest, bounds.timeout),
    standing: { type: 'held' },
    closedUntil: null,
    ids: [id],
    startedAs: [id],
    actors: [actor],
    crashedAt: null,
  };
}

/** The store's clock at the item, as far as it can be known. */
function clockAt(item: Item, notBefore: Instant): Instant {
  if (item.type === 'call') return item.operation.answer.storeTime;
  if (item.type === 'row') {
    const standing = item.row?.seat.latest?.standing;
    if (standing?.type === 'revoked') return standing.revokedAt;
    if (standing?.type === 'held') return standing.lastHeartbeat;
  }
  return notBefore;
}

/** When the request took effect: a row tells exactly, an answer only that it was before. */
function seen(item: Item, notBefore: Instant, clock: Instant): Pick<Sign, 'earliest' | 'latest'> {
  const standing = item.type === 'row' ? item.row?.seat.latest?.standing : undefined;
  if (standing !== undefined && standing.type !== 'released' && standing.lastHeartbeat >= notBefore) {
    return { earliest: standing.lastHeartbeat, latest: standing.lastHeartbeat };
  }
  return { earliest: notBefore, latest: clock > notBefore ? clock : notBefore };
}

/** The term under which an item speaks of a session. */
function termIn(item: Item, session: string): Term | null {
  if (item.type === 'row') return termOf(storedIn(item.row), session);
  if (item.type !== 'call') return null;
  const { command, answer } = item.operation;
  const { reply } = answer;
  if ((command.type === 'heartbeat' || command.type === 'end') && command.session === session) return command.term;
  switch (reply.type) {
    case 'granted':
      if (reply.session === session && !reply.replaced) return reply.term ?? null;
      return termOf(reply.replaced, session);
    case 'refused':
      return termOf(reply.replaced, session) ?? termOf(reply.holder, session);
    case 'active':
      return termOf(reply.holder, session);
    case 'swept':
      return reply.sessions?.find((swept) => swept.session === session)?.term ?? null;
    case 'renewed':
    case 'gone':
    case 'ended':
    case 'idle':
    case 'failed':
      return null;
  }
}

function termOf(holder: NamedHolder | null | undefined, session: string): Term | null {
  return holder?.session === session ? (holder.term ?? null) : null;
}
