/** What the seats of the license are for: one for all of it, or one for each of its symbols. */
import type { Scope } from '../../../core/seat.ts';

const LICENSE = 'L1';
const SYMBOLS = ['EURUSD', 'GBPUSD'] as const;

/** With one symbol it does not matter which, so there is none. */
export function scopesOf(symbols: number): readonly Scope[] {
  if (symbols === 1) return [{ license: LICENSE, symbol: '' }];
  return SYMBOLS.slice(0, symbols).map((symbol) => ({ license: LICENSE, symbol }));
}

/** Which of them a scope is. */
export function symbolFor(scopes: readonly Scope[], { symbol }: Scope): number {
  return scopes.findIndex((scope) => scope.symbol === symbol);
}
