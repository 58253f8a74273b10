/** Seats that no request tells apart, now or later, are one: so that what no longer matters makes for no more states. */
import type { Command } from '../../../core/command.ts';
import type { Scope, Seat, Standing } from '../../../core/seat.ts';
import type { Instant } from '../../../core/time.ts';
import { bare } from './messages.ts';
import { changedSeat, CURRENT, later, NOW } from './normal.ts';
import type { ServerRule } from './server-rule.ts';

/** Where time is finer, comparing seats takes longer than it saves. */
const MOST_UNITS = 200;

/** A device that a seat never names. */
const STRANGER = 'Z';

type Requests = 'few' | 'all';

interface Request {
  readonly command: Command;
  readonly caller: string | null;
}

/**
 * Replaces an instant of a seat by the oldest or the youngest there is, or leaves it out, wherever the rule itself shows
 * that this changes nothing: it is asked for its answer to every request there is, then again one unit later, and so on
 * until no time can make a difference. What it makes of both seats must be the same, or just as little changed.
 */
export class SameSeats {
  readonly #rule: ServerRule;
  readonly #scope: Scope;
  readonly #unit: number;
  /** Of the seat: past it, nothing depends on how long ago something was. */
  readonly #horizon: number;
  readonly #known = new Map<string, boolean>();
  readonly #simplest = new Map<string, Seat>();

  constructor(rule: ServerRule, scope: Scope, unit: number, horizon: number) {
    this.#rule = rule;
    this.#scope = scope;
    this.#unit = unit;
    this.#horizon = horizon;
  }

  simplest(seat: Seat): Seat {
    if (seat.latest === null || this.#horizon > MOST_UNITS * this.#unit) return seat;
    // Which devices and sessions they are makes no difference, so what is found for some holds for others.
    const plain = renamed(seat);
    const key = JSON.stringify(plain);
    let simple = this.#simplest.get(key);
    if (simple === undefined) {
      simple = this.#simplified(plain);
      this.#simplest.set(key, simple);
    }
    return withInstantsOf(seat, simple);
  }

  #simplified(seat: Seat): Seat {
    return this.#simplifications().reduce((simple, change) => {
      const candidate = change(simple);
      if (candidate === null) return simple;
      // Most that can be told apart are so by what is asked most often: that is tried first, and for all times.
      const isSimpler = this.#areOne(simple, candidate, 'few') && this.#areOne(simple, candidate, 'all');
      return isSimpler ? candidate : simple;
    }, seat);
  }

  #simplifications(): readonly ((seat: Seat) => Seat | null)[] {
    const oldest = (NOW - this.#horizon) as Instant;
    const of = (field: 'lastHeartbeat' | 'revokedAt', at: Instant) => (seat: Seat) => withInstant(seat, field, at);
    return [
      (seat) => (seat.latest === null ? null : { ...seat, latest: { ...seat.latest, closedUntil: null } }),
      of('lastHeartbeat', oldest),
      of('lastHeartbeat', NOW),
      of('revokedAt', oldest),
      of('revokedAt', NOW),
    ];
  }

  /** Whether two seats cannot be told apart, from now on for ever. */
  #areOne(one: Seat, other: Seat, requests: Requests): boolean {
    const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
    if (a === b) return true;
    const key = requests + a + b;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // Two that no time changes any more come back to here, and nothing has told them apart.
    this.#known.set(key, true);
    const areOne =
      this.#areOneNow(one, other, requests) && this.#areOne(this.#older(one), this.#older(other), requests);
    this.#known.set(key, areOne);
    return areOne;
  }

  #areOneNow(one: Seat, other: Seat, requests: Requests): boolean {
    const asked = requests === 'all' ? this.#requests(one) : this.#few(one);
    return asked.every(({ command, caller }) => {
      const a = this.#rule(one, this.#scope, command, caller, NOW);
      const b = this.#rule(other, this.#scope, command, caller, NOW);
      if (!equal(bare(a.reply), bare(b.reply))) return false;
      if (equal(a.seat, one) && equal(b.seat, other)) return true;
      return equal(changedSeat(a.seat, same), changedSeat(b.seat, same));
    });
  }

  #older(seat: Seat): Seat {
    return changedSeat(seat, later(this.#unit, this.#horizon));
  }

  /** A rival's start, and what the holder asks. */
  #few({ latest }: Seat): readonly Request[] {
    if (latest === null) return [];
    const scope = this.#scope;
    const { id: session, device } = latest;
    const rival = STRANGER;
    return [
      { command: { type: 'start', scope, session: `${rival}?`, device: rival, takeOver: null }, caller: rival },
      { command: { type: 'start', scope, session: `${device}?`, device, takeOver: null }, caller: device },
      { command: { type: 'heartbeat', scope, session, term: CURRENT }, caller: device },
    ];
  }

  /** Everything that can be asked about sessions that the seat knows, and about one that it does not. */
  #requests({ latest, previous }: Seat): readonly Request[] {
    const scope = this.#scope;
    const known = [latest?.id, previous?.id];
    const standing = latest?.standing;
    const named = [...known, standing?.type === 'revoked' ? standing.revokedBy : undefined].map((name) =>
      name?.charAt(0),
    );
    const sweep: Request = { command: { type: 'sweep' }, caller: null };
    // Those that it does not name are all the same to it.
    const asked = [...new Set(named), STRANGER].flatMap((device) => {
      if (device === undefined) return [];
      const sessions = [...known.filter((id) => id !== undefined && id.startsWith(device)), `${device}?`];
      return sessions
        .flatMap((session = ''): readonly Command[] => [
          ...[null, CURRENT].map((takeOver) => ({ type: 'start' as const, scope, session, device, takeOver })),
          ...Array.from({ length: CURRENT + 1 }, (_, term) => term).flatMap((term) => [
            { type: 'heartbeat' as const, scope, session, term },
            { type: 'end' as const, scope, session, term },
          ]),
        ])
        .map((command): Request => ({ command, caller: device }));
    });
    return [sweep, ...asked];
  }
}

