/** P23: a client that does its part keeps its session. */
import { formatDuration, formatInstant, NO_TIME, seconds, type Duration, type Instant } from '../core/time.ts';
import type { Policy } from '../core/policy.ts';
import type { SessionId } from '../core/seat.ts';
import { undeclaredDrift } from './clocks.ts';
import type { Evidence, Operation } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { leaseIn, leaseKey, type Lease } from './lease.ts';
import { isHealthy, missesIn, tenantsOf, type Acknowledged, type Request, type Tenant } from './tenant.ts';
import { takeoversIn } from './takeovers.ts';
import { tellingOf, type Telling } from './telling.ts';
import { Troubles } from './troubles.ts';
import { workUnseen } from './work.ts';

export const FEW_FALSE_EXPIRIES: Law = {
  code: 'P23',
  name: 'few false expiries',
  kind: 'liveness',
  needs: { request: 'heartbeat' },
  statement:
    'a healthy client does not lose its session as long as no two of its heartbeats in a row go without an answer in time',
  judge: (evidence) => {
    const notJudged = workUnseen(evidence.history);
    if (notJudged !== null) return { tested: 0, breaches: [], notJudged };
    return new Watch(evidence).run();
  },
};

/** How a client lost its session, or its right to work. */
interface Loss {
  readonly at: Instant;
  readonly how: 'expired' | 'unknown' | 'rotated' | 'swept' | 'fence' | 'failure';
  readonly call: number | null;
  /** Only with `rotated`. */
  readonly rotation?: Rotation;
}

/** A heartbeat whose answer, with a new credential, did not arrive, and a later request that presented the one before. */
interface Rotation {
  readonly heartbeat: Operation;
  readonly rejected: Operation;
}

interface Pending {
  readonly loss: Loss;
  readonly anchor: Acknowledged;
  readonly requests: readonly Request[];
}

