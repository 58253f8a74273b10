/**
 * What the harness asks of a service at rest, through its public requests and one call at a time: a status, a heartbeat by
 * every session that may believe that it is live, a start by a stranger, and the heartbeats again. The answers show what the
 * service holds, also where it shows no rows. Pure.
 */
import type { Command, StartCommand } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint, Scope, SessionId, Term } from '../core/seat.ts';
import type { Actor, Called, HistoryEvent } from '../history/history.ts';
import { Credentials } from './credentials.ts';
import { fingerprint } from './fingerprint.ts';

/** One request, as the service receives it. */
export interface Probe {
  /** A name in the cast. */
  readonly actor: string;
  readonly command: Command;
}

/** Sessions of one seat that are asked for a heartbeat; the latest ones. */
const MOST_SESSIONS = 8;

/** The actor that starts from a device that no session had. Its name and its device are new in the cast. */
export function strangerTo(cast: readonly Pick<Actor, 'name' | 'device'>[]): Actor {
  const taken = new Set(cast.flatMap(({ name, device }) => [name, device]));
  let name = 'stranger';
  for (let number = 2; taken.has(name); number += 1) name = `stranger ${number}`;
  return {
    name,
    device: name,
    fingerprint: fingerprint({ machine: name, user: 'user', platform: 'probe' }),
    client: null,
  };
}

/**
 * The probes of a run so far. It is told the reply to each, and null where none came. `has` tells which requests the service
 * has; the stranger must be in the cast.
 */
export function* probesOf(
  events: readonly HistoryEvent[],
  { name, fingerprint: device }: Actor,
  has: (request: Command['type']) => boolean,
): Probes<void> {
  const learned = new Learned(events);
  for (const [number, scope] of learned.scopes.entries()) {
    if (has('status')) yield { actor: name, command: { type: 'status', scope, device } };
    const believers = has('heartbeat') ? learned.believers(scope) : [];
    const renewed: Believer[] = [];
    for (const believer of believers) if (yield* heartbeat(believer, learned)) renewed.push(believer);
    const session = number === 0 ? name : `${name}-${number + 1}`;
    const command: StartCommand = { type: 'start', scope, session, device, takeOver: null };
    const reply = yield { actor: name, command };
    if (reply?.type !== 'granted' || !has('heartbeat')) continue;
    learned.credentials.learn(command, reply);
    for (const believer of [...renewed, believerOf(command, reply, name)]) yield* heartbeat(believer, learned);
  }
}

type Probes<R> = Generator<Probe, R, Reply | null>;

/** Returns whether it was renewed. */
function* heartbeat({ scope, session, term, device, actor }: Believer, { credentials }: Learned): Probes<boolean> {
  const request = { type: 'heartbeat', scope, session, term } as const;
  const reply = yield { actor, command: credentials.address(request, device) };
  if (reply !== null) credentials.learn(request, reply);
  return reply?.type === 'renewed';
}

/** A session whose client was granted it and was not told that it is gone. */
interface Believer {
  readonly scope: Scope;
  readonly session: SessionId;
  readonly term: Term | null;
  readonly device: Fingerprint;
  readonly actor: string;
}

function believerOf(
  { scope, session, device }: StartCommand,
  reply: Extract<Reply, { type: 'granted' }>,
  actor: string,
): Believer {
  return { scope, session: reply.session ?? session, term: reply.term ?? null, device, actor };
}

/** A call under way or over; `to` is the position of its answer. */
interface Open {
  readonly called: Called;
  readonly from: number;
  to: number;
}

/** What the clients of a run have learned. */
class Learned {
  readonly scopes: Scope[] = [];
  /** By seat and session, the latest grant last. */
  readonly #believers = new Map<string, Believer>();
  readonly #granted = new Map<string, Believer>();
  readonly credentials = new Credentials();
  readonly #calls = new Map<number, Open>();

  constructor(events: readonly HistoryEvent[]) {
    for (const [position, event] of events.entries()) {
      switch (event.type) {
        case 'called':
          this.#calls.set(event.call, { called: event, from: position, to: Infinity });
          if (event.command.type !== 'sweep') this.#note(event.command.scope);
          break;
        case 'answered': {
          const call = this.#calls.get(event.call);
          if (call === undefined) break;
          call.to = position;
          if (event.arrived) this.#learn(call, event.reply);
          break;
        }
        // A process that died has forgotten its session, and a client that stops its work no longer relies on it.
        case 'crashed':
        case 'work-stopping':
          this.#forget(event.actor);
          break;
        default:
      }
    }
  }

  /** Of one seat, in the order of their grants. */
  believers(scope: Scope): readonly Believer[] {
    return [...this.#believers.values()].filter((each) => isSame(each.scope, scope)).slice(-MOST_SESSIONS);
  }

  #forget(actor: string): void {
    for (const [key, granted] of this.#granted) {
      if (granted.actor !== actor) continue;
      this.#granted.delete(key);
      this.#believers.delete(key);
    }
  }

  #note(scope: Scope): void {
    if (!this.scopes.some((known) => isSame(known, scope))) this.scopes.push(scope);
  }

  #learn(call: Open, reply: Reply): void {
    const { command, actor } = call.called;
    if (command.type === 'status' || command.type === 'sweep' || actor === null) return;
    this.credentials.learn(command, reply);
    const key = keyOf(command.scope, command.session);
    if (command.type === 'start' && reply.type === 'granted') {
      const believer = believerOf(command, reply, actor);
      const granted = keyOf(believer.scope, believer.session);
      this.#believers.delete(granted);
      this.#believers.set(granted, believer);
      this.#granted.set(granted, believer);
    } else if (command.type === 'end') {
      const isOver = reply.type === 'ended' || reply.type === 'gone';
      if (isOver && !this.#hasOtherUnderWay(call)) this.#believers.delete(key);
    } else if (reply.type === 'gone') this.#believers.delete(key);
    else if (reply.type === 'renewed') {
      const renewed = this.#granted.get(key);
      // Also after its end was answered: then its client was told last that it is live.
      if (renewed !== undefined && !this.#believers.has(key)) this.#believers.set(key, renewed);
    }
  }

  /** Whether a start or a heartbeat of the session was under way while its end was: its client may go on with it. */
  #hasOtherUnderWay({ called: { command }, from, to }: Open): boolean {
    if (command.type !== 'end') return false;
    return [...this.#calls.values()].some((other) => {
      const { command: its } = other.called;
      if (its.type !== 'heartbeat' && its.type !== 'start') return false;
      return its.session === command.session && isSame(its.scope, command.scope) && other.to > from && other.from < to;
    });
  }
}

function isSame(a: Scope, b: Scope): boolean {
  return a.license === b.license && a.symbol === b.symbol;
}

function keyOf({ license, symbol }: Scope, session: SessionId): string {
  return JSON.stringify([license, symbol, session]);
}
