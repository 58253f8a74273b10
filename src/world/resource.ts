/** What the devices work on: it may check terms, and refuse one lower than it has seen. */
import type { Scope, Term } from '../core/seat.ts';
import type { Recorder } from './recorder.ts';
import type { TrueTime } from './time.ts';

export class Resource {
  readonly #kind: 'checks-terms' | 'accepts-all' | 'none';
  readonly #time: TrueTime;
  readonly #recorder: Recorder;
  readonly #highest = new Map<string, Term>();

  constructor(kind: 'checks-terms' | 'accepts-all' | 'none', time: TrueTime, recorder: Recorder) {
    this.#kind = kind;
    this.#time = time;
    this.#recorder = recorder;
  }

  /** An effect without a term cannot be compared with others, so every resource accepts it. */
  tryEffect(actor: string, scope: Scope, term: Term | null): void {
    if (this.#kind === 'none') return;
    const key = `${scope.license}\n${scope.symbol}`;
    const highest = this.#highest.get(key) ?? 0;
    const accepted = this.#kind === 'accepts-all' || term === null || term >= highest;
    if (term !== null && term > highest) this.#highest.set(key, term);
    this.#recorder.add({ type: 'effect-tried', at: this.#time.now, actor, scope, term, accepted });
  }
}
