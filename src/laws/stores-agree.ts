/** P8: the stores of a design agree on who holds a seat. */
import type { Scope } from '../core/seat.ts';
import { between, formatDuration, formatInstant, type Instant } from '../core/time.ts';
import type { SeatRow, StorePromise } from '../history/history.ts';
import { scopeKey, type Evidence } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { storedIn } from './stored.ts';
import { tellingOf, type Telling } from './telling.ts';

export const STORES_AGREE: Law = {
  code: 'P8',
  name: 'stores agree',
  kind: 'safety',
  needs: { stores: true },
  statement:
    'the stores of a design agree on the holder of each seat, apart from the times that the design declares for normal work and after a crash',
  judge: (evidence) => {
    const { stores } = evidence.history;
    if (stores === null) return { tested: 0, breaches: [], notJudged: 'the design keeps its sessions in one store' };
    return new Comparison(evidence, stores).run();
  },
};

/** One seat in all of the stores. */
interface Compared {
  readonly scope: Scope;
  readonly rows: Map<string, SeatRow>;
  /** Since when the stores are seen to disagree; null while they agree. */
  since: Instant | null;
  told: boolean;
  /** The last call that may have changed the seat. */
  lastCall: number | null;
}

/** One pass over the events. A store is as it was seen last: of several, each change is recorded when it comes about. */
class Comparison {
  readonly #evidence: Evidence;
  readonly #promise: StorePromise;
  readonly #tell: Telling;
  readonly #names: readonly string[];
  readonly #seats = new Map<string, Compared>();
  readonly #breaches: Breach[] = [];
  /** Servers that are down, and `store` while that fails. */
  readonly #down = new Set<number | 'store'>();
  #lastTrouble: Instant | null = null;
  #tested = 0;

  constructor(evidence: Evidence, promise: StorePromise) {
    this.#evidence = evidence;
    this.#promise = promise;
    this.#tell = tellingOf(evidence.history);
    this.#names = [
      ...new Set(evidence.history.events.flatMap((event) => (event.type === 'held' ? [event.store] : []))),
    ];
  }

  run(): Judgement {
    const { history } = this.#evidence;
    if (this.#names.length < 2)
      return { tested: 0, breaches: [], notJudged: 'rows of fewer than two stores are recorded' };
    for (const event of history.events) {
      this.#judgeUntil(event.at);
      switch (event.type) {
        case 'called': {
          const { command } = event;
          if (command.type !== 'status' && command.type !== 'sweep') this.#at(command.scope).lastCall = event.call;
          break;
        }
        case 'held':
          this.#look(event.store, event.seats, event.at);
          break;
        case 'server-crashed':
          this.#down.add(event.server);
          break;
        case 'server-restarted':
          this.#down.delete(event.server);
          this.#lastTrouble = event.at;
          break;
        case 'store-emptied':
          this.#down.delete('store');
          this.#lastTrouble = event.at;
          break;
        case 'store-faulted':
          if (event.fault === null) this.#down.delete('store');
          else this.#down.add('store');
          this.#lastTrouble = event.at;
          break;
        default:
      }
    }
    return { tested: this.#tested, breaches: this.#breaches, notJudged: null };
  }

  #at(scope: Scope): Compared {
    const key = scopeKey(scope);
    let seat = this.#seats.get(key);
    if (seat === undefined) {
      seat = { scope, rows: new Map(), since: null, told: false, lastCall: null };
      this.#seats.set(key, seat);
    }
    return seat;
  }

  #look(store: string, rows: readonly SeatRow[], at: Instant): void {
    for (const row of rows) {
      const seat = this.#at(row.scope);
      const before = holderIn(seat.rows.get(store));
      seat.rows.set(store, row);
      if (holderIn(row) !== before) this.#tested += 1;
      const agree = new Set(this.#names.map((name) => holderIn(seat.rows.get(name)))).size === 1;
      if (agree) seat.told = false;
      seat.since = agree ? null : (seat.since ?? at);
    }
  }

  #judgeUntil(now: Instant): void {
    if (this.#down.size > 0) return;
    for (const seat of this.#seats.values()) {
      if (seat.since === null || seat.told) continue;
      const { agreeWithin, reconcileWithin } = this.#promise;
      const recovering = this.#lastTrouble === null ? -Infinity : this.#lastTrouble + reconcileWithin;
      const deadline = Math.max(seat.since + agreeWithin, recovering) as Instant;
      if (Math.min(now, expiryOf(seat)) <= deadline) continue;
      seat.told = true;
      this.#breaches.push(this.#breach(seat, seat.since, deadline, recovering > seat.since + agreeWithin));
    }
  }

  #breach({ scope, rows, lastCall }: Compared, since: Instant, deadline: Instant, recovering: boolean): Breach {
    const said = this.#names.map((name) => `${name} ${this.#inWords(rows.get(name))}`);
    const { agreeWithin, reconcileWithin } = this.#promise;
    const began = formatInstant(since);
    return {
      at: deadline,
      message: `the stores disagree about ${this.#tell.scope(scope)} for more than ${formatDuration(between(since, deadline))}: ${said.join('; ')}`,
      ...(recovering
        ? {
            cause: 'stores-not-reconciled',
            why: `they have differed since ${began}; after the fault at ${formatInstant(this.#lastTrouble ?? since)} they were to agree within ${formatDuration(reconcileWithin)}`,
            fix: 'rebuild the other stores from the one that decides when a server or the store comes back',
          }
        : this.#holders(rows) > 1
          ? {
              cause: 'stores-hold-two-sessions',
              why: `they have differed since ${began}, the design allows ${formatDuration(agreeWithin)}, and each holds a session of its own`,
              fix: 'let one store decide each grant under a condition, and copy the session from it to the others',
            }
          : {
              cause: 'change-not-copied',
              why: `they have differed since ${began}, and the design allows ${formatDuration(agreeWithin)}`,
              fix: 'write every grant and every end to all stores before it is answered, or copy it within the declared time',
            }),
      calls: lastCall === null ? [] : [lastCall],
    };
  }

  #holders(rows: ReadonlyMap<string, SeatRow>): number {
    return new Set([...rows.values()].map(holderIn).filter((holder) => holder !== '')).size;
  }

  #inWords(row: SeatRow | undefined): string {
    const stored = storedIn(row);
    if (stored === null) return 'knows no session';
    const who = this.#tell.tenure(stored);
    return stored.standing.type === 'held' ? `holds ${who}` : `holds none, ${who} was ${stored.standing.type}`;
  }
}

/** Who holds the seat by this row, as text; empty where it is free. */
function holderIn(row: SeatRow | undefined): string {
  const stored = storedIn(row);
  return stored?.standing.type === 'held' ? `${stored.term} ${stored.session}` : '';
}

/** When the one session that some stores hold and others do not has expired anyway; never where they hold different ones. */
function expiryOf({ rows }: Compared): number {
  const held = [...rows.values()].filter((row) => holderIn(row) !== '');
  if (new Set(held.map(holderIn)).size > 1) return Infinity;
  const ends = held.map(({ seat: { latest } }) =>
    latest?.standing.type === 'held' ? latest.standing.lastHeartbeat + latest.timeout : 0,
  );
  return Math.max(...ends);
}
