/** The seats of a History, numbered as they come, so that what happens to one is found without comparing text. */
import type { Scope } from '../core/seat.ts';

export class Scopes {
  readonly all: Scope[] = [];
  readonly #numbers = new Map<string, Map<string, number>>();

  /** The number of a seat, from 0; a new one for a scope that was not seen before. */
  number(scope: Scope): number {
    let symbols = this.#numbers.get(scope.license);
    if (symbols === undefined) this.#numbers.set(scope.license, (symbols = new Map()));
    let number = symbols.get(scope.symbol);
    if (number === undefined) {
      number = this.all.length;
      this.all.push(scope);
      symbols.set(scope.symbol, number);
    }
    return number;
  }

  /** The number of a seat that was seen before; -1 for any other. */
  find({ license, symbol }: Scope): number {
    return this.#numbers.get(license)?.get(symbol) ?? -1;
  }
}
