/** Seats that no request tells apart, now or later, are one: so that what no longer matters makes for no more states. */
import type { Command } from '../../../../core/command.ts';
import type { Scope, Seat, Standing } from '../../../../core/seat.ts';
import type { Instant } from '../../../../core/time.ts';
import type { ServerRule } from '../server-rule.ts';
import { bare } from './messages.ts';
import { changedSeat, CURRENT, later, NOW } from './normal.ts';

/** Where time is finer, comparing seats takes longer than it saves. */
const MOST_UNITS = 200;

/** In so many, time passes all that can matter to a seat, when it is asked whether a rule looks at others. */
const MOST_STRIDES = 15;

/** A device that a seat never names. */
export const STRANGER = 'Z';

/** A seat that was never granted, or of which nothing matters any more. */
export const FORGOTTEN: Seat = { term: CURRENT, latest: null, previous: null };

interface Knowledge {
  readonly unit: number;
  readonly horizon: number;
  readonly sweeps: boolean;
  /** What is told of a seat besides what it answers: the same of seats that are one. Null where nothing is. */
  readonly tell: ((seat: Seat) => unknown) | null;
}

interface Request {
  readonly command: Command;
  readonly caller: string | null;
}

/** All seats of a license on their way through time: what they answer, and what they are one unit later. */
interface Aged {
  readonly seats: readonly Seat[];
  readonly number: number;
  readonly answers: { few: string | null; all: string | null };
  older: Aged | null;
}

/**
 * Replaces an instant of a seat by the oldest or the youngest there is, or leaves it out, wherever the rule itself shows
 * that this changes nothing: it is asked for its answer to every request there is, then again one unit later, and so on
 * until no time can make a difference. What it makes of both seats must be the same, or just as little changed. Where a rule
 * looks at other seats of the license as well, that is not enough, for those change too: then nothing is replaced.
 */
export class SameSeats {
  readonly #rule: ServerRule;
  readonly #scopes: readonly Scope[];
  readonly #unit: number;
  /** Of the seats: past it, nothing depends on how long ago something was. */
  readonly #horizon: number;
  /** Whether the server ever sweeps: what only a sweep would tell apart is told apart by nothing otherwise. */
  readonly #sweeps: boolean;
  readonly #tell: Knowledge['tell'];
  readonly #all = new Map<string, Aged>();
  readonly #simplest = new Map<Aged, readonly Seat[]>();
  /** Whether two are one, by their numbers. */
  readonly #areOne = new Map<string, boolean>();
  /** What one seat answers whatever the others are. */
  readonly #local = new Map<string, string>();
  /** Whether the rule looks at several seats at once; undefined until that is asked. */
  #aside: boolean | undefined;

  constructor(rule: ServerRule, scopes: readonly Scope[], { unit, horizon, sweeps, tell }: Knowledge) {
    this.#rule = rule;
    this.#scopes = scopes;
    this.#unit = unit;
    this.#horizon = horizon;
    this.#sweeps = sweeps;
    this.#tell = tell;
  }

