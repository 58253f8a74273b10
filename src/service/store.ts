/** The store port of the reference design, and a store in memory. */
import { FRESH_SEAT, type Scope, type Seat } from '../core/seat.ts';
import type { SeatRow, StoreRefusal } from '../history/history.ts';

/** Thrown by a store that cannot carry out what it was asked; the service answers `failed`. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly why: 'unknown-license' | 'store';

  constructor(why: 'unknown-license' | 'store', message: string) {
    super(message);
    this.why = why;
  }
}

/** Keeps seats. Each method is atomic. Methods throw `StoreFailure`. */
export interface SeatStore {
  /** The seat of a scope; a fresh one where none was stored. The license must be known. */
  read(scope: Scope): Seat;
  /** Stores the seat. The license must be known. */
  write(scope: Scope, seat: Seat): void;
  /** Every stored seat, ordered by license, then symbol (by code units). */
  all(): readonly SeatRow[];
}

/** A store in memory that can be made to fail as a database does. */
export class MemoryStore implements SeatStore {
  readonly #licenses: ReadonlySet<string>;
  /** In their order. Whoever was given them keeps them as they were, so a write makes new ones. */
  #rows: readonly SeatRow[] = [];
  /** Where among the rows each seat is, by license and symbol. */
  readonly #places = new Map<string, Map<string, number>>();
  #fault: StoreRefusal | null = null;

  constructor(licenses: readonly string[]) {
    this.#licenses = new Set(licenses);
  }

  read(scope: Scope): Seat {
    this.#failIf('table-missing');
    const place = this.#placeOf(scope);
    if (place !== undefined) return (this.#rows[place] as SeatRow).seat;
    this.#failIfUnknown(scope);
    return FRESH_SEAT;
  }

  write(scope: Scope, seat: Seat): void {
    this.#failIf('table-missing');
    this.#failIf('writes-refused');
    const row = { scope, seat };
    const place = this.#placeOf(scope);
    if (place === undefined) {
      this.#failIfUnknown(scope);
      this.#insert(row);
    } else {
      const rows = this.#rows.slice();
      rows[place] = row;
      this.#rows = rows;
    }
  }

  all(): readonly SeatRow[] {
    this.#failIf('table-missing');
    return this.rows();
  }

  /** What is stored, also while the store fails. */
  rows(): readonly SeatRow[] {
    return this.#rows;
  }

  /** Makes the store fail in this way; null makes it work again. */
  fail(fault: StoreRefusal | null): void {
    this.#fault = fault;
  }

  /** Forgets every seat, and works. */
  empty(): void {
    this.#fault = null;
    this.#rows = [];
    this.#places.clear();
  }

  #placeOf({ license, symbol }: Scope): number | undefined {
    return this.#places.get(license)?.get(symbol);
  }

  #insert(row: SeatRow): void {
    this.#rows = [...this.#rows, row].sort(byScope);
    this.#rows.forEach(({ scope: { license, symbol } }, place) => {
      let symbols = this.#places.get(license);
      if (symbols === undefined) this.#places.set(license, (symbols = new Map()));
      symbols.set(symbol, place);
    });
  }

  #failIfUnknown({ license }: Scope): void {
    if (!this.#licenses.has(license)) throw new StoreFailure('unknown-license', `there is no license '${license}'`);
  }

  #failIf(fault: StoreRefusal): void {
    if (this.#fault === fault) throw new StoreFailure('store', `the memory store was told to fail: ${fault}`);
  }
}

function byScope(a: SeatRow, b: SeatRow): number {
  return compareCodeUnits(a.scope.license, b.scope.license) || compareCodeUnits(a.scope.symbol, b.scope.symbol);
}

function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
