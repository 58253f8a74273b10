/** From when until when the sessions of one seat were certainly live, by the store's clock. */
import { after, type Duration, type Instant } from '../core/time.ts';
import type { Scope } from '../core/seat.ts';
import type { AnsweredOperation } from './evidence.ts';
import type { Tenure } from './ledger.ts';

export interface Life {
  readonly scope: Scope;
  readonly tenure: Tenure;
  readonly from: Instant;
  to: Instant;
  /** True time of the request from which it was live. */
  readonly at: Instant;
  /** Whether a heartbeat began it, after the session had expired. */
  readonly revived: boolean;
}

export class Lives {
  readonly all: Life[] = [];
  readonly #scope: Scope;
  readonly #boundary: Duration;
  #open: Life | null = null;
  #sign: Tenure['sign'] | null = null;

  constructor(scope: Scope, boundary: Duration) {
    this.#scope = scope;
    this.#boundary = boundary;
  }

  /** A call was answered; the tenure before and after it. */
  take(before: Tenure | null, tenure: Tenure | null, { answer }: AnsweredOperation): void {
    if (tenure === null || tenure === before) return;
    const { storeTime, slack } = answer;
    const open = this.#open;
    const same = open !== null && open.tenure.id === tenure.id && open.tenure.term === tenure.term;
    if (!same || tenure.standing.type !== 'held') {
      // A grant that does not name the session before as replaced leaves that one to its expiry, which law P1 judges.
      if (open !== null) open.to = Math.min(open.to, storeTime - slack) as Instant;
      if (tenure.standing.type !== 'held') return;
    }
    if (tenure.sign === this.#sign) return;
    this.#sign = tenure.sign;
    const to = after(tenure.sign.earliest, this.#boundary);
    if (same && open.to >= tenure.sign.latest) {
      open.to = to;
      return;
    }
    this.#open = { scope: this.#scope, tenure, from: tenure.sign.latest, to, at: answer.at, revived: same };
    this.all.push(this.#open);
  }

  /** The session that was taken note of last was renewed before it expired. */
  goesOn(sign: Instant): void {
    if (this.#open !== null) this.#open.to = after(sign, this.#boundary);
  }
}
