/** The History of one schedule: what was asked and answered, in the order in which it took place. */
import { DatabaseError } from 'pg';
import type { Command } from '../../core/command.ts';
import type { Reply } from '../../core/reply.ts';
import { FRESH_SEAT } from '../../core/seat.ts';
import { scopeKey } from '../../laws/evidence.ts';
import type { History, HistoryEvent, SeatRow } from '../../history/history.ts';
import type { Played } from './explore.ts';
import type { RaceEvent } from './schedule.ts';
import { RaceFault } from './fault.ts';
import type { Staged } from './stage.ts';

/** Throws a `RaceFault` where a call answered with something that is no reply, or threw something that is no error of the database. */
export function historyOf(staged: Staged, played: Played): History {
  const { place, cast, before, now, raceCase } = staged;
  const events: HistoryEvent[] = [...before];
  const offset = before.filter(({ type }) => type === 'called').length;
  const called = new Set<number>();
  const call = (actor: number, at: typeof now): void => {
    if (called.has(actor) || actor >= staged.calls.length) return;
    called.add(actor);
    const command = staged.commands[actor] as Command;
    events.push({
      type: 'called',
      at,
      sent: at,
      call: offset + actor,
      actor: staged.actors[actor] ?? null,
      step: 0,
      action: actor,
      command,
    });
  };
  const answer = (actor: number, at: typeof now): void => {
    const reply = replyOf(staged, played, actor);
    if (reply !== null)
      events.push({ type: 'answered', at, call: offset + actor, storeTime: at, reply, arrived: true });
  };
  const stored = new Map<string, SeatRow['seat']>();
  for (const event of before) if (event.type === 'held') difference(stored, event.seats);
  let clock = now;
  for (const event of played.events) {
    call(event.actor, clock);
    clock = event.clock;
    if (event.act === 'crashes' || event.act === 'dies-waiting') {
      const actor = staged.actors[event.actor];
      if (actor !== null && actor !== undefined) events.push({ type: 'crashed', at: clock, actor });
    }
    for (const actor of event.answered) answer(actor, clock);
    const seats = difference(stored, (event.seen ?? null) as readonly SeatRow[] | null);
    if (seats.length > 0) events.push({ type: 'held', at: clock, store: place.name, atRest: true, seats });
  }
  // Who needed no step was answered at once.
  for (const actor of staged.calls.keys()) {
    if (called.has(actor)) continue;
    call(actor, clock);
    answer(actor, clock);
  }
  events.push({ type: 'end', at: clock });
  const title = `${raceCase.calls.map(({ command }) => command).join(', ')} at once`;
  return { title, on: place.name, policy: place.policy, cast, clocks: [], stores: null, events };
}

/** The seats that are not as they were known; a row that is gone is a seat that nobody has. Notes them as known. */
function difference(known: Map<string, SeatRow['seat']>, seats: readonly SeatRow[] | null): readonly SeatRow[] {
  if (seats === null) return [];
  const gone = [...known.keys()].filter((key) => !seats.some(({ scope }) => scopeKey(scope) === key));
  const all = [
    ...seats,
    ...gone.map((key): SeatRow => {
      const [license = '', symbol = ''] = JSON.parse(key) as string[];
      return { scope: { license, symbol }, seat: FRESH_SEAT };
    }),
  ];
  return all.filter(({ scope, seat }) => {
    const before = known.get(scopeKey(scope));
    known.set(scopeKey(scope), seat);
    return before === undefined || JSON.stringify(before) !== JSON.stringify(seat);
  });
}

/** Null where nobody was answered: the caller died, or its connection did, or the database rejected what it said. */
export function replyOf(staged: Staged, played: Pick<Played, 'answers' | 'events'>, actor: number): Reply | null {
  const answer = played.answers[actor];
  if (answer === undefined || answer.type === 'crashed') return null;
  const name = staged.calls[actor]?.name ?? 'a call';
  if (answer.type === 'returned') {
    if (isReply(answer.value)) return answer.value;
    throw new RaceFault('broke', {
      call: name,
      statement: null,
      says: `answered with ${JSON.stringify(answer.value) ?? 'nothing'}, which is no reply`,
      fix: `answer as SessionService says, for example { type: 'ended' }`,
    });
  }
  const { error } = answer;
  if (isMistake(error)) throw refused(name, played.events, actor, error);
  if (isRejection(error) || isLoss(error)) return null;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  throw new RaceFault('broke', {
    call: name,
    statement: null,
    says: `threw ${said}`,
    fix: 'refusals are replies; let nothing but errors of the database out of a service',
    cause: error,
  });
}

/** A statement that no order of anything could make right: bad syntax, a column that there is not. */
function isMistake(error: unknown): error is Error & { readonly code: string } {
  return isRejection(error) && error.code.startsWith('42') && error.code !== '42501';
}

function refused(
  call: string,
  events: readonly RaceEvent[],
  actor: number,
  error: Error & { readonly code: string },
): RaceFault {
  const event = events.findLast(
    (each) => each.actor === actor && each.outcome?.type === 'failed' && each.outcome.code === error.code,
  );
  return new RaceFault('refused-statement', {
    call,
    statement: event?.what ?? null,
    says: `says a statement that the server refuses (${error.code} ${error.message})`,
    fix: 'mend the statement; in the tables of the race it must work without a race first',
    cause: error,
  });
}

const TYPES = new Set(['granted', 'refused', 'renewed', 'gone', 'ended', 'active', 'idle', 'swept', 'failed']);

function isReply(value: unknown): value is Reply {
  if (typeof value !== 'object' || value === null || !('type' in value) || !TYPES.has(String(value.type))) return false;
  return sessionsIn(value as Reply).every(isNamed);
}

/** The sessions that a reply names. A row that is not there has none, and says so with nulls. */
function sessionsIn(reply: Reply): readonly unknown[] {
  switch (reply.type) {
    case 'granted':
      return [reply];
    case 'refused':
    case 'active':
      return [reply.holder];
    case 'swept':
      return reply.sessions;
    default:
      return [];
  }
}

function isNamed(session: unknown): boolean {
  const of = (name: string): unknown =>
    typeof session === 'object' && session !== null ? Reflect.get(session, name) : undefined;
  return typeof of('session') === 'string' && typeof of('term') === 'number';
}

/** An error with which the database rejected a statement. A copy of node-postgres that the design brings has a class of its own. */
export function isRejection(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof DatabaseError ||
    (error instanceof Error && /^[0-9A-Z]{5}$/.test(String(Reflect.get(error, 'code'))))
  );
}

function isLoss(error: unknown): boolean {
  return error instanceof Error && /connection .*(lost|terminated)|Connection terminated/i.test(error.message);
}
