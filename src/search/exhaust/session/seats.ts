/** Seats as numbers: how they age, what a sweep leaves, whom they let in, and which sessions they name. */
import type { Command } from '../../../core/command.ts';
import type { Seat, Standing } from '../../../core/seat.ts';
import { longestWait, type Grid } from './grid.ts';
import { Interner, once, onceForAll, oncePerPair, type Numbering } from './interner.ts';
import { changedSeat, CURRENT, later, NOW } from './normal.ts';
import { SameSeats, STRANGER } from './same-seats.ts';
import type { ServerRule } from './server-rule.ts';

export const SCOPE = { license: 'L1', symbol: '' };

/** Session ids of one device that can be in use at once. */
export const NAMES = 8;

/** In place of a name: that of a session that nobody knows of. */
const NOBODY = '-';

/** Which devices are meant: device n is called by the nth letter, its sessions by the letter and a digit. */
export const letter = (device: number): string => String.fromCharCode(65 + device);

export class Seats {
  /** One that was never granted. */
  readonly fresh: number;
  private readonly interner: Interner<Seat>;
  private readonly rule: ServerRule;
  private readonly sameSeats: SameSeats;
  private readonly unit: number;
  /** Past it, nothing depends on how long ago something was. */
  private readonly horizon: number;

  constructor({ policy, unit }: Grid, rule: ServerRule, numbering: Numbering) {
    this.rule = rule;
    this.unit = unit;
    this.interner = new Interner<Seat>('seat', numbering);
    const sweeps = policy.cleanUp.type === 'swept';
    this.horizon = policy.timeout + longestWait(policy) + 2 * unit;
    this.sameSeats = new SameSeats(rule, SCOPE, { unit, horizon: this.horizon, sweeps });
    this.simpler = onceForAll('simpler', numbering, (seat) =>
      this.interner.numberOf(this.sameSeats.simplest(this.seat(seat))),
    );
    this.fresh = this.interner.numberOf({ term: CURRENT, latest: null, previous: null });
  }

  seat = (number: number): Seat => this.interner.valueOf(number);

  keep(seat: Seat): number {
    return this.simplest({ ...changedSeat(seat, later(0, this.horizon)), term: CURRENT });
  }

  private simplest(seat: Seat): number {
    return this.simpler(this.interner.numberOf(seat));
  }

  private readonly simpler: (seat: number) => number;

  readonly sweep = once((seat: number): number =>
    this.keep(this.rule(this.seat(seat), SCOPE, { type: 'sweep' }, null, NOW).seat),
  );

  readonly older = once((seat: number): number =>
    this.simplest(changedSeat(this.seat(seat), later(this.unit, this.horizon))),
  );

  /** The seat after its devices have changed places: device n is then the one at `order[n]`, in 2 bits each. */
  readonly permuted = oncePerPair((number: number, order: number): number => {
    const moved = (text: string): string => {
      const device = text.charCodeAt(0) - 65;
      let place = 0;
      while (((order >> (2 * place)) & 3) !== device) place++;
      return letter(place) + text.slice(1);
    };
    const { term, latest, previous } = this.seat(number);
    return this.interner.numberOf({
      term,
      latest:
        latest === null
          ? null
          : { ...latest, id: moved(latest.id), device: moved(latest.device), standing: standing(latest.standing) },
      previous: previous === null ? null : { ...previous, id: moved(previous.id) },
    });

    function standing(each: Standing): Standing {
      return each.type === 'revoked' ? { ...each, revokedBy: moved(each.revokedBy) } : each;
    }
  });

  /** The device of the seat's latest session times `NAMES`, and its name; -1 where there is none, or it is revoked. */
  readonly latestOf = once((seat: number): number => {
    const { latest } = this.seat(seat);
    return latest === null || latest.standing.type === 'revoked' ? -1 : nameOf(latest.id);
  });

  /** The same of the session that is remembered, revoked or not, and of the one before it. */
  readonly rememberedOf = once((seat: number): number => nameOf(this.seat(seat).latest?.id));
  readonly previousOf = once((seat: number): number => nameOf(this.seat(seat).previous?.id));

  readonly withoutPrevious = once((seat: number): number => this.simplest({ ...this.seat(seat), previous: null }));

  /** The latest session is one that nobody mentions any more: its name is nobody's, and if it blocks nobody it might as well never have been. */
  readonly withForgotten = once((seat: number): number => {
    const { latest } = this.seat(seat);
    if (latest === null || this.isFree(seat)) return this.fresh;
    return this.simplest({ ...this.seat(seat), latest: { ...latest, id: latest.device + NOBODY } });
  });

  /** Whether a start by a device that never had the seat is refused now. */
  readonly isBlocked = once((seat: number): boolean => !this.lets(seat, STRANGER));

  /** Whether a start by anybody is granted now. */
  private isFree(seat: number): boolean {
    const { latest } = this.seat(seat);
    return latest === null || (!this.isBlocked(seat) && this.lets(seat, latest.device));
  }

  private lets(seat: number, device: string): boolean {
    const command: Command = {
      type: 'start',
      scope: SCOPE,
      session: `${device}${NOBODY}${NOBODY}`,
      device,
      takeOver: null,
    };
    return this.rule(this.seat(seat), SCOPE, command, device, NOW).reply.type === 'granted';
  }
}

function nameOf(id: string | undefined): number {
  if (id === undefined || id.endsWith(NOBODY)) return -1;
  return (id.charCodeAt(0) - 65) * NAMES + Number(id.slice(1));
}
