/** A case set up: the seat is what it should be, the calls are ready to run, and what was done for it is written down. */
import type { Command } from '../../core/command.ts';
import { UsageError } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import type { Granted, Reply } from '../../core/reply.ts';
import { after, milliseconds, START, type Duration, type Instant } from '../../core/time.ts';
import type { Actor, HistoryEvent, SeatRow, StoreRefusal } from '../../history/history.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import type { SessionService } from '../../service/port.ts';
import { send } from '../../service/send.ts';
import type { RaceCall, RaceTools } from './call.ts';
import { callText, checkCase, DEVICES, HOLDER, type CallSpec, type RaceCase } from './case.ts';
import type { Ground } from './ground.ts';

/** Where calls of a design are played: on a database, or in memory. */
export interface Place {
  readonly name: string;
  readonly policy: Policy;
  readonly keepsRule: boolean;
  /** What has befallen the store when the calls come. */
  readonly fault: StoreRefusal | null;
  /** Puts everything back as it was made, runs `prepare`, and makes what is there then the beginning of every execution. */
  begin(raceCase: RaceCase, prepare: (uncontrolled: Uncontrolled) => Promise<Instant>): Promise<void>;
  readonly ground: Ground;
  /** The service as one call sees it. */
  service(tools: RaceTools): SessionService;
  /** Every seat that is stored; null where the design does not tell. */
  rows(): Promise<readonly SeatRow[] | null>;
}

/** The service as it is used before the race, one call after another. */
export interface Uncontrolled {
  readonly service: SessionService;
  readonly setClock: (now: Instant) => Promise<void>;
}

export interface Staged {
  readonly place: Place;
  readonly raceCase: RaceCase;
  readonly calls: readonly RaceCall[];
  readonly commands: readonly Command[];
  /** Who makes each call; null for a sweep. */
  readonly actors: readonly (string | null)[];
  readonly cast: readonly Actor[];
  /** What happened before the race. */
  readonly before: readonly HistoryEvent[];
  readonly now: Instant;
  /** To what the clock moves. */
  readonly clock: readonly Instant[];
}

const SCOPE = { license: 'L1', symbol: '' };
const MOMENT = milliseconds(1);

export async function stage(place: Place, raceCase: RaceCase): Promise<Staged> {
  checkCase(raceCase);
  const people = castOf(raceCase.calls);
  const { before, holder, now } = await beginningOn(place, raceCase);
  const commands = raceCase.calls.map((spec, index) => commandOf(spec, people.devices[index] ?? '', index, holder));
  const calls = raceCase.calls.map(({ command }, index): RaceCall => {
    const actor = people.actors[index] ?? null;
    return {
      name: actor === null ? 'sweep job' : `${actor}: ${command}`,
      run: (tools) => send(place.service(tools), commands[index] as Command),
    };
  });
  return {
    place,
    raceCase,
    calls,
    commands,
    actors: people.actors,
    cast: people.cast,
    before,
    now,
    clock: raceCase.extras.includes('clock') ? deadlines(raceCase, place.policy, now) : [],
  };
}

/** What is there when the calls begin. */
interface Beginning {
  readonly before: readonly HistoryEvent[];
  /** What the holder was granted; null on a fresh seat. */
  readonly holder: Granted | null;
  readonly now: Instant;
}

/** The latest beginning of each place: many cases, one after another, begin alike. */
const latest = new WeakMap<Place, { readonly key: string; readonly beginning: Beginning }>();

async function beginningOn(place: Place, raceCase: RaceCase): Promise<Beginning> {
  const key = `${raceCase.seat}, ${raceCase.isolation}`;
  const known = latest.get(place);
  if (known?.key === key) return known.beginning;
  latest.delete(place);
  const beginning = await prepare(place, raceCase);
  latest.set(place, { key, beginning });
  return beginning;
}