class Watch {
  readonly #evidence: Evidence;
  readonly #tell: Telling;
  readonly #tenants: ReadonlyMap<string, Tenant>;
  readonly #troubles: Troubles;
  readonly #takeovers: ReturnType<typeof takeoversIn>;
  readonly #ended = new Set<string>();
  /** The credential that was returned last for each session, and by what. */
  readonly #credentials = new Map<SessionId, { readonly credential: string; readonly by: Operation }>();
  /** The last loss of each client, as long as requests from before it may still come through. */
  readonly #pending = new Map<Tenant, Pending>();
  readonly #breaches: Breach[] = [];
  #tested = 0;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.#tell = tellingOf(evidence.history);
    this.#tenants = tenantsOf(evidence);
    this.#troubles = new Troubles(evidence.incidents);
    this.#takeovers = takeoversIn(evidence);
  }

  run(): Judgement {
    const { history, at } = this.#evidence;
    const undeclared = undeclaredDrift(this.#evidence);
    if (undeclared.includes('store')) {
      return { tested: 0, breaches: [], notJudged: 'the clock of the store drifts more than the policy declares' };
    }
    history.events.forEach((event, position) => {
      switch (event.type) {
        case 'called': {
          const operation = at[position];
          if (operation === undefined) break;
          if (event.command.type === 'end') this.#ended.add(leaseKey(event.command));
          if (event.command.type === 'heartbeat') this.#tenants.get(event.actor ?? '')?.sends(event.sent, operation);
          break;
        }
        case 'request-lost':
          if (event.command.type === 'heartbeat') this.#tenants.get(event.actor)?.sends(event.at, null);
          break;
        case 'answered': {
          const operation = at[position];
          if (operation !== undefined) this.#hear(operation);
          break;
        }
        case 'work-began':
          this.#tenants.get(event.actor)?.begins(event);
          break;
        case 'work-stopping': {
          const tenant = this.#tenants.get(event.actor);
          if (tenant === undefined) break;
          if (event.why === 'fence' || event.why === 'failure') {
            this.#lose(tenant, { at: event.at, how: event.why, call: null });
          }
          if (event.why !== 'fence' && event.why !== 'wake') tenant.leaves();
          break;
        }
        case 'crashed':
        case 'paused':
        case 'resumed':
          this.#tenants.get(event.actor)?.falters(event);
          break;
        case 'clock-set':
          for (const tenant of this.#tenants.values()) tenant.clockSet(event);
          break;
        default:
      }
    });
    for (const tenant of this.#tenants.values()) this.#conclude(tenant);
    const breaches = this.#breaches.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    return { tested: this.#tested, breaches, notJudged: null };
  }

  #hear(operation: Operation): void {
    const { answer, actor, command, call } = operation;
    if (answer === null) return;
    const { reply } = answer;
    if (reply.type === 'swept') {
      const { sessions = [] } = reply;
      for (const tenant of sessions.length === 0 ? [] : this.#tenants.values()) {
        const swept = sessions.some(({ session, term = null }) => tenant.has(session, term));
        if (swept) this.#lose(tenant, { at: answer.at, how: 'swept', call });
        if (swept) tenant.leaves();
      }
      return;
    }
    const lease = leaseIn(operation);
    if (lease !== null) this.#issued(lease, operation);
    const tenant = actor === null ? undefined : this.#tenants.get(actor);
    if (tenant === undefined) return;
    if (lease !== null && answer.arrived) {
      if (command.type === 'heartbeat' && tenant.has(lease.session, lease.term)) this.#tested += 1;
      tenant.isAcknowledged(lease, operation);
    }
    if (command.type === 'heartbeat' && reply.type === 'gone' && tenant.has(command.session, command.term)) {
      const { why = 'unknown' } = reply;
      const issued = this.#credentials.get(command.session);
      const replaced =
        command.credential !== undefined && issued !== undefined && issued.credential !== command.credential;
      // A later start of the own device replaced the session, or the request was late and its client has a newer credential.
      const outdated = replaced && (issued.by.command.type === 'start' || issued.by.answer?.arrived === true);
      if ((why === 'expired' || why === 'unknown') && !outdated) {
        const rotation = replaced ? { heartbeat: issued.by, rejected: operation } : null;
        const lost = { at: answer.at, call };
        this.#lose(tenant, rotation === null ? { ...lost, how: why } : { ...lost, how: 'rotated', rotation });
      }
      tenant.leaves();
    }
  }

  #issued({ session }: Lease, by: Operation): void {
    const reply = by.answer?.reply;
    if ((reply?.type !== 'granted' && reply?.type !== 'renewed') || reply.credential === undefined) return;
    this.#credentials.set(session, { credential: reply.credential, by });
  }

  #lose(tenant: Tenant, loss: Loss): void {
    const { lease } = tenant;
    const byClient = loss.how === 'fence' || loss.how === 'failure';
    const anchor = tenant.acknowledgedBy(byClient ? loss.at : Infinity);
    if (lease === null || anchor === null || tenant.lostSince === anchor.call) return;
    // What was acknowledged late went without an answer in time itself, so the next one would be the second in a row.
    if (!anchor.inTime) return;
    const key = leaseKey(lease);
    const takeover = this.#takeovers.get(key)?.answer ?? null;
    if (this.#ended.has(key) || (takeover !== null && takeover.at <= loss.at)) return;
    if (this.#troubles.between(anchor.sent, loss.at) || !isHealthy(tenant, anchor.sent)) return;
    tenant.lostSince = anchor.call;
    this.#conclude(tenant);
    this.#pending.set(tenant, { loss, anchor, requests: [...tenant.requests] });
    tenant.late = { until: loss.at, requests: [] };
  }

  /** Judges the last loss of a client, now that it is known which of its requests still came through. */
  #conclude(tenant: Tenant): void {
    const pending = this.#pending.get(tenant);
    if (pending === undefined) return;
    this.#pending.delete(tenant);
    const { loss, anchor, requests } = pending;
    const missed = missesIn([...requests, ...(tenant.late?.requests ?? [])], tenant, anchor.sent, loss.at + 1);
    // One heartbeat with all of its retries may go unanswered.
    if (missed.heartbeats > 1 || missed.requests > tenant.client.retries + 1) return;
    this.#tested += 1;
    const { policy } = this.#evidence.history;
    const who = this.#tell.tenure({ device: tenant.actor.fingerprint, term: anchor.term });
    this.#breaches.push({
      at: loss.at,
      message: `${who} ${inWords(loss.how)} ${circumstance(loss.how, missed.heartbeats)}`,
      ...reasonOf(loss, anchor.sent, tenant, policy),
      calls: callsOf(anchor, loss),
    });
  }
}

function inWords(how: Loss['how']): string {
  switch (how) {
    case 'expired':
    case 'unknown':
      return `lost its session (${how})`;
    case 'rotated':
      return 'lost its session';
    case 'swept':
      return 'lost its session to a sweep';
    case 'fence':
      return 'had to stop by its fence';
    case 'failure':
      return 'gave its session up';
  }
}

/** Why the client did not deserve the loss. A heartbeat counts as answered in time if one of its retries was. */
function circumstance(how: Loss['how'], missedHeartbeats: number): string {
  if (how === 'rotated') return 'because one answer, with the new credential, did not arrive';
  return missedHeartbeats === 0
    ? 'although each of its heartbeats was answered in time'
    : 'although only one of its heartbeats went without an answer in time';
}

