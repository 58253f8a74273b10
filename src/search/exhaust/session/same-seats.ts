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
export const STRANGER = 'Z';

interface Times {
  readonly unit: number;
  readonly horizon: number;
  readonly sweeps: boolean;
}

interface Request {
  readonly command: Command;
  readonly caller: string | null;
}

/** A seat on its way through time: what it answers, and what it is one unit later. */
interface Aged {
  readonly seat: Seat;
  readonly number: number;
  readonly answers: { few: string | null; all: string | null };
  older: Aged | null;
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
  /** Whether the server ever sweeps: what only a sweep would tell apart is told apart by nothing otherwise. */
  readonly #sweeps: boolean;
  readonly #all = new Map<string, Aged>();
  readonly #simplest = new Map<Aged, Seat>();
  /** Whether two are one, by their numbers. */
  readonly #areOne = new Map<string, boolean>();

  constructor(rule: ServerRule, scope: Scope, { unit, horizon, sweeps }: Times) {
    this.#rule = rule;
    this.#scope = scope;
    this.#unit = unit;
    this.#horizon = horizon;
    this.#sweeps = sweeps;
  }

  simplest(seat: Seat): Seat {
    if (seat.latest === null || this.#horizon > MOST_UNITS * this.#unit) return seat;
    // Which devices and sessions they are makes no difference, so what is found for some holds for others.
    const plain = this.#aged(renamed(seat));
    let simple = this.#simplest.get(plain);
    if (simple === undefined) {
      simple = this.#simplified(plain);
      this.#simplest.set(plain, simple);
    }
    return withInstantsOf(seat, simple);
  }

  #simplified(plain: Aged): Seat {
    return this.#simplifications().reduce((simple, change) => {
      const candidate = change(simple.seat);
      if (candidate === null) return simple;
      const other = this.#aged(candidate);
      // Most that can be told apart are so by what is asked most often: that is tried first, and for all times.
      return this.#stayOne(simple, other, 'few') && this.#stayOne(simple, other, 'all') ? other : simple;
    }, plain).seat;
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

  /** Whether no such request tells two seats apart, from now on for ever. */
  #stayOne(one: Aged, other: Aged, requests: keyof Aged['answers']): boolean {
    const passed: string[] = [];
    let areOne: boolean | undefined;
    for (let a = one, b = other; areOne === undefined; a = this.#older(a), b = this.#older(b)) {
      const pair = `${requests} ${a.number} ${b.number}`;
      const isEnd = a === b || (this.#older(a) === a && this.#older(b) === b);
      areOne = a === b ? true : this.#areOne.get(pair);
      if (areOne === undefined && this.#answers(a, requests) !== this.#answers(b, requests)) areOne = false;
      if (areOne === undefined && isEnd) areOne = true;
      passed.push(pair);
    }
    for (const pair of passed) this.#areOne.set(pair, areOne);
    return areOne;
  }

  /** All that a seat answers, and what it becomes. */
  #answers(aged: Aged, requests: keyof Aged['answers']): string {
    const { seat, answers } = aged;
    return (answers[requests] ??= JSON.stringify(
      (requests === 'all' ? this.#requests(seat) : this.#few(seat)).map(({ command, caller }) => {
        const decided = this.#rule(seat, this.#scope, command, caller, NOW);
        const next = changedSeat(decided.seat, same);
        return [bare(decided.reply), equal(next, seat) ? null : next];
      }),
    ));
  }

  #aged(seat: Seat): Aged {
    const key = JSON.stringify(seat);
    let aged = this.#all.get(key);
    if (aged === undefined) {
      aged = { seat, number: this.#all.size, answers: { few: null, all: null }, older: null };
      this.#all.set(key, aged);
    }
    return aged;
  }

  #older(aged: Aged): Aged {
    return (aged.older ??= this.#aged(changedSeat(aged.seat, later(this.#unit, this.#horizon))));
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
    return this.#sweeps ? [sweep, ...asked] : asked;
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
