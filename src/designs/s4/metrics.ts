/** What the note on S4 wants measured, from a History: whether sessions are found, how long they take to come about, and what is left of them. */
import { between, type Duration } from '../../core/time.ts';
import type { Scope, SessionId } from '../../core/seat.ts';
import type { Answered, Called, History } from '../../history/history.ts';

export interface SessionMetrics {
  /** Look-ups of a session whose client had been told of it and had not asked to end it; those that no server answered do not count. */
  readonly lookUps: number;
  /** Of them, those that found that very session. */
  readonly found: number;
  /** Of them, those that were answered as if there were no such session. */
  readonly notFound: number;
  /** From the arrival of a start at the server to its answer; null where none was granted. */
  readonly creationP50: Duration | null;
  readonly creationP95: Duration | null;
  /** Sessions that the database shows as running in the end, although their client has asked to end them. */
  readonly orphans: number;
  /** Sessions that some memory shows as running in the end, and the database does not. */
  readonly zombies: number;
}

/** `database` is the store that is not the memory of a process. */
export function sessionMetrics(history: History, database: string): SessionMetrics {
  const answers = new Map<number, Answered>();
  const calls: Called[] = [];
  for (const event of history.events) {
    if (event.type === 'called') calls.push(event);
    else if (event.type === 'answered') answers.set(event.call, event);
  }
  const taken: Duration[] = [];
  /** What clients have been told of, and since when; and when they began to end it. */
  const told = new Map<string, { readonly session: SessionId; readonly since: number }>();
  const ended = new Map<string, number>();
  let [lookUps, found, notFound] = [0, 0, 0];
  for (const { call, at, sent, command } of calls) {
    const answer = answers.get(call);
    if (command.type === 'end' && !ended.has(keyOf(command.scope))) ended.set(keyOf(command.scope), sent);
    if (answer === undefined) continue;
    const { reply } = answer;
    if (command.type === 'start' && reply.type === 'granted') {
      taken.push(between(at, answer.at));
      if (answer.arrived)
        told.set(keyOf(command.scope), { session: reply.session ?? command.session, since: answer.at });
    }
    if (command.type !== 'status') continue;
    const known = told.get(keyOf(command.scope));
    if (known === undefined || known.since >= sent || ended.has(keyOf(command.scope))) continue;
    lookUps += 1;
    if (reply.type === 'active' && reply.holder?.session === known.session) found += 1;
    else if (reply.type !== 'failed') notFound += 1;
  }
  const running = runningIn(history);
  const inDatabase = running.get(database) ?? new Set();
  const inMemory = [...running].flatMap(([store, sessions]) => (store === database ? [] : [...sessions]));
  taken.sort((a, b) => a - b);
  return {
    lookUps,
    found,
    notFound,
    creationP50: quantile(taken, 0.5),
    creationP95: quantile(taken, 0.95),
    orphans: [...inDatabase].filter((session) => ended.has(session.slice(0, session.lastIndexOf('\n')))).length,
    zombies: new Set(inMemory.filter((session) => !inDatabase.has(session))).size,
  };
}

/** The sessions that each store shows as running at the end of the run. */
function runningIn({ events }: History): ReadonlyMap<string, ReadonlySet<string>> {
  const stores = new Map<string, Map<string, string | null>>();
  for (const event of events) {
    if (event.type !== 'held') continue;
    let seats = stores.get(event.store);
    if (seats === undefined) stores.set(event.store, (seats = new Map()));
    for (const { scope, seat } of event.seats) {
      const key = keyOf(scope);
      seats.set(key, seat.latest?.standing.type === 'held' ? `${key}\n${seat.latest.id}` : null);
    }
  }
  return new Map(
    [...stores].map(([store, seats]) => [store, new Set([...seats.values()].filter((session) => session !== null))]),
  );
}

/** The smallest that so large a part does not exceed. */
function quantile(sorted: readonly Duration[], part: number): Duration | null {
  return sorted[Math.ceil(sorted.length * part) - 1] ?? null;
}

function keyOf({ license, symbol }: Scope): string {
  return `${license}\n${symbol}`;
}
