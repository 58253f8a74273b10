/** A first look at one seat, in the order of the answers: it counts what puts the laws to the test, and gives up where one looks broken. */
import type { Scope } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { AnsweredOperation } from './evidence.ts';
import { crashed, EMPTY_LEDGER, entered, setBack, type Ledger, type Tenure } from './ledger.ts';
import type { Lives } from './lives.ts';
import { isPlainRow, plainSign } from './plain.ts';
import { callMoment, noted, rowMoment, type Sighting, type Untold } from './rule.ts';
import type { Look, SeatSink } from './walk.ts';
import type { Judging } from './world.ts';

/** Almost always the order in which the answers were seen breaks nothing, and then no other can do better. */
export class Passage implements SeatSink {
  /** Whether some law looks broken; then nothing else here counts. */
  failed = false;
  /** How often each rule was put to the test, in the order of the rules. */
  readonly tested: number[];
  /** What each rule needed and was not told. */
  readonly untold: (ReadonlySet<Untold> | undefined)[] = [];
  /** The lives of sessions on the seat; null where they are not needed. */
  readonly lives: Lives | null;
  readonly #scope: Scope;
  readonly #judging: Judging;
  #ledger: Ledger = EMPTY_LEDGER;
  /** The last plain renewal that the ledger does not have yet. */
  #plainSign: Instant | null = null;
  #plainCall: AnsweredOperation | null = null;
  #plainCalls = 0;
  #plainRows = 0;

  constructor(scope: Scope, judging: Judging, lives: Lives | null) {
    this.#scope = scope;
    this.#judging = judging;
    this.lives = lives;
    this.tested = judging.rules.map(() => 0);
  }

  readonly call = (operation: AnsweredOperation): void => {
    if (this.failed) return;
    const { context, caller, rules, plainly } = this.#judging;
    if (plainly) {
      const last = this.#plainSign ?? this.#ledger.tenure?.sign.earliest ?? (0 as Instant);
      const sign = plainSign(this.#ledger, last, operation, context.bounds);
      if (sign !== null) {
        this.#plainSign = sign;
        this.#plainCall = operation;
        this.#plainCalls += 1;
        this.lives?.goesOn(sign);
        return;
      }
    }
    const before = this.#upToDate();
    const after = entered(before, operation, context.bounds, caller(operation) ?? '');
    const moment = callMoment(context, this.#scope, operation, before, after);
    for (let i = 0; i < rules.length; i += 1) this.#note(i, rules[i]?.onCall?.(moment));
    this.#ledger = after;
    this.lives?.take(before.tenure, after.tenure, operation);
  };

  readonly row = (look: Look): void => {
    if (this.failed) return;
    const { row, since } = look;
    const sign = this.#plainSign;
    if (sign !== null && isPlainRow(this.#ledger.tenure as Tenure, sign, row, since)) {
      this.#plainRows += 1;
      return;
    }
    const { context, rules } = this.#judging;
    const moment = rowMoment(context, this.#scope, look, this.#upToDate());
    for (let i = 0; i < rules.length; i += 1) this.#note(i, rules[i]?.onRow?.(moment));
  };

  readonly crash = (actor: string, at: Instant): void => {
    if (!this.failed) this.#ledger = crashed(this.#upToDate(), actor, at);
  };

  readonly setBack = (): void => {
    if (!this.failed) this.#ledger = setBack(this.#upToDate());
  };

  readonly unanswered = (): void => {
    // Unanswered calls matter only where something looks broken without them.
  };

  /** Adds the plain moments to the count. To be called once, at the end. */
  close(): void {
    this.#judging.rules.forEach(({ plain }, i) => {
      const counted = (plain?.call === true ? this.#plainCalls : 0) + (plain?.row === true ? this.#plainRows : 0);
      this.tested[i] = (this.tested[i] ?? 0) + counted;
    });
  }

  #note(rule: number, sighting: Sighting | null | undefined): void {
    if (!sighting) return;
    if (sighting.untold !== undefined) {
      this.untold[rule] = noted(this.untold[rule], sighting.untold);
      return;
    }
    this.tested[rule] = (this.tested[rule] ?? 0) + 1;
    if (sighting.breach !== null) this.failed = true;
  }

  /** The ledger with the plain renewals since it was written. */
  #upToDate(): Ledger {
    const operation = this.#plainCall;
    if (operation === null) return this.#ledger;
    this.#ledger = entered(this.#ledger, operation, this.#judging.context.bounds, '');
    this.#plainSign = null;
    this.#plainCall = null;
    return this.#ledger;
  }
}
