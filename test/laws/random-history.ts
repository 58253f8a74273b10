/** Random command sequences, run against the reference design, as Histories: times crowd on the boundaries, and clients misbehave. */
import fc from 'fast-check';
import type { Command } from '../../src/core/command.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { RuleReply } from '../../src/core/reply.ts';
import type { Scope } from '../../src/core/seat.ts';
import { NO_TIME, type Duration, type Instant } from '../../src/core/time.ts';
import { UsageError } from '../../src/core/failures.ts';
import { validatePolicy } from '../../src/core/validate-policy.ts';
import type { History, HistoryEvent, SeatRow, StoreRefusal } from '../../src/history/history.ts';
import { referenceService } from '../../src/service/reference.ts';
import type { CompleteService } from '../../src/service/port.ts';
import { MemoryStore, StoreFailure } from '../../src/service/store.ts';
import { CAST } from './history-of.ts';

/** `again` is a new start by whoever was refused last, where it was. */
type StartKind = 'new' | 'retry' | 'take-over' | 'again';

/** One thing that happens, after some time. Numbers choose among what is there at that moment. */
export type Move =
  | {
      readonly type: 'start';
      readonly actor: number;
      readonly seat: number;
      readonly how: StartKind;
    }
  | { readonly type: 'heartbeat' | 'end'; readonly seat: number; readonly back: number }
  | { readonly type: 'status'; readonly actor: number; readonly seat: number }
  | { readonly type: 'sweep' | 'restart' }
  | { readonly type: 'crash'; readonly actor: number }
  | { readonly type: 'fault'; readonly fault: StoreRefusal | null };

export interface Step {
  /** Which of the policy's landmarks, since which event, and how many milliseconds beside it. */
  readonly wait: { readonly landmark: number; readonly beside: number };
  readonly moves: readonly Move[];
  readonly fate: Fate;
  /** Whether concurrent moves run in the reverse of the order in which they are sent. */
  readonly reversed: boolean;
}

/** What becomes of a call: it is answered, the answer is lost on its way, it never runs, or it runs and nobody hears of it. */
export type Fate = 'arrives' | 'lost' | 'vanishes' | 'silent';

interface Known {
  readonly name: string;
  readonly session: string;
  readonly term: number;
}

const actor = fc.nat({ max: CAST.length - 1 });
const seat = fc.constantFrom(0, 0, 0, 0, 1, 2);

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('start' as const),
      actor,
      seat,
      how: fc.constantFrom<StartKind>('new', 'new', 'new', 'retry', 'retry', 'take-over', 'take-over', 'again'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('heartbeat' as const), seat, back: fc.constantFrom(0, 0, 0, 0, 1, 2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('end' as const), seat, back: fc.constantFrom(0, 0, 0, 1, 2) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('status' as const), actor, seat }) },
  { weight: 2, arbitrary: fc.constant({ type: 'sweep' as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const), actor }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom(null, null, 'table-missing' as const, 'writes-refused' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'restart' as const }) },
);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    wait: fc.record({ landmark: fc.nat({ max: 11 }), beside: fc.constantFrom(-1, 0, 0, 1) }),
    moves: fc.oneof(
      { weight: 5, arbitrary: fc.array(move, { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(move, { minLength: 2, maxLength: 3 }) },
    ),
    fate: fc.constantFrom<Fate>(
      'arrives',
      'arrives',
      'arrives',
      'arrives',
      'arrives',
      'lost',
      'lost',
      'vanishes',
      'silent',
    ),
    reversed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25, size: 'max' },
);

const smallDuration = (max: number): fc.Arbitrary<Duration> => fc.nat({ max }).map((n) => n as Duration);

/** Policies of small figures, so that boundaries meet often; only such as are valid. */
export const policies: fc.Arbitrary<Policy> = fc
  .record({
    name: fc.constant('random'),
    scope: fc.constantFrom('license' as const, 'license-and-symbol' as const),
    licenseLimit: fc.constantFrom(1, 2, 3),
    heartbeat: fc.integer({ min: 1, max: 5 }).map((n) => n as Duration),
    timeout: fc.integer({ min: 2, max: 16 }).map((n) => n as Duration),
    expiry: fc.constantFrom('at' as const, 'after' as const),
    onConflict: fc.constantFrom('refuse' as const, 'take-over' as const, 'ask' as const),
    sameDevice: fc.constantFrom('reconnect' as const, 'join' as const, 'refuse' as const),
    lateHeartbeat: fc.constantFrom('reject' as const, 'revive' as const),
    cleanUp: fc.oneof(
      fc.constant({ type: 'lazy' as const }),
      fc.record({
        type: fc.constant('swept' as const),
        every: fc.integer({ min: 1, max: 20 }).map((n) => n as Duration),
      }),
    ),
    grace: fc.record({ afterExpiry: smallDuration(8), afterTakeover: smallDuration(20) }),
    overlap: fc.constant(NO_TIME),
    requestTimeout: smallDuration(3),
    retries: fc.nat({ max: 2 }),
    fence: fc.constant(null),
    stopTime: smallDuration(2),
    clockDrift: fc.constant(0),
  })
  .filter((policy) => {
    try {
      validatePolicy(policy);
      return true;
    } catch (error) {
      if (error instanceof UsageError) return false;
      throw error;
    }
  });

