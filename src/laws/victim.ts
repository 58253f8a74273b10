/** P10: a client whose session was taken over stops working in time. */
import type { ClientConfig } from '../core/client.ts';
import { formatDuration, formatInstant, type Duration, type Instant } from '../core/time.ts';
import type { Actor, Clock, History } from '../history/history.ts';
import type { Evidence, Operation } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { leaseIn, leaseKey, type Lease } from './lease.ts';
import { takeoversIn, type Takeovers } from './takeovers.ts';
import { tellingOf, type Telling } from './telling.ts';
import { workUnseen } from './work.ts';

export const VICTIM_LEARNS: Law = {
  code: 'P10',
  name: 'victim learns',
  kind: 'liveness',
  statement:
    'a client that was taken over stops within heartbeat + request timeout + stop time, or fence + stop time after its last acknowledged request left',
  judge: (evidence) => {
    const takeovers = takeoversIn(evidence);
    const notJudged = workUnseen(evidence.history);
    if (takeovers.size === 0 || notJudged !== null) return { tested: 0, breaches: [], notJudged };
    return new Watch(evidence, takeovers).run();
  },
};

/** One process with a client. Its own time stands still while it is paused. */
interface Process {
  readonly actor: Actor;
  readonly client: ClientConfig;
  /** How much true time its clock takes for one second. */
  readonly pace: number;
  readonly pauses: { readonly from: Instant; to: Instant }[];
  working: Lease | null;
  /** The request that left last of those that were acknowledged, of each session and term: one may be granted again while it works under the other. */
  readonly acknowledged: Map<string, { readonly sent: Instant; readonly call: number }>;
  /** When it was told that this session is gone. */
  told: { readonly key: string; readonly at: Instant } | null;
}

/** Follows each process that works under a session that is taken. */
class Watch {
  readonly #evidence: Evidence;
  readonly #takeovers: Takeovers;
  readonly #tell: Telling;
  readonly #processes: ReadonlyMap<string, Process>;
  readonly #breaches: Breach[] = [];
  #tested = 0;

  constructor(evidence: Evidence, takeovers: Takeovers) {
    this.#evidence = evidence;
    this.#takeovers = takeovers;
    this.#tell = tellingOf(evidence.history);
    this.#processes = processesOf(evidence.history);
  }

  run(): Judgement {
    const { history, at } = this.#evidence;
    history.events.forEach((event, position) => {
      switch (event.type) {
        case 'answered': {
          const operation = at[position];
          if (operation !== undefined) this.#hear(operation);
          break;
        }
        case 'work-began': {
          const process = this.#processes.get(event.actor);
          if (process === undefined) break;
          this.#rest(process, event.at, true);
          process.working = { session: event.session, term: event.term };
          break;
        }
        case 'work-stopped':
        case 'crashed': {
          const process = this.#processes.get(event.actor);
          if (process !== undefined) this.#rest(process, event.at, true);
          break;
        }
        case 'paused': {
          const process = this.#processes.get(event.actor);
          if (process !== undefined && !isPaused(process)) process.pauses.push({ from: event.at, to: NEVER });
          break;
        }
        case 'resumed': {
          const process = this.#processes.get(event.actor);
          const pause = process?.pauses.at(-1);
          if (pause?.to === NEVER) pause.to = event.at;
          break;
        }
        case 'end':
          for (const process of this.#processes.values()) this.#rest(process, event.at, false);
          break;
        default:
      }
    });
    return { tested: this.#tested, breaches: this.#breaches, notJudged: null };
  }

  #hear(operation: Operation): void {
    const { answer, command, actor, sent, call } = operation;
    const process = this.#processes.get(actor ?? '');
    if (process === undefined || answer === null || !answer.arrived) return;
    const { reply } = answer;
    const lease = leaseIn(operation);
    if (lease !== null) {
      const key = leaseKey(lease);
      const known = process.acknowledged.get(key);
      if (known === undefined || sent > known.sent) process.acknowledged.set(key, { sent, call });
    }
    if (reply.type === 'gone' && command.type === 'heartbeat') {
      const key = leaseKey(command);
      if (process.told?.key !== key) process.told = { key, at: answer.at };
    }
  }

  /** The work of a process has ended, or the run has. */
  #rest(process: Process, now: Instant, stopped: boolean): void {
    const { working } = process;
    process.working = null;
    if (working === null) return;
    const key = leaseKey(working);
    const takeover = this.#takeovers.get(key);
    if (takeover === undefined || takeover.answer === null || takeover.answer.at > now) return;
    const allowed = this.#deadline(process, key, takeover.answer.at);
    const own = ownTime(process, now);
    // A run that ends before the deadline shows nothing.
    if (!stopped && own <= allowed) return;
    this.#tested += 1;
    if (own <= allowed) return;
    this.#breaches.push(this.#breach(process, working, takeover, now, stopped));
  }

