/** The seats of the license, all together as one number: how they age, what a sweep leaves, whom they let in, and which sessions they name. */
import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../../../core/command.ts';
import { hasExpired } from '../../../../core/expiry.ts';
import type { Policy } from '../../../../core/policy.ts';
import type { RuleReply } from '../../../../core/reply.ts';
import type { Scope, Seat, Standing, Term } from '../../../../core/seat.ts';
import { longestWait, type Grid } from '../grid.ts';
import type { ServerRule } from '../server-rule.ts';
import { Interner, once, onceForAll, onceForEach, type Numbering } from './interner.ts';
import { isError } from './messages.ts';
import { changedSeat, CURRENT, later, NOW } from './normal.ts';
import { FORGOTTEN, SameSeats, STRANGER } from './same-seats.ts';

/** Session ids of one device that can be in use at once. */
export const NAMES = 8;

/** In place of a name: that of a session that nobody knows of. */
const NOBODY = '-';

/** The terms of the sessions that came before the latest one. */
const OTHER_TERMS: readonly Term[] = Array.from({ length: CURRENT }, (_, term) => term);

/** A session name of a device that no session has. */
const unused = (device: string): string => `${device}${NOBODY}${NOBODY}`;

/** Which devices are meant: device n is called by the nth letter, its sessions by the letter and a digit. */
export const letter = (device: number): string => String.fromCharCode(65 + device);

export class Seats {
  /** Those that were never granted. */
  readonly fresh: number;
  private readonly interner: Interner<readonly Seat[]>;
  private readonly rule: ServerRule;
  private readonly scopes: readonly Scope[];
  private readonly sameSeats: SameSeats;
  private readonly policy: Policy;
  private readonly unit: number;
  /** Past it, nothing depends on how long ago something was. */
  private readonly horizon: number;

  constructor({ policy, unit }: Grid, rule: ServerRule, scopes: readonly Scope[], numbering: Numbering) {
    this.rule = rule;
    this.scopes = scopes;
    this.policy = policy;
    this.unit = unit;
    this.interner = new Interner<readonly Seat[]>('seat', numbering);
    const sweeps = policy.cleanUp.type === 'swept';
    this.horizon = policy.timeout + longestWait(policy) + 2 * unit;
    // How many sessions a license has is judged where it has several seats.
    const tell = scopes.length === 1 ? null : this.isLive;
    this.sameSeats = new SameSeats(rule, scopes, { unit, horizon: this.horizon, sweeps, tell });
    this.simpler = onceForAll('simpler', numbering, (seat) =>
      this.interner.numberOf(this.sameSeats.simplest(this.seats(seat))),
    );
    this.fresh = this.interner.numberOf(scopes.map(() => FORGOTTEN));
  }

  seats = (number: number): readonly Seat[] => this.interner.valueOf(number);

  keep(seats: readonly Seat[]): number {
    return this.simplest(seats.map((seat) => ({ ...changedSeat(seat, later(0, this.horizon)), term: CURRENT })));
  }

  private simplest(seats: readonly Seat[]): number {
    return this.simpler(this.interner.numberOf(seats));
  }

  private readonly simpler: (seats: number) => number;

  readonly sweep = once((seats: number): number =>
    this.keep(this.rule(this.seats(seats), this.scopes, { type: 'sweep' }, null, NOW).seats),
  );

  readonly sweepFails = once((seats: number): boolean =>
    isError(this.rule(this.seats(seats), this.scopes, { type: 'sweep' }, null, NOW).reply),
  );

  readonly older = once((seats: number): number =>
    this.simplest(this.seats(seats).map((seat) => changedSeat(seat, later(this.unit, this.horizon)))),
  );

  /** The seats after their devices have changed places: device n is then the one at `order[n]`, in 2 bits each. */
  readonly permuted = onceForEach((number: number, order: number): number => {
    const moved = (text: string): string => {
      const device = text.charCodeAt(0) - 65;
      let place = 0;
      while (((order >> (2 * place)) & 3) !== device) place++;
      return letter(place) + text.slice(1);
    };
    return this.interner.numberOf(
      this.seats(number).map(({ term, latest, previous }) => ({
        term,
        latest:
          latest === null
            ? null
            : { ...latest, id: moved(latest.id), device: moved(latest.device), standing: standing(latest.standing) },
        previous: previous === null ? null : { ...previous, id: moved(previous.id) },
      })),
    );

    function standing(each: Standing): Standing {
      return each.type === 'revoked' ? { ...each, revokedBy: moved(each.revokedBy) } : each;
    }
  });

  /** Of one seat, the device of the latest session times `NAMES`, and its name; -1 where there is none, or it is revoked. */
  readonly latestOf = onceForEach((seats: number, which: number): number => {
    const { latest } = this.seats(seats)[which]!;
    return latest === null || latest.standing.type === 'revoked' ? -1 : nameOf(latest.id);
  });

  /** The same of the session that is remembered, revoked or not, and of the one before it. */
  readonly rememberedOf = onceForEach((seats: number, which: number): number =>
    nameOf(this.seats(seats)[which]!.latest?.id),
  );
  readonly previousOf = onceForEach((seats: number, which: number): number =>
    nameOf(this.seats(seats)[which]!.previous?.id),
  );