/** Where a test puts a wrong server in place of the reference. */
export type Tamper = (service: CompleteService, store: MemoryStore, now: () => Instant) => CompleteService;

/** Plays the steps on the reference design. Under a swept policy the job also runs by itself, every period. */
export function play(policy: Policy, script: readonly Step[], tamper: Tamper = (service) => service): History {
  return new Play(policy, tamper).run(script);
}

/** The same History with requests that were on their way for a while, so that calls overlap; the answers stay in place. */
export function delayed(history: History, delays: readonly number[]): History {
  const answered = new Set(history.events.flatMap((event) => (event.type === 'answered' ? [event.call] : [])));
  const moved = history.events.map((event, position) => {
    if (event.type !== 'called' || event.step === null || !answered.has(event.call)) return { event, position };
    const delay = delays[event.call % delays.length] ?? 0;
    return { event: { ...event, at: Math.max(0, event.at - delay) as Instant }, position };
  });
  moved.sort((a, b) => a.event.at - b.event.at || a.position - b.position);
  const numbers = new Map<number, number>();
  for (const { event } of moved) if (event.type === 'called') numbers.set(event.call, numbers.size);
  const events = moved.map(({ event }) =>
    event.type === 'called' || event.type === 'answered'
      ? { ...event, call: numbers.get(event.call) ?? event.call }
      : event,
  );
  return { ...history, events };
}

const SEATS: readonly Scope[] = [
  { license: 'L1', symbol: 'EUR' },
  { license: 'L1', symbol: 'USD' },
  { license: 'L2', symbol: 'EUR' },
];

class Play {
  readonly #policy: Policy;
  readonly #store = new MemoryStore(['L1', 'L2']);
  readonly #service: CompleteService;
  readonly #events: HistoryEvent[] = [];
  readonly #held = new Map<string, string>();
  /** What the actors know: the sessions of each seat, newest first; the id of each one's last start; the term it was refused by. */
  readonly #sessions = new Map<string, Known[]>();
  readonly #lastStart = new Map<string, string>();
  readonly #refusedBy = new Map<string, number>();
  #now = 0 as Instant;
  #calls = 0;
  #ids = 0;
  #nextSweep: number;
  #lastAnnounced = 0;
  #lastRefused: { readonly name: string; readonly scope: Scope } | null = null;

  constructor(policy: Policy, tamper: Tamper) {
    this.#policy = policy;
    this.#service = tamper(
      referenceService(this.#store, policy, () => this.#now),
      this.#store,
      () => this.#now,
    );
    this.#nextSweep = policy.cleanUp.type === 'swept' ? policy.cleanUp.every : Infinity;
  }

