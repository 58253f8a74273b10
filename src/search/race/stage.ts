/** A case set up: the seat is what it should be, the calls are ready to run, and what was done for it is written down. */
import type { Command } from '../../core/command.ts';
import type { Policy } from '../../core/policy.ts';
import { after, START, type Instant } from '../../core/time.ts';
import type { Actor, HistoryEvent, SeatRow, StoreRefusal } from '../../history/history.ts';
import type { SessionService } from '../../service/port.ts';
import type { RequestName } from '../../designs/design.ts';
import { send } from '../../service/send.ts';
import { beginningOn, type Beginning } from './beginning.ts';
import type { RaceCall, RaceTools } from './call.ts';
import { callText, checkCase, hadEarlier, HOLDER, MOMENT, SCOPE, type CallSpec, type RaceCase } from './case.ts';
import { castOf, fingerprintOf, SUPPORT } from './cast.ts';
import type { Ground } from './ground.ts';

/** Where calls of a design are played: on a database, or in memory. */
export interface Place {
  readonly name: string;
  readonly policy: Policy;
  readonly keepsRule: boolean;
  /** SQLSTATEs and names of errors that the service is known to answer with. */
  readonly errors: readonly string[];
  /** Whether its service has this request. */
  has(request: RequestName): boolean;
  /** What has befallen the store when the calls come. */
  readonly fault: StoreRefusal | null;
  /** Puts everything back as it was made, runs `prepare`, and makes what is there then the beginning of every execution. */
  begin(raceCase: RaceCase, prepare: (uncontrolled: Uncontrolled) => Promise<Instant>): Promise<void>;
  readonly ground: Ground;
  /** The service as one call sees it. */
  service(tools: RaceTools): SessionService;
  /** Every seat that is stored; null where the design does not tell. */
  rows(): Promise<readonly SeatRow[] | null>;
  /** Whether the rows are all that the service keeps, so that executions that end in the same rows answer alike. */
  readonly rowsTellAll: boolean;
  /** The service on what the calls of an execution have left. Its calls are not controlled. */
  atRest(): Promise<SessionService>;
  /** Ends a call of `atRest` that does not come to its end. */
  giveUp(): Promise<void>;
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
  /** The one of the cast that no call comes from. */
  readonly stranger: Actor;
  /** What happened before the race. */
  readonly before: readonly HistoryEvent[];
  readonly now: Instant;
  /** To what the clock moves. */
  readonly clock: readonly Instant[];
}

export async function stage(place: Place, raceCase: RaceCase): Promise<Staged> {
  checkCase(raceCase, place);
  const people = castOf(raceCase);
  const beginning = await beginningOn(place, raceCase);
  const { before, now } = beginning;
  const commands = raceCase.calls.map((spec, index) => commandOf(spec, people.devices[index] ?? '', index, beginning));
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
    stranger: people.stranger,
    before,
    now,
    clock: raceCase.extras.includes('clock') ? deadlines(raceCase, place.policy, now) : [],
  };
}

/**
 * Just before, at, and just after each instant that may decide something: when the session that is there expires, or the
 * one before it, when one does that begins now or is renewed, and when a seat opens again after a grace.
 */
function deadlines({ seat, calls }: RaceCase, { timeout, grace }: Policy, now: Instant): readonly Instant[] {
  const expiry = after(START, timeout);
  const renews = calls.some(({ command }) => !['status', 'sweep', 'end'].includes(command));
  const instants = [
    ...(seat === 'fresh' || seat === 'ended' ? [] : [expiry, after(expiry, grace.afterExpiry)]),
    ...(seat === 'followed' ? [after(now, timeout), after(after(now, timeout), grace.afterExpiry)] : []),
    ...(hadEarlier(seat) ? [after(now, grace.afterTakeover)] : []),
    ...(renews ? [after(now, timeout), after(now, grace.afterTakeover)] : []),
  ];
  const times = new Set(instants.flatMap((instant) => [instant - MOMENT, instant, instant + MOMENT] as Instant[]));
  return [...times].filter((time) => time > now).sort((a, b) => a - b);
}

function commandOf(spec: CallSpec, device: string, index: number, { holder, credentials }: Beginning): Command {
  switch (spec.command) {
    case 'start':
    case 'takeover':
      return {
        type: 'start',
        scope: SCOPE,
        session: `${device}-${index + 1}`,
        device: fingerprintOf(device),
        takeOver: spec.command === 'takeover' ? (holder?.term ?? 'any') : null,
      };
    case 'retry':
      if (holder === null) throw new Error('a retry without a holder');
      return { type: 'start', scope: SCOPE, session: holder.session, device: fingerprintOf(HOLDER), takeOver: null };
    case 'heartbeat':
    case 'end':
      if (holder === null) throw new Error(`a ${callText(spec)} without a holder`);
      return credentials.address({ type: spec.command, scope: SCOPE, ...holder }, fingerprintOf(HOLDER));
    case 'status':
      return { type: 'status', scope: SCOPE, device: fingerprintOf(SUPPORT) };
    case 'sweep':
      return { type: 'sweep' };
  }
}
