/** One client with a session, and how its heartbeats fare: what was acknowledged, what went without an answer in time. */
import type { ClientConfig } from '../core/client.ts';
import type { SessionId, Term } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { Actor, ClockSet, Crashed, Paused, Resumed, WorkBegan } from '../history/history.ts';
import { undeclaredDrift } from './clocks.ts';
import { delaysIn, type Delay, type Delays } from './delays.ts';
import type { Evidence, Operation } from './evidence.ts';
import type { Lease } from './lease.ts';
import { isNamed } from './ledger.ts';

/** A request that was acknowledged. True time. */
export interface Acknowledged extends Lease {
  readonly sent: Instant;
  readonly arrives: number;
  /** Whether the answer came within the request timeout. */
  readonly inTime: boolean;
  readonly call: number;
}

/** A heartbeat, or a retry of one, as it left. */
export interface Request {
  readonly sent: Instant;
  inTime: boolean;
}

/** Every actor that runs a client whose clock drifts no more than is declared. */
export function tenantsOf(evidence: Evidence): ReadonlyMap<string, Tenant> {
  const undeclared = new Set<string>(undeclaredDrift(evidence));
  const delays = delaysIn(evidence);
  const tenants = new Map<string, Tenant>();
  for (const actor of evidence.history.cast) {
    if (actor.client === null || undeclared.has(`device ${actor.device}`)) continue;
    const drift = evidence.history.clocks.find(({ clock }) => clock === `device ${actor.device}`)?.drift ?? 0;
    tenants.set(actor.name, new Tenant(actor, actor.client, 1 / (1 + drift / 1e6), delays));
  }
  return tenants;
}

export class Tenant {
  readonly actor: Actor;
  readonly client: ClientConfig;
  lease: Lease | null = null;
  /** The call since which a loss was told already. */
  lostSince: number | null = null;
  /** The last instant at which it stood still, or its clock was set. */
  faltered = -Infinity;
  readonly requests: Request[] = [];
  /** What was sent before a loss may reach the server after it; null as long as nothing was lost. */
  late: { readonly until: number; readonly requests: Request[] } | null = null;
  /** How much true time a millisecond of its clock takes. */
  readonly #pace: number;
  readonly #answersDelayed: Delay;
  readonly #requestsDelayed: Delay;
  /** The shortest time that any request of it took to the server; its answers take as long back. */
  #latency = Infinity;
  #last: Acknowledged | null = null;
  #beforeLast: Acknowledged | null = null;

  constructor(actor: Actor, client: ClientConfig, pace: number, delays: Delays) {
    this.actor = actor;
    this.client = client;
    this.#pace = pace;
    this.#answersDelayed = delays.of('answers', actor.name);
    this.#requestsDelayed = delays.of('requests', actor.name);
  }

  has(session: SessionId | undefined, term: Term | null): boolean {
    return this.lease !== null && session !== undefined && isNamed(this.lease, { session, term });
  }

  begins({ session, term }: WorkBegan): void {
    if (!this.has(session, term)) this.lease = { session, term };
  }

  /** It has no session any more, or no need of it. */
  leaves(): void {
    this.lease = null;
  }

  /** A heartbeat leaves; `operation` is null where it reached no server. */
  sends(sent: Instant, operation: Operation | null): void {
    const before = this.requests.at(-1);
    // That it is sent again shows that no answer had come in time.
    if (before !== undefined && sent > before.sent && sent - before.sent < this.client.heartbeat * this.#pace - 2) {
      before.inTime = false;
    }
    const request = { sent, inTime: operation !== null && this.#isInTime(operation) };
    this.requests.push(request);
    if (this.late !== null && sent <= this.late.until) this.late.requests.push(request);
  }

  isAcknowledged(lease: Lease, operation: Operation): void {
    const last = this.#last;
    if (last !== null && last.sent >= operation.sent) return;
    const arrives = this.#arrival(operation);
    // Of a start that was sent several times the client hears one answer; those that come later tell it nothing.
    if (operation.command.type === 'start' && last !== null && last.arrives <= arrives && isNamed(last, lease)) return;
    const inTime = arrives - operation.sent < this.client.requestTimeout * this.#pace;
    this.#beforeLast = last !== null && isNamed(last, lease) ? last : null;
    this.#last = { ...lease, sent: operation.sent, arrives, inTime, call: operation.call };
    const settled = this.#beforeLast?.sent ?? operation.sent;
    while (this.requests.length > 0 && (this.requests[0]?.sent ?? settled) < settled) this.requests.shift();
  }

  /** The last acknowledgement of its session that had arrived by then. */
  acknowledgedBy(time: number): Acknowledged | null {
    const known = [this.#last, this.#beforeLast].find((each) => each !== null && each.arrives <= time) ?? null;
    return known !== null && this.has(known.session, known.term) ? known : null;
  }

  falters(event: Crashed | Paused | Resumed): void {
    this.faltered = event.type === 'paused' ? Infinity : event.at;
    if (event.type === 'crashed') this.leaves();
  }

  clockSet({ clock, at }: ClockSet): void {
    if (clock === `device ${this.actor.device}` && this.client.clock === 'wall' && this.faltered !== Infinity) {
      this.faltered = at;
    }
  }

  /** Heartbeats that must have left by then and are still under way, or were when the run ended. */
  unseenHeartbeats(since: Instant, until: number, seen: number): number {
    if (!this.#requestsDelayed.between(since, until)) return 0;
    return Math.max(0, Math.floor((until - since) / (this.client.heartbeat * this.#pace)) - seen);
  }

  #isInTime(operation: Operation): boolean {
    const { answer, sent } = operation;
    if (answer === null || !answer.arrived || answer.reply.type === 'failed') return false;
    return this.#arrival(operation) - sent < this.client.requestTimeout * this.#pace;
  }

  /** No answer says when it arrives, so this errs on the late side. */
  #arrival({ answer, sent, calledAt }: Operation): number {
    this.#latency = Math.min(this.#latency, calledAt - sent);
    if (answer === null) return Infinity;
    return answer.at + this.#latency + this.#answersDelayed.at(answer.at);
  }
}

/** Whether the client neither stood still nor crashed since. */
export function isHealthy({ faltered }: Tenant, since: Instant): boolean {
  return faltered < since;
}

/** Of `requests` that left after `since` and before `until`: heartbeats without an answer in time, and such requests, retries among them. */
export function missesIn(
  requests: readonly Request[],
  tenant: Tenant,
  since: Instant,
  until: number,
): { readonly heartbeats: number; readonly requests: number } {
  const interval = tenant.client.heartbeat * 0.99;
  const inTime = new Map<number, boolean>();
  for (const request of requests) {
    if (request.sent <= since || request.sent >= until) continue;
    // A message that the network repeats is still one request.
    inTime.set(request.sent, request.inTime || inTime.get(request.sent) === true);
  }
  let [begun, answered] = [-Infinity, true];
  let [seen, heartbeats, missed] = [0, 0, 0];
  for (const [sent, isInTime] of [...inTime].sort(([a], [b]) => a - b)) {
    if (sent - begun >= interval) {
      if (!answered) heartbeats += 1;
      begun = sent;
      answered = false;
      seen += 1;
    }
    if (isInTime) answered = true;
    else missed += 1;
  }
  if (!answered) heartbeats += 1;
  return { heartbeats: heartbeats + tenant.unseenHeartbeats(since, until, seen), requests: missed };
}