function callsOf(anchor: Acknowledged, { call, rotation }: Loss): readonly number[] {
  const calls = [
    anchor.call,
    ...(rotation === undefined ? [] : [rotation.heartbeat.call]),
    ...(call === null ? [] : [call]),
  ];
  return [...new Set(calls)].sort((a, b) => a - b);
}

/** Which heartbeat replaced the credential, and which request then presented the one before. */
function rotationInWords({ heartbeat, rejected }: Rotation, { actor }: Tenant): string {
  const whose = heartbeat.actor === actor.name ? 'its heartbeat' : `a heartbeat of ${heartbeat.actor ?? 'the server'}`;
  const isCopy = heartbeat.actor === rejected.actor && heartbeat.sent === rejected.sent;
  const request = isCopy ? 'a copy of this heartbeat' : `its request that left at ${formatInstant(rejected.sent)}`;
  return `${whose} that left at ${formatInstant(heartbeat.sent)} replaced the credential, and the answer with the new one did not arrive; ${request} presented the previous credential and was rejected`;
}

/** A fence is to outlast two heartbeats and a request timeout, and to leave the time to stop before the timeout is over. */
function fixOfFence({ heartbeat, requestTimeout, fence }: Tenant['client'], { timeout, stopTime }: Policy): string {
  const wholeSecond = (after: number): string => `'${formatDuration(seconds(Math.floor(after / 1000) + 1))}'`;
  const least = 2 * heartbeat + requestTimeout;
  const longest = timeout - stopTime;
  if (least + 1000 <= longest) {
    return `let the fence outlast two heartbeats and a request timeout, for example fence: ${wholeSecond(least)}`;
  }
  const rarest = Math.ceil(((fence ?? longest) - requestTimeout) / 2000) - 1;
  if (rarest >= 1) {
    return `send heartbeats more often, so that the fence outlasts two of them and a request timeout, for example heartbeat: '${formatDuration(seconds(rarest))}'`;
  }
  return `let the fence outlast two heartbeats and a request timeout, and the timeout outlast the fence and the time to stop, for example fence: ${wholeSecond(least)} with timeout: ${wholeSecond(least + 1000 + stopTime)}`;
}

function reasonOf(
  { how, at, rotation }: Loss,
  sent: Instant,
  tenant: Tenant,
  policy: Policy,
): Pick<Breach, 'cause' | 'why' | 'fix'> {
  const { client } = tenant;
  const { timeout } = policy;
  const last = `its last acknowledged request left at ${formatInstant(sent)}, and it sends a heartbeat every ${formatDuration(client.heartbeat)}`;
  const bound = `${last}, and the timeout is ${formatDuration(timeout)}`;
  const least = 2 * client.heartbeat + client.requestTimeout;
  const enough = `'${formatDuration(seconds(Math.floor(least / 1000) + 1))}'`;
  if (how === 'failure') {
    return {
      cause: 'stopped-at-first-failure',
      why: `${last}; it stops at the first request that fails, before the timeout of ${formatDuration(timeout)} is over`,
      fix: `go on after a failed request until the fence: onFailure: 'keep-trying'`,
    };
  }
  if (rotation !== undefined) {
    return {
      cause: 'credential-rotated-unseen',
      why: `${last}; ${rotationInWords(rotation, tenant)}`,
      fix: 'accept the previous credential until the client has presented the new one',
    };
  }
  if (how === 'fence' && (client.fence ?? 0) <= least) {
    return {
      cause: 'fence-too-short',
      why: `${last}; the fence of ${formatDuration(client.fence ?? NO_TIME)} does not outlast a missed heartbeat`,
      fix: fixOfFence(client, policy),
    };
  }
  if (how !== 'fence' && at - sent < timeout) {
    return {
      cause: 'lost-before-timeout',
      why: `${bound}; the session was lost ${formatDuration((at - sent) as Duration)} after that request`,
      fix: `keep a session for ${formatDuration(timeout)} after each acknowledged heartbeat, in starts, heartbeats and sweeps alike`,
    };
  }
  if (how !== 'fence' && timeout <= least) {
    return {
      cause: 'timeout-too-short',
      why: bound,
      fix: `let the timeout outlast two heartbeats and a request timeout, for example timeout: ${enough}`,
    };
  }
  return {
    cause: 'heartbeats-not-sent',
    why: `${bound}; no heartbeat left in between that went without an answer`,
    fix: `let the client send a heartbeat every ${formatDuration(client.heartbeat)} for as long as it works, on a timer that its work does not block`,
  };
}
