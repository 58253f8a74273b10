/** Counts the statements of each call of a schedule, in the order in which they take effect. */
import type { Statements } from '../../history/history.ts';
import type { Outcome, RaceEvent } from './schedule.ts';
import type { Access } from './statement.ts';

export class StatementCounter {
  readonly #calls = new Map<number, Statements>();
  /** What the statement of each waiting call does once it goes on. */
  readonly #waiting = new Map<number, Access>();
  #next = 0;

  /** What an event carried out: its own statement, and those of the waiting calls that it released. */
  take({ actor, act, access, outcome, released }: RaceEvent): void {
    const arrived = act !== 'crashes' && act !== 'loses-statement';
    if (access !== null && arrived) {
      if (outcome === null) this.#waiting.set(actor, access);
      else this.#count(actor, access, outcome);
    }
    for (const each of released) {
      const waited = this.#waiting.get(each.actor);
      this.#waiting.delete(each.actor);
      if (waited !== undefined) this.#count(each.actor, waited, each.outcome);
    }
  }

  /** Undefined for a call of which no statement was observed. */
  of(actor: number): Statements | undefined {
    return this.#calls.get(actor);
  }

  #count(actor: number, access: Access, outcome: Outcome): void {
    const position = this.#next++;
    const known = this.#calls.get(actor);
    const writes = access === 'writes' && outcome.type !== 'failed';
    this.#calls.set(actor, {
      count: (known?.count ?? 0) + 1,
      first: known?.first ?? position,
      last: position,
      lastWrite: writes ? position : (known?.lastWrite ?? null),
    });
  }
}