const same = (at: Instant): Instant => at;

/** Whether two values of plain data are the same. */
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [one, other] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  for (const key in one) if (!equal(one[key], other[key])) return false;
  for (const key in other) if (!(key in one)) return false;
  return true;
}

function withInstant(seat: Seat, field: 'lastHeartbeat' | 'revokedAt', at: Instant): Seat | null {
  if (seat.latest === null || !(field in seat.latest.standing)) return null;
  return { ...seat, latest: { ...seat.latest, standing: { ...seat.latest.standing, [field]: at } as Standing } };
}

/** With the first device that it mentions called A, the next B, and their sessions numbered in the same way. */
function renamed(seat: Seat): Seat {
  const devices = new Map<string, string>();
  const sessions = new Map<string, string>();
  const device = (name: string): string => nth(devices, name, (n) => String.fromCharCode(65 + n));
  const session = (id: string): string =>
    device(id.charAt(0)) + (/\d/.test(id) ? nth(sessions, id, String) : id.slice(1));
  const { latest, previous } = seat;
  if (latest === null) return seat;
  const { standing } = latest;
  return {
    ...seat,
    latest: {
      ...latest,
      id: session(latest.id),
      device: device(latest.device),
      standing: standing.type === 'revoked' ? { ...standing, revokedBy: device(standing.revokedBy) } : standing,
    },
    previous: previous === null ? null : { ...previous, id: session(previous.id) },
  };
}

function nth(names: Map<string, string>, name: string, write: (n: number) => string): string {
  const known = names.get(name) ?? write(names.size);
  names.set(name, known);
  return known;
}

/** A seat with the instants of another that differs from it in names only. */
function withInstantsOf(seat: Seat, other: Seat): Seat {
  if (seat.latest === null || other.latest === null) return seat;
  const { closedUntil, standing } = other.latest;
  const own = seat.latest.standing;
  const named = own.type === 'revoked' ? { ...standing, revokedBy: own.revokedBy } : standing;
  return { ...seat, latest: { ...seat.latest, closedUntil, standing: named } };
}