  run(script: readonly Step[]): History {
    script.forEach((step, index) => this.#step(step, index));
    this.#events.push({ type: 'end', at: this.#now });
    return {
      title: 'random',
      on: 'model',
      policy: this.#policy,
      cast: CAST,
      clocks: [],
      stores: null,
      events: this.#events,
    };
  }

  #step({ wait, moves, fate, reversed }: Step, index: number): void {
    this.#advance(this.#lengthOf(wait));
    const asked = moves.flatMap((one) => this.#askedBy(one) ?? []);
    const sent = asked.map((one, action) => ({ ...one, call: this.#call(one.command, one.name, index, action) }));
    for (const { command, name, call } of reversed ? sent.toReversed() : sent) this.#answer(call, name, command, fate);
    this.#look();
  }

  #lengthOf({ landmark, beside }: Step['wait']): number {
    const { timeout, heartbeat, cleanUp, grace } = this.#policy;
    const every = cleanUp.type === 'swept' ? cleanUp.every : 0;
    const landmarks = [
      0,
      0,
      1,
      Math.floor(heartbeat / 2),
      timeout,
      heartbeat,
      every,
      grace.afterExpiry,
      grace.afterTakeover,
      timeout + every + grace.afterExpiry,
      this.#lastAnnounced - this.#now,
      this.#lastAnnounced - this.#now,
    ];
    return Math.max(0, (landmarks[landmark] ?? 0) + beside);
  }

  #advance(length: number): void {
    const until = this.#now + length;
    while (this.#nextSweep <= until) {
      this.#now = this.#nextSweep as Instant;
      const command: Command = { type: 'sweep' };
      this.#answer(this.#call(command, null, null, 0), null, command, 'arrives');
      this.#look();
      this.#nextSweep += this.#policy.cleanUp.type === 'swept' ? this.#policy.cleanUp.every : Infinity;
    }
    this.#now = until as Instant;
  }

  /** The command of a move and who sends it; null where it is none, and then it has happened already. */
  #askedBy(one: Move): { readonly command: Command; readonly name: string | null } | null {
    switch (one.type) {
      case 'sweep':
        return { command: { type: 'sweep' }, name: null };
      case 'restart':
        this.#events.push({ type: 'server-restarted', at: this.#now, server: 1 });
        return null;
      case 'fault':
        this.#store.fail(one.fault);
        this.#events.push({ type: 'store-faulted', at: this.#now, fault: one.fault });
        return null;
      case 'crash': {
        this.#events.push({ type: 'crashed', at: this.#now, actor: nameOf(one.actor) });
        for (const [key, known] of this.#sessions) {
          this.#sessions.set(
            key,
            known.filter(({ name }) => name !== nameOf(one.actor)),
          );
        }
        return null;
      }
      case 'status':
        return { command: { type: 'status', scope: this.#scope(one.seat) }, name: nameOf(one.actor) };
      case 'start': {
        const again = one.how === 'again' ? this.#lastRefused : null;
        const name = again?.name ?? nameOf(one.actor);
        const scope = again?.scope ?? this.#scope(one.seat);
        const key = keyOf(name, scope);
        const retried = one.how === 'retry' ? this.#lastStart.get(key) : undefined;
        const session = retried ?? `s${this.#ids++}`;
        this.#lastStart.set(key, session);
        const takeOver = one.how === 'take-over' ? (this.#refusedBy.get(key) ?? null) : null;
        const device = fingerprintOf(name);
        return { command: { type: 'start', scope, session, device, takeOver }, name };
      }
      case 'heartbeat':
      case 'end': {
        const scope = this.#scope(one.seat);
        const known = this.#sessions.get(keyOf('', scope))?.[one.back];
        if (known === undefined) return null;
        const { name, session, term } = known;
        return { command: { type: one.type, scope, session, term, device: fingerprintOf(name) }, name };
      }
    }
  }

  #call(command: Command, name: string | null, step: number | null, action: number): number {
    const call = this.#calls++;
    this.#events.push({ type: 'called', at: this.#now, sent: this.#now, call, actor: name, step, action, command });
    return call;
  }

  #answer(call: number, name: string | null, command: Command, fate: Fate): void {
    if (fate === 'vanishes') return;
    const reply = this.#reply(command);
    if (fate === 'silent') return;
    const arrived = fate === 'arrives';
    this.#events.push({ type: 'answered', at: this.#now, call, storeTime: this.#now, reply, arrived });
    if ('retryAfter' in reply) this.#lastAnnounced = this.#now + reply.retryAfter;
    if (!arrived || command.type !== 'start' || name === null) return;
    if (reply.type === 'granted') {
      const seatKey = keyOf('', command.scope);
      const known = this.#sessions.get(seatKey) ?? [];
      this.#sessions.set(seatKey, [{ name, session: reply.session, term: reply.term }, ...known]);
    }
    if (reply.type === 'refused') {
      this.#refusedBy.set(keyOf(name, command.scope), reply.holder.term);
      this.#lastRefused = { name, scope: command.scope };
    }
  }

  /** A wrong server that meets a store fault fails as the reference does. */
  #reply(command: Command): RuleReply {
    try {
      return this.#ask(command);
    } catch (error) {
      if (error instanceof StoreFailure) return { type: 'failed', why: error.why, message: error.message };
      throw error;
    }
  }

  #ask(command: Command): RuleReply {
    switch (command.type) {
      case 'start':
        return this.#service.start(command) as RuleReply;
      case 'heartbeat':
        return this.#service.heartbeat(command) as RuleReply;
      case 'end':
        return this.#service.end(command) as RuleReply;
      case 'status':
        return this.#service.status(command) as RuleReply;
      case 'sweep':
        return this.#service.sweep(command) as RuleReply;
    }
  }

  #look(): void {
    const changed: SeatRow[] = [];
    for (const row of this.#store.rows()) {
      const key = JSON.stringify(row.scope);
      const text = JSON.stringify(row.seat);
      if (this.#held.get(key) === text) continue;
      this.#held.set(key, text);
      changed.push(row);
    }
    if (changed.length > 0)
      this.#events.push({ type: 'held', at: this.#now, store: 'memory', atRest: true, seats: changed });
  }

  #scope(index: number): Scope {
    const scope = SEATS[index] ?? { license: 'L1', symbol: '' };
    return this.#policy.scope === 'license' ? { ...scope, symbol: '' } : scope;
  }
}

function keyOf(name: string, scope: Scope): string {
  return JSON.stringify([name, scope]);
}

function nameOf(index: number): string {
  return CAST[index]?.name ?? '';
}

function fingerprintOf(who: string): string {
  return CAST.find((known) => known.name === who)?.fingerprint ?? '';
}