  /** The latest own time at which it may still work. */
  #deadline(process: Process, key: string, takenAt: Instant): number {
    const { client, pace } = process;
    const acknowledged = process.acknowledged.get(key);
    const { stopTime } = this.#evidence.history.policy;
    const interval = client.heartbeat + (client.pace === 'after-answer' ? client.requestTimeout : 0);
    const learns = ownTime(process, takenAt) + (interval + client.requestTimeout + stopTime) * pace;
    const fenced =
      client.fence === null || acknowledged === undefined
        ? 0
        : ownTime(process, acknowledged.sent) + (client.fence + stopTime) * pace;
    return Math.ceil(Math.max(learns, fenced)) + ROUNDING;
  }

  #breach(process: Process, working: Lease, takeover: Operation, now: Instant, stopped: boolean): Breach {
    const { actor, client, told } = process;
    const acknowledged = process.acknowledged.get(leaseKey(working));
    const taken = takeover.answer?.at ?? now;
    const taker = this.#tell.caller(takeover);
    const victim = this.#tell.tenure({ device: actor.fingerprint, term: working.term });
    const after = formatDuration((now - taken) as Duration);
    const heard = told?.key === leaseKey(working);
    return {
      at: now,
      message: stopped
        ? `${victim} worked on for ${after} after ${taker} had taken its session over`
        : `${victim} still worked ${after} after ${taker} had taken its session over, when the run ended`,
      ...reasonOf(client, heard ? told.at : null),
      calls: [...(acknowledged === undefined ? [] : [acknowledged.call]), takeover.call].sort((a, b) => a - b),
    };
  }
}

/** `told` is when an answer told it that its session is gone; null where none did. */
function reasonOf(client: ClientConfig, told: Instant | null): Pick<Breach, 'cause' | 'why' | 'fix'> {
  if (told !== null) {
    const why = `an answer at ${formatInstant(told)} told it that its session is gone`;
    return client.onGone === 'work-on'
      ? {
          cause: 'gone-unheeded',
          why: `${why}, and it works on`,
          fix: `stop the work when the server answers gone: onGone: 'stop'`,
        }
      : {
          cause: 'stops-too-slowly',
          why: `${why}, and it took longer than the stop time to stop`,
          fix: 'make the work stop within the stop time, or declare a longer one: stopTime',
        };
  }
  if (client.fence === null) {
    return {
      cause: 'untold-without-fence',
      why: 'no answer told it that its session is gone, and it has no fence that would stop it without one',
      fix: 'give the client a fence, counted from the sending of its last acknowledged request on a clock that cannot be set',
    };
  }
  const why = `no answer told it that its session is gone, and its fence of ${formatDuration(client.fence)} did not stop it in time`;
  if (client.fenceFrom === 'answer') {
    return {
      cause: 'fence-counted-from-answer',
      why,
      fix: `count the fence from the sending of the last acknowledged request: fenceFrom: 'send'`,
    };
  }
  return client.clock === 'wall'
    ? { cause: 'fence-on-a-wall-clock', why, fix: `count the fence on a clock that cannot be set: clock: 'monotonic'` }
    : {
        cause: 'fence-not-enforced',
        why,
        fix: 'let the fence stop the work even while it is busy, and make the work stop within the stop time',
      };
}

/** Two clocks that count in whole milliseconds may disagree by this much. */
const ROUNDING = 2;

function processesOf({ cast, clocks }: History): ReadonlyMap<string, Process> {
  return new Map(
    cast.flatMap((actor) => {
      const { client } = actor;
      if (client === null) return [];
      const process: Process = {
        actor,
        client,
        pace: paceOf(actor, clocks),
        pauses: [],
        working: null,
        acknowledged: new Map(),
        told: null,
      };
      return [[actor.name, process] as const];
    }),
  );
}

function paceOf({ device }: Actor, clocks: readonly Clock[]): number {
  const drift = clocks.find(({ clock }) => clock === `device ${device}`)?.drift ?? 0;
  return 1 / (1 + drift / 1e6);
}

const NEVER = Infinity as Instant;

function isPaused({ pauses }: Process): boolean {
  return pauses.at(-1)?.to === NEVER;
}

/** True time without the pauses of the process until then. */
function ownTime({ pauses }: Process, time: Instant): number {
  return pauses.reduce((own, { from, to }) => (from < time ? own - (Math.min(to, time) - from) : own), time as number);
}
