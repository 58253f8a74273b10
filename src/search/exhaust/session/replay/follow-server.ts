/** The server of a way through the session model, gone again with its rule itself. */
import type { Command } from '../../../../core/command.ts';
import type { RuleReply } from '../../../../core/reply.ts';
import { FRESH_SEAT, type Fingerprint, type Seat } from '../../../../core/seat.ts';
import type { Instant } from '../../../../core/time.ts';
import { bare } from '../numbers/messages.ts';
import type { Rules } from '../numbers/rules.ts';
import type { ServerRule } from '../server-rule.ts';
import { APART, type Distances } from './distances.ts';
import { inOrder, stamped } from './stamps.ts';

/** What the server is asked, by whom, and whether its store works. */
interface Asked {
  readonly command: Command;
  readonly caller: Fingerprint | null;
  readonly store: 'works' | 'fails';
}

export class FollowedServer {
  readonly #rules: Rules;
  readonly #rule: ServerRule;
  readonly #unit: number;
  readonly #order: Distances;
  #seats: readonly Seat[];
  #servedAt: number | null = null;
  #sweptAt: number | null = null;

  constructor(rules: Rules, rule: ServerRule, unit: number, order: Distances) {
    this.#rules = rules;
    this.#rule = rule;
    this.#unit = unit;
    this.#order = order;
    this.#seats = rules.scopes.map(() => FRESH_SEAT);
  }

  /** A step that the server knows of comes after the last one that it knew of. */
  serve(index: number): void {
    this.#order.follows(index, this.#servedAt, APART);
    this.#servedAt = index;
  }

  sweep(index: number, tick: number, isDown: boolean): void {
    this.serve(index);
    // The server sweeps by its own clock, and by nothing else.
    if (this.#sweptAt !== null) this.#order.comesLike(index, this.#sweptAt);
    this.#sweptAt = index;
    if (!isDown) this.decide(index, tick, { command: { type: 'sweep' }, caller: null, store: 'works' });
  }

  decide(index: number, tick: number, { command, caller, store }: Asked): RuleReply {
    const { said, orders } = inOrder(
      this.#seats,
      stamped(tick * this.#unit, index),
      (seats: readonly Seat[], now: Instant) => {
        const decided = this.#rule(seats, this.#rules.scopes, command, caller, now, store);
        return { seats: decided.seats, reply: bare(decided.reply) };
      },
    );
    this.#order.keep(index, orders);
    this.#seats = said.seats;
    return said.reply;
  }
}