  simplest(seats: readonly Seat[]): readonly Seat[] {
    if (seats.every(({ latest }) => latest === null) || this.#horizon > MOST_UNITS * this.#unit) return seats;
    if (seats.length > 1) {
      // What one seat still hides, another may show later: then only those that are the same in everything are one.
      if (this.#looksAside()) return seats;
      // What the rule says of one seat is found once, and not once for each that is beside it. A sweep is of all at once.
      if (!this.#sweeps) {
        return seats.map((seat, which) => withInstantsOf(seat, this.#simplestOf(this.#only(seat, which))[which]!));
      }
    }
    const simple = this.#simplestOf(seats);
    return seats.map((seat, which) => withInstantsOf(seat, simple[which]!));
  }

  #simplestOf(seats: readonly Seat[]): readonly Seat[] {
    // Which devices and sessions they are makes no difference, so what is found for some holds for others.
    const plain = this.#aged(renamed(seats));
    let simple = this.#simplest.get(plain);
    if (simple === undefined) {
      simple = this.#simplified(plain);
      this.#simplest.set(plain, simple);
    }
    return simple;
  }

  /** As if no other seat had ever been granted. */
  #only(seat: Seat, which: number): readonly Seat[] {
    return this.#scopes.map((_, each) => (each === which ? seat : FORGOTTEN));
  }

  /**
   * Whether the other seats never answer anything else if one is as if it had never been granted: only a rule that looks
   * at one seat at a time tells.
   */
  isUnnoticed(): boolean {
    return this.#scopes.length === 1 || !this.#looksAside();
  }

  /** Whether any request about a seat, in whatever state it may come, makes the rule look at another. */
  #looksAside(): boolean {
    return (this.#aside ??= this.#scopes.some((_, which) => this.#looksAsideFrom(which)));
  }

  /** Goes through all that can become of a seat, time in strides: a finer unit adds instants, but nothing that a rule could do. */
  #looksAsideFrom(which: number): boolean {
    const stride = this.#unit * Math.ceil(this.#horizon / this.#unit / MOST_STRIDES);
    const met = new Map<string, Seat>();
    const meet = (seat: Seat): void => {
      const [plain] = renamed([{ ...changedSeat(seat, later(0, this.#horizon)), term: CURRENT }]);
      met.set(JSON.stringify(plain), plain!);
    };
    meet(FORGOTTEN);
    for (const seat of met.values()) {
      const seats = this.#only(seat, which);
      for (const { command, caller } of this.#requests(seat, which)) {
        const decided = this.#rule(seats, this.#scopes, command, caller, NOW);
        if (!decided.isLocal) return true;
        if (decided.seats[which] !== seat) meet(decided.seats[which]!);
      }
      if (this.#sweeps) meet(this.#rule(seats, this.#scopes, { type: 'sweep' }, null, NOW).seats[which]!);
      meet(changedSeat(seat, later(stride, this.#horizon)));
    }
    return false;
  }

  #simplified(plain: Aged): readonly Seat[] {
    return this.#simplifications().reduce((simple, change) => {
      const candidate = change(simple.seats);
      if (candidate === null) return simple;
      const other = this.#aged(candidate);
      // Most that can be told apart are so by what is asked most often: that is tried first, and for all times.
      return this.#stayOne(simple, other, 'few') && this.#stayOne(simple, other, 'all') ? other : simple;
    }, plain).seats;
  }

  #simplifications(): readonly ((seats: readonly Seat[]) => readonly Seat[] | null)[] {
    const oldest = (NOW - this.#horizon) as Instant;
    const of = (field: 'lastHeartbeat' | 'revokedAt', at: Instant) => (seat: Seat) => withInstant(seat, field, at);
    const ofOne = [
      (seat: Seat) => (seat.latest === null ? null : { ...seat, latest: { ...seat.latest, closedUntil: null } }),
      of('lastHeartbeat', oldest),
      of('lastHeartbeat', NOW),
      of('revokedAt', oldest),
      of('revokedAt', NOW),
    ];
    return this.#scopes.flatMap((_, which) =>
      ofOne.map((change) => (seats: readonly Seat[]) => {
        const changed = change(seats[which]!);
        return changed === null ? null : seats.map((seat, each) => (each === which ? changed : seat));
      }),
    );
  }

  /** Whether no such request tells two apart, from now on for ever. */
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

  /** All that they answer, and what they become. */
  #answers({ seats, answers }: Aged, requests: keyof Aged['answers']): string {
    return (answers[requests] ??= [
      ...(this.#sweeps && requests === 'all' ? [this.#say(seats, [{ command: { type: 'sweep' }, caller: null }])] : []),
      ...this.#scopes.map((_, which) => this.#said(seats, which, requests)),
      ...(this.#tell === null ? [] : [JSON.stringify(seats.map(this.#tell))]),
    ].join('\n'));
  }

  /** What is answered about one seat, by whoever it names, and by a stranger. */
  #said(seats: readonly Seat[], which: number, requests: keyof Aged['answers']): string {
    const ask = (): string =>
      this.#say(seats, requests === 'all' ? this.#requests(seats[which]!, which) : this.#few(seats[which]!, which));
    if (seats.length === 1) return ask();
    const key = `${requests} ${which} ${JSON.stringify(seats[which])}`;
    const known = this.#local.get(key);
    if (known !== undefined) return known;
    const text = ask();
    this.#local.set(key, text);
    return text;
  }

  #say(seats: readonly Seat[], requests: readonly Request[]): string {
    const said = requests.map(({ command, caller }) => {
      const decided = this.#rule(seats, this.#scopes, command, caller, NOW);
      if (!decided.isLocal && command.type !== 'sweep') {
        throw new Error(
          `the rule looks at several seats in a state that was not seen before: ${JSON.stringify(seats)}`,
        );
      }
      const next = decided.seats.map((seat, which) => {
        const changed = changedSeat(seat, same);
        return equal(changed, seats[which]) ? null : changed;
      });
      return [bare(decided.reply), ...next];
    });
    return JSON.stringify(said);
  }

  #aged(seats: readonly Seat[]): Aged {
    const key = JSON.stringify(seats);
    let aged = this.#all.get(key);
    if (aged === undefined) {
      aged = { seats, number: this.#all.size, answers: { few: null, all: null }, older: null };
      this.#all.set(key, aged);
    }
    return aged;
  }

  #older(aged: Aged): Aged {
    return (aged.older ??= this.#aged(aged.seats.map((seat) => changedSeat(seat, later(this.#unit, this.#horizon)))));
  }

  /** A rival's start, and what the holder asks. */
  #few({ latest }: Seat, which: number): readonly Request[] {
    if (latest === null) return [];
    const scope = this.#scopes[which]!;
    const { id: session, device } = latest;
    const rival = STRANGER;
    return [
      { command: { type: 'start', scope, session: `${rival}?`, device: rival, takeOver: null }, caller: rival },
      { command: { type: 'start', scope, session: `${device}?`, device, takeOver: null }, caller: device },
      { command: { type: 'heartbeat', scope, session, device, term: CURRENT }, caller: device },
    ];
  }

  /** Everything that can be asked about sessions that the seat knows, and about one that it does not. */
  #requests(seat: Seat, which: number): readonly Request[] {
    const scope = this.#scopes[which]!;
    const known = [seat.latest?.id, seat.previous?.id];
    // Those that it does not name are all the same to it.
    return [...namesIn(seat), STRANGER].flatMap((device) => {
      const sessions = [...known.filter((id) => id !== undefined && id.startsWith(device)), `${device}?`];
      return sessions
        .flatMap((session = ''): readonly Command[] => [
          ...[null, CURRENT].map((takeOver) => ({ type: 'start' as const, scope, session, device, takeOver })),
          ...Array.from({ length: CURRENT + 1 }, (_, term) => term).flatMap((term) => [
            { type: 'heartbeat' as const, scope, session, device, term },
            { type: 'end' as const, scope, session, device, term },
          ]),
        ])
        .map((command): Request => ({ command, caller: device }));
    });
  }
}

/** The devices that a seat names. */
function namesIn({ latest, previous }: Seat): readonly string[] {
  const standing = latest?.standing;
  const named = [latest?.id, previous?.id, standing?.type === 'revoked' ? standing.revokedBy : undefined];
  return [...new Set(named.flatMap((name) => (name === undefined ? [] : [name.charAt(0)])))];
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

/** With the first device that they mention called A, the next B, and their sessions numbered in the same way. */
function renamed(seats: readonly Seat[]): readonly Seat[] {
  const devices = new Map<string, string>();
  const sessions = new Map<string, string>();
  const device = (name: string): string => nth(devices, name, (n) => String.fromCharCode(65 + n));
  const session = (id: string): string =>
    device(id.charAt(0)) + (/[\d?]/.test(id) ? nth(sessions, id, String) : id.slice(1));
  return seats.map((seat) => {
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
  });
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