  readonly withoutPrevious = onceForEach((seats: number, which: number): number =>
    this.simplest(this.with(seats, which, { ...this.seats(seats)[which]!, previous: null })),
  );

  /**
   * The latest session of a seat is one that no client and no message mentions any more. Where it blocks no start, does
   * not count, and changes neither what other sessions are answered nor the other seats, the seat is as if it had never
   * been granted.
   */
  readonly withForgotten = onceForEach((seats: number, which: number): number => {
    const all = this.seats(seats);
    const { latest } = all[which]!;
    if (latest === null || (this.isFree(seats, which) && this.isAloof(seats, which) && this.isSilent(seats, which))) {
      return this.interner.numberOf(this.with(seats, which, FORGOTTEN));
    }
    // Its device may have it again.
    if (this.isHandedOut(seats, which)) return seats;
    return this.simplest(
      this.with(seats, which, { ...all[which]!, latest: { ...latest, id: latest.device + NOBODY } }),
    );
  });

  /**
   * Whether the heartbeats and ends of other sessions are answered as on a seat that was never granted, and leave both
   * seats as they are: now and after any time.
   */
  private readonly isSilent = onceForEach((seats: number, which: number): boolean => {
    const ages = new Set<number>();
    for (let at = seats; !ages.has(at); at = this.older(at)) {
      if (!this.isSilentNow(at, which)) return false;
      ages.add(at);
    }
    return true;
  });

  private isSilentNow(seats: number, which: number): boolean {
    const { latest, previous } = this.seats(seats)[which]!;
    const forgotten = this.with(seats, which, FORGOTTEN);
    const scope = this.scopes[which]!;
    const sessions = [latest?.device ?? STRANGER, STRANGER].map(unused);
    if (previous !== null) sessions.push(previous.id);
    return sessions.every((session) =>
      OTHER_TERMS.every((term) =>
        (['heartbeat', 'end'] as const).every((type) => {
          const device = session.charAt(0);
          const command: Command = { type, scope, session, device, term };
          const [one, other] = [this.seats(seats), forgotten].map((all) => {
            const decided = this.rule(all, this.scopes, command, device, NOW);
            return isDeepStrictEqual(decided.seats[which], all[which]) ? decided.reply.type : 'changed';
          });
          return one === other && one !== 'changed';
        }),
      ),
    );
  }

  private isAloof(seats: number, which: number): boolean {
    const all = this.seats(seats);
    return all.length === 1 || (!this.isLive(all[which]!) && this.sameSeats.isUnnoticed());
  }

  /**
   * The seat whose session refuses a start by a device that never had any, now: the one that is to be started, or where
   * that would be granted if it were the only one, the other. -1 where it is granted.
   */
  readonly blockerOf = onceForEach((seats: number, which: number): number => {
    const all = this.seats(seats);
    if (this.lets(all, which, STRANGER)) return -1;
    const isOwn =
      all.length === 1 ||
      !this.lets(
        this.scopes.map((_, each) => (each === which ? all[each]! : FORGOTTEN)),
        which,
        STRANGER,
      );
    return isOwn ? which : 1 - which;
  });

  /** How many sessions the license has that have not expired. */
  readonly live = once((seats: number): number => this.seats(seats).filter(this.isLive).length);

  private readonly isLive = ({ latest }: Seat): boolean =>
    latest !== null &&
    latest.standing.type === 'held' &&
    !hasExpired(latest.standing.lastHeartbeat, latest.timeout, this.policy, NOW);

  /** Whether a start by anybody is granted now. */
  private isFree(seats: number, which: number): boolean {
    const all = this.seats(seats);
    const { latest } = all[which]!;
    return latest === null || (this.lets(all, which, STRANGER) && this.lets(all, which, latest.device));
  }

  private lets(seats: readonly Seat[], which: number, device: string): boolean {
    return this.start(seats, which, device).type === 'granted';
  }

  /** Whether a start under a new name by the device of the latest session is given that session. */
  private isHandedOut(seats: number, which: number): boolean {
    const all = this.seats(seats);
    const { latest } = all[which]!;
    if (latest === null) return false;
    const reply = this.start(all, which, latest.device);
    return reply.type === 'granted' && reply.session === latest.id;
  }

  /** What is answered to a start under a name that was never used. */
  private start(seats: readonly Seat[], which: number, device: string): RuleReply {
    const command: Command = {
      type: 'start',
      scope: this.scopes[which]!,
      session: unused(device),
      device,
      takeOver: null,
    };
    return this.rule(seats, this.scopes, command, device, NOW).reply;
  }

  private with(seats: number, which: number, seat: Seat): readonly Seat[] {
    return this.seats(seats).map((each, index) => (index === which ? seat : each));
  }
}

function nameOf(id: string | undefined): number {
  if (id === undefined || id.endsWith(NOBODY)) return -1;
  return (id.charCodeAt(0) - 65) * NAMES + Number(id.slice(1));
}