async function prepare(place: Place, raceCase: RaceCase): Promise<Beginning> {
  const before: HistoryEvent[] = [];
  let holder: Granted | null = null;
  let now: Instant = START;
  const { policy } = place;
  await place.begin(raceCase, async ({ service, setClock }) => {
    const say = async (command: Command): Promise<Reply> => {
      const call = before.filter(({ type }) => type === 'called').length;
      before.push({ type: 'called', at: now, sent: now, call, actor: HOLDER, step: null, action: 0, command });
      const reply = await send(service, command);
      before.push({ type: 'answered', at: now, call, storeTime: now, reply, arrived: true });
      const seats = await place.rows();
      if (seats !== null) before.push({ type: 'held', at: now, store: place.name, atRest: true, seats });
      return reply;
    };
    if (raceCase.seat === 'fresh') return now;
    const device = fingerprintOf(HOLDER);
    const reply = await say({ type: 'start', scope: SCOPE, session: `${HOLDER}-0`, device, takeOver: null });
    if (reply.type !== 'granted') {
      throw new UsageError(
        `on an empty seat a start of ${place.name} was answered '${reply.type}'; it must be granted before anything can be raced`,
      );
    }
    holder = reply;
    now = raceCase.seat === 'expired' ? after(START, firstExpiredAge(policy)) : after(START, policy.heartbeat);
    await setClock(now);
    if (raceCase.seat === 'ended') {
      await say({ type: 'end', scope: SCOPE, session: reply.session, term: reply.term });
    }
    return now;
  });
  if (place.fault !== null) before.push({ type: 'store-faulted', at: now, fault: place.fault });
  return { before, holder, now };
}

/** The first age at which a session no longer counts. */
function firstExpiredAge({ timeout, expiry }: Policy): Duration {
  return expiry === 'at' ? timeout : ((timeout + MOMENT) as Duration);
}

/**
 * Just before, at, and just after each instant that may decide something: when the session that is there expires, when one
 * does that begins now or is renewed, and when a seat opens again after a grace.
 */
function deadlines({ seat, calls }: RaceCase, { timeout, grace }: Policy, now: Instant): readonly Instant[] {
  const expiry = after(START, timeout);
  const renews = calls.some(({ command }) => !['status', 'sweep', 'end'].includes(command));
  const instants = [
    ...(seat === 'live' || seat === 'expired' ? [expiry, after(expiry, grace.afterExpiry)] : []),
    ...(renews ? [after(now, timeout), after(now, grace.afterTakeover)] : []),
  ];
  const times = new Set(instants.flatMap((instant) => [instant - MOMENT, instant, instant + MOMENT] as Instant[]));
  return [...times].filter((time) => time > now).sort((a, b) => a - b);
}

function commandOf(spec: CallSpec, device: string, index: number, holder: Granted | null): Command {
  switch (spec.command) {
    case 'start':
    case 'takeover':
      return {
        type: 'start',
        scope: SCOPE,
        session: `${device}-${index + 1}`,
        device: fingerprintOf(device),
        takeOver: spec.command === 'takeover' ? (holder?.term ?? null) : null,
      };
    case 'retry':
      if (holder === null) throw new Error('a retry without a holder');
      return { type: 'start', scope: SCOPE, session: holder.session, device: fingerprintOf(HOLDER), takeOver: null };
    case 'heartbeat':
    case 'end':
      if (holder === null) throw new Error(`a ${callText(spec)} without a holder`);
      return { type: spec.command, scope: SCOPE, session: holder.session, term: holder.term };
    case 'status':
      return { type: 'status', scope: SCOPE };
    case 'sweep':
      return { type: 'sweep' };
  }
}

/** Starts without a device come from devices of their own; a second start of one device comes from a second process on it. */
function castOf(calls: readonly CallSpec[]): {
  readonly devices: readonly (string | null)[];
  readonly actors: readonly (string | null)[];
  readonly cast: readonly Actor[];
} {
  const named = new Set(calls.flatMap(({ device }) => device ?? []));
  const free = DEVICES.slice(1).filter((device) => !named.has(device));
  const taken = new Map<string, number>([[HOLDER, 1]]);
  const cast: Actor[] = [actorOf(HOLDER, HOLDER)];
  const devices: (string | null)[] = [];
  const actors: (string | null)[] = [];
  for (const { command, device: wanted } of calls) {
    if (command === 'sweep' || command === 'status') {
      devices.push(null);
      actors.push(command === 'sweep' ? null : SUPPORT);
      continue;
    }
    const isStart = command === 'start' || command === 'takeover';
    const device = isStart ? (wanted ?? free.shift() ?? HOLDER) : HOLDER;
    devices.push(device);
    if (!isStart) {
      actors.push(HOLDER);
      continue;
    }
    const number = (taken.get(device) ?? 0) + 1;
    taken.set(device, number);
    const name = number === 1 ? device : `${device} ${number}`;
    cast.push(actorOf(name, device));
    actors.push(name);
  }
  if (actors.includes(SUPPORT)) cast.push(actorOf(SUPPORT, SUPPORT));
  return { devices, actors, cast };
}

/** Who asks for a status, and has no device of the license. */
const SUPPORT = 'support';

function actorOf(name: string, device: string): Actor {
  return { name, device, fingerprint: fingerprintOf(device), client: null };
}

function fingerprintOf(device: string): string {
  return fingerprint({ machine: device, user: 'user', platform: 'race' });
}
