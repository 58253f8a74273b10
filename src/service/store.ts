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
  readonly #seats = new Map<string, SeatRow>();
  #ordered: readonly SeatRow[] | null = [];
  #fault: StoreRefusal | null = null;

  constructor(licenses: readonly string[]) {
    this.#licenses = new Set(licenses);
  }

  read(scope: Scope): Seat {
    this.#failIf('table-missing');
    this.#failIfUnknown(scope);
    return this.#seats.get(keyOf(scope))?.seat ?? FRESH_SEAT;
  }

  write(scope: Scope, seat: Seat): void {
    this.#failIf('table-missing');
    this.#failIf('writes-refused');
    this.#failIfUnknown(scope);
    this.#seats.set(keyOf(scope), { scope, seat });
    this.#ordered = null;
  }

  all(): readonly SeatRow[] {
    this.#failIf('table-missing');
    return this.rows();
  }

  /** What is stored, also while the store fails. */
  rows(): readonly SeatRow[] {
    this.#ordered ??= [...this.#seats.values()].sort(byScope);
    return this.#ordered;
  }

  /** Makes the store fail in this way; null makes it work again. */
  fail(fault: StoreRefusal | null): void {
    this.#fault = fault;
  }

  /** Forgets every seat, and works. */
  empty(): void {
    this.#fault = null;
    this.#seats.clear();
    this.#ordered = null;
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

function keyOf(scope: Scope): string {
  // With the length in front, no two scopes have one key whatever their names contain.
  return `${scope.license.length}:${scope.license}${scope.symbol}`;
}
