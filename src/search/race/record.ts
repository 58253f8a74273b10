/** The History of one schedule: what was asked and answered, in the order in which it took place. */
import type { Command } from '../../core/command.ts';
import type { Reply } from '../../core/reply.ts';
import { FRESH_SEAT } from '../../core/seat.ts';
import type { Instant } from '../../core/time.ts';
import { scopeKey } from '../../laws/evidence.ts';
import type { History, HistoryEvent, SeatRow, Statements } from '../../history/history.ts';
import type { Played } from './explore.ts';
import type { Act, RaceEvent } from './schedule.ts';
import { RaceFault } from './fault.ts';
import { checkReply, invalidReplyInWords, type Checked } from '../../service/reply-gate.ts';
import { failedBy, sqlstateOf } from '../../service/uncaught.ts';
import type { Staged } from './stage.ts';
import { StatementCounter } from './statements.ts';

/**
 * What happened until the calls were over. Throws a `RaceFault` where a call sent a statement that cannot be right in any
 * order.
 */
export function eventsOf(staged: Staged, played: Played): readonly HistoryEvent[] {
  const { place, before, now } = staged;
  const events: HistoryEvent[] = [...before];
  const offset = before.filter(({ type }) => type === 'called').length;
  const called = new Set<number>();
  const statements = new StatementCounter();
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
    const answered = answerOf(staged, played, actor);
    if (answered !== null) events.push(answerEvent(offset + actor, at, answered, statements.of(actor)));
  };
  const rows = new SeenRows(place.name, before);
  let clock = now;
  const stepping = new Set(played.events.flatMap(({ actor, answered }) => [actor, ...answered]));
  const atOnce = [...staged.calls.keys()].filter((actor) => !stepping.has(actor));
  if (atOnce.length > 0) {
    // A call without a step is answered while the calls begin, and the rows are seen only after a step or at rest.
    for (const actor of staged.calls.keys()) call(actor, now);
    for (const actor of atOnce) answer(actor, now);
  }
  for (const event of played.events) {
    call(event.actor, clock);
    clock = event.clock;
    statements.take(event);
    if (event.act === 'crashes' || event.act === 'dies-waiting') {
      const actor = staged.actors[event.actor];
      if (actor !== null && actor !== undefined) events.push({ type: 'crashed', at: clock, actor });
    }
    for (const actor of event.answered) answer(actor, clock);
    events.push(...rows.look(clock, (event.seen ?? null) as readonly SeatRow[] | null));
  }
  return events;
}

/** `events` are all but the end, which is at `at`. */
export function historyOf({ place, cast, raceCase }: Staged, events: readonly HistoryEvent[], at: Instant): History {
  const title = `${raceCase.calls.map(({ command }) => command).join(', ')} at once`;
  return {
    title,
    on: place.name,
    policy: place.policy,
    cast,
    clocks: [],
    stores: null,
    events: [...events, { type: 'end', at }],
  };
}

/** The event of an answer, or of what is no valid reply. */
export function answerEvent(call: number, at: Instant, checked: Checked, statements?: Statements): HistoryEvent {
  if ('reply' in checked) {
    const answered = { type: 'answered', at, call, storeTime: at, reply: checked.reply, arrived: true } as const;
    return statements === undefined ? answered : { ...answered, statements };
  }
  const { example } = checked.invalid;
  return {
    type: 'design-failed',
    at,
    call,
    how: 'invalid-reply',
    message: invalidReplyInWords(checked.invalid),
    example,
  };
}

/** What is known of the rows of a store at rest. */
export class SeenRows {
  readonly #store: string;
  readonly #seats = new Map<string, SeatRow['seat']>();

  constructor(store: string, events: readonly HistoryEvent[]) {
    this.#store = store;
    for (const event of events) if (event.type === 'held') this.#difference(event.seats);
  }

  /** The event of the rows that differ from what was known, if any do. `rows` is null where the design shows none. */
  look(at: Instant, rows: readonly SeatRow[] | null): readonly HistoryEvent[] {
    const seats = rows === null ? [] : this.#difference(rows);
    return seats.length === 0 ? [] : [{ type: 'held', at, store: this.#store, atRest: true, seats }];
  }

  /** A row that is gone is a seat that nobody has. */
  #difference(seats: readonly SeatRow[]): readonly SeatRow[] {
    const known = this.#seats;
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
}

/** What one call was answered; null where it was not: the caller died, or its connection did. */
export function answerOf(staged: Staged, played: Pick<Played, 'answers' | 'events'>, actor: number): Checked | null {
  const answer = played.answers[actor];
  if (answer === undefined || answer.type === 'crashed') return null;
  const command = staged.commands[actor] as Command;
  if (answer.type === 'returned') return checkReply(command, answer.value);
  const { error } = answer;
  const { errors } = staged.place;
  if (isMistake(error, errors)) throw refused(staged.calls[actor]?.name ?? 'a call', played.events, actor, error);
  return isLoss(played.events, actor, error) ? null : { reply: failedBy(error, errors) };
}

/** The reply of one call; null where there is none that is valid. */
export function replyOf(staged: Staged, played: Pick<Played, 'answers' | 'events'>, actor: number): Reply | null {
  const answer = answerOf(staged, played, actor);
  return answer !== null && 'reply' in answer ? answer.reply : null;
}

/** A statement that no order of anything could make right: bad syntax, a column that there is not. */
function isMistake(error: unknown, declared: readonly string[]): boolean {
  const sqlstate = sqlstateOf(error);
  return sqlstate !== null && sqlstate.startsWith('42') && sqlstate !== '42501' && !declared.includes(sqlstate);
}

function refused(call: string, events: readonly RaceEvent[], actor: number, error: unknown): RaceFault {
  const code = sqlstateOf(error);
  const event = events.findLast(
    (each) => each.actor === actor && each.outcome?.type === 'failed' && each.outcome.code === code,
  );
  return new RaceFault('refused-statement', {
    call,
    statement: event?.what ?? null,
    says: `says a statement that the server refuses (${code} ${error instanceof Error ? error.message : String(error)})`,
    fix: 'mend the statement; in the tables of the race it must work without a race first',
    cause: error,
  });
}

/** Whether the call failed because it lost its connection, so that the outcome of its statement is unknown to it. */
function isLoss(events: readonly RaceEvent[], actor: number, error: unknown): boolean {
  const lost = events.some((each) => each.actor === actor && LOSSES.has(each.act));
  const sqlstate = sqlstateOf(error);
  return lost && (sqlstate === null || sqlstate.startsWith('08'));
}

const LOSSES: ReadonlySet<string> = new Set(['loses-answer', 'loses-statement'] satisfies Act[]);
