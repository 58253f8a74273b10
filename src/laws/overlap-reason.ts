/** Why two devices worked at once: what the client that should have stopped knew, and why the other was granted the seat. */
import type { Policy } from '../core/policy.ts';
import { after, between, formatDuration, formatInstant, type Duration, type Instant } from '../core/time.ts';
import type { ClientConfig } from '../core/client.ts';
import { careerOf, type Career } from './career.ts';
import { clockTroubles } from './clocks.ts';
import type { AnsweredOperation, Evidence, Incident } from './evidence.ts';
import type { Breach } from './law.ts';
import { meetingOf } from './meeting.ts';
import { KEEP_IN_STORE, memoryLost } from './process-memory.ts';
import type { Telling } from './telling.ts';
import type { Worker } from './work.ts';

interface Meeting {
  /** The worker whose session is the older one. */
  readonly stale: Worker;
  readonly current: Worker;
  readonly from: Instant;
}

type Reason = Pick<Breach, 'cause' | 'why' | 'fix' | 'calls'>;
type Told = Pick<Breach, 'cause' | 'why' | 'fix'>;
type ClockSet = Extract<Incident, { type: 'clock-set' }>;

/** Everything that one of the causes looks at. */
interface Scene extends Meeting {
  readonly career: Career;
  readonly grant: Career['granted'];
  readonly client: ClientConfig | null;
  readonly policy: Policy;
  readonly incidents: readonly Incident[];
  readonly evidence: Evidence;
  readonly name: string;
  readonly rival: string;
}

export function reasonFor(meeting: Meeting, evidence: Evidence, tell: Telling): Reason {
  const { stale, current, from } = meeting;
  const { history, incidents } = evidence;
  const career = careerOf(stale, evidence, from);
  const grant = careerOf(current, evidence, from).granted;
  const client = history.cast.find(({ name }) => name === stale.actor)?.client ?? null;
  const scene: Scene = {
    ...meeting,
    career,
    grant,
    client,
    policy: history.policy,
    incidents,
    evidence,
    name: tell.device(stale.device),
    rival: tell.tenure(current),
  };
  const told = CAUSES.map((cause) => cause(scene)).find((each) => each !== null) ?? unknown(scene);
  const calls = [career.granted, career.acknowledged, career.told, career.end, career.replaced, grant].flatMap(
    (operation) => (operation === null ? [] : [operation.call]),
  );
  return { ...told, calls: [...new Set(calls)].sort((a, b) => a - b) };
}

/** The first that applies is told. */
const CAUSES: readonly ((scene: Scene) => Told | null)[] = [
  gaveBackEarly,
  paysNoHeed,
  workedOnAwake,
  letInEarly,
  relievedByItself,
  takenOver,
  expiredByClock,
  withoutFence,
  slowToStop,
  wrongAnchor,
  clockOff,
  fenceTooLate,
];

function gaveBackEarly({ career, name, stale, client, incidents, from }: Scene): Told | null {
  const { end } = career;
  if (end === null || stoppedAt(incidents, stale.actor, end.sent, from)) return null;
  return {
    cause: 'released-during-work',
    why: `${name} gave its session back at ${formatInstant(end.sent)} while its work still ran`,
    fix:
      client?.release === 'after-work'
        ? 'send the end only when the work has reported that it is at rest'
        : `end the session when the work has come to rest, not before: release: 'after-work'`,
  };
}

function paysNoHeed({ career, client, name }: Scene): Told | null {
  const { told } = career;
  if (told === null || client?.onGone !== 'work-on') return null;
  return {
    cause: 'gone-ignored',
    why: `an answer told ${name} at ${formatInstant(told.answer.at)} that its session is gone, and it works on`,
    fix: `stop the work when the server answers gone: onGone: 'stop'`,
  };
}

function workedOnAwake({ incidents, stale, name, from, client }: Scene): Told | null {
  const resumed = incidents.findLast(
    (event) => event.at <= from && event.type === 'resumed' && event.actor === stale.actor,
  );
  if (resumed === undefined || resumed.at !== from) return null;
  const paused = incidents.findLast(
    (event) => event.at <= from && event.type === 'paused' && event.actor === stale.actor,
  );
  if (paused?.type !== 'paused') return null;
  const when = `from ${formatInstant(paused.at)} to ${formatInstant(from)}, and worked on before it had asked the server`;
  return paused.why === 'sleep' && client?.onWake === 'work-on'
    ? {
        cause: 'works-on-at-wake',
        why: `${name} slept ${when}`,
        fix: `after a sleep, ask before any work: onWake: 'ask'`,
      }
    : {
        cause: 'works-on-after-hang',
        why: `${name} ${paused.why === 'sleep' ? 'slept' : 'hung'} ${when}`,
        fix: 'read the clock before each piece of work, and let the resource reject the effects of an older term',
      };
}

/** The server granted the seat although the session was live by its own clock and answers. */
function letInEarly({ career, grant, name, rival, policy, incidents, evidence }: Scene): Told | null {
  if (career.sign === null || grant === null || career.replaced !== null || career.end !== null) return null;
  if (storeSetBetween(career.sign, grant, incidents).length > 0) return null;
  const age = (grant.answer.storeTime - career.sign.answer.storeTime) as Duration;
  if (age >= policy.timeout || age < 0) return null;
  const why = `the server granted the seat to ${rival} ${formatDuration(age)} after the last acknowledged request of ${name}, and the timeout is ${formatDuration(policy.timeout)}`;
  if (career.granted !== null && meetingOf(career.granted, grant) !== 'apart') {
    return {
      cause: 'granted-concurrently',
      why: `${why}; the two starts overlapped`,
      fix: 'let the statement that grants the seat look for a live holder itself, under a unique key or a lock on a row that exists',
    };
  }
  const lost = memoryLost(career.sign, grant, evidence);
  if (lost !== null) return { cause: 'granted-from-memory', why: `${why}; ${lost}`, fix: KEEP_IN_STORE };
  return {
    cause: 'granted-too-early',
    why: `${why}; the two starts did not overlap`,
    fix: `grant the seat only where the last heartbeat of the holder is ${formatDuration(policy.timeout)} old, by the clock of the store`,
  };
}

/** Another process of its device replaced it without a wait, and ended. */
function relievedByItself({ career, name, stale, rival }: Scene): Told | null {
  const { replaced } = career;
  if (replaced?.command.type !== 'start' || replaced.command.device !== stale.device) return null;
  return {
    cause: 'device-relieved-itself',
    why: `another process of ${name} replaced its session at ${formatInstant(replaced.answer.at)} without a wait, and ${rival} was granted the seat before the first process learnt of it`,
    fix: 'keep a seat that its own device took over closed to others until the first process has ended its session or its timeout is over',
  };
}

function takenOver({ career, name, policy, client, current, grant, evidence }: Scene): Told | null {
  const { replaced } = career;
  if (replaced === null) return null;
  const { fence, stopTime, grace } = policy;
  const by = evidence.history.cast.find(({ fingerprint }) => fingerprint === current.device)?.device ?? current.device;
  const ownFence = client === null ? fence : client.fence;
  const waited = grant === null ? 0 : Math.max(0, between(replaced.answer.at, grant.answer.at));
  const granted =
    grant === null
      ? ''
      : ` and was granted the seat ${waited === 0 ? 'at once' : `${formatDuration(waited as Duration)} later`}`;
  const why = `${by} took the session of ${name} over at ${formatInstant(replaced.answer.at)}${granted}, and ${name} learns of it only with its next answered heartbeat`;
  if (ownFence === null) {
    return {
      cause: 'victim-without-fence',
      why: `${why}, because it has no fence`,
      fix: 'give the client a fence, and make the grace after a takeover as long as the fence and the stop time',
    };
  }
  if (grant !== null && between(replaced.calledAt, grant.answer.at) < grace.afterTakeover * (1 - policy.clockDrift)) {
    const due = formatDuration(grace.afterTakeover);
    return {
      cause: 'grace-not-kept',
      why: `${why}; the policy has a grace of ${due} after a takeover`,
      fix: `grant the seat that a start takes over only ${due} after its holder was revoked, by the clock of the store`,
    };
  }
  const enough = (ownFence + stopTime) as Duration;
  return grace.afterTakeover < enough
    ? {
        cause: 'takeover-without-wait',
        why,
        fix: `grant the seat only when the victim has stopped for certain: grace: { afterTakeover: '${formatDuration(enough)}' }, or declare the overlap that is acceptable: overlap`,
      }
    : {
        cause: 'victim-outlasts-grace',
        why,
        fix: 'make the client stop within its fence and the stop time, counted from the sending of its last acknowledged request',
      };
}

/** The clock of the store was set forward, and by true time the session was not over when the seat was granted. */
function expiredByClock({ career, grant, name, rival, policy, incidents }: Scene): Told | null {
  if (career.sign === null || grant === null) return null;
  const shift = storeSetBetween(career.sign, grant, incidents).reduce((sum, { by }) => sum + by, 0);
  const age = between(career.sign.answer.at, grant.answer.at);
  if (shift <= 0 || age >= policy.timeout) return null;
  return {
    cause: 'expired-by-clock',
    why: `the server granted the seat to ${rival} ${formatDuration(age)} after the last acknowledged request of ${name}, and the timeout is ${formatDuration(policy.timeout)}; in between the clock of the store was set ${formatDuration(shift as Duration)} forward`,
    fix: 'let the resource reject the effects of an older term, because a session expires early when the clock of the store is set forward',
  };
}

/** When the clock of the store was set from an acknowledged request to a grant. */
function storeSetBetween(
  sign: AnsweredOperation,
  grant: AnsweredOperation,
  incidents: readonly Incident[],
): readonly ClockSet[] {
  return incidents.filter(
    (event): event is ClockSet =>
      event.type === 'clock-set' && event.clock === 'store' && event.at >= sign.calledAt && event.at <= grant.answer.at,
  );
}

function withoutFence({ career, client, name, policy, grant }: Scene): Told | null {
  if (client === null || client.fence !== null) return null;
  return {
    cause: 'no-fence',
    why: `${heard(name, career)}; the session was over for the server${grant === null ? '' : ` before ${formatInstant(grant.answer.at)}`}, and the client works on because it has no fence`,
    fix: fenceFix(policy),
  };
}

function slowToStop({ incidents, stale, name, from, policy }: Scene): Told | null {
  const stopping = incidents.findLast(
    (event) => event.at <= from && event.type === 'work-stopping' && event.actor === stale.actor,
  );
  if (stopping === undefined || stoppedAt(incidents, stale.actor, stopping.at, from)) return null;
  const rest = incidents.find(
    (event) => event.at >= from && event.type === 'work-stopped' && event.actor === stale.actor,
  );
  const took = rest === undefined ? null : between(stopping.at, rest.at);
  if (took !== null && took <= policy.stopTime) return null;
  return {
    cause: 'slow-to-stop',
    why: `${name} began to stop at ${formatInstant(stopping.at)} and ${took === null ? 'had not stopped when the run ended' : `took ${formatDuration(took)}`}, and the policy allows ${formatDuration(policy.stopTime)} for it`,
    fix: 'make the work stop within the stop time, or declare a longer one and lower the fence by as much',
  };
}

function wrongAnchor({ client, career, name }: Scene): Told | null {
  if (client?.fenceFrom !== 'answer') return null;
  return {
    cause: 'fence-from-answer',
    why: `${heard(name, career)}; the client counts its fence from the arrival of the answer, and the server counts from the request`,
    fix: `count the fence from the sending of the acknowledged request: fenceFrom: 'send'`,
  };
}

function clockOff({ evidence, career, name, policy, client, stale }: Scene): Told | null {
  const troubles = clockTroubles(evidence);
  if (troubles.length === 0) return null;
  const machine = evidence.history.cast.find((actor) => actor.name === stale.actor)?.device;
  const ownClockSet = evidence.incidents.some(
    (event) => event.type === 'clock-set' && event.clock === `device ${machine}`,
  );
  return {
    cause: 'clock-off',
    why: `${heard(name, career)}, and ${troubles.join(', ')}`,
    fix:
      client?.clock === 'wall' && ownClockSet
        ? `count the fence on a clock that cannot be set: clock: 'monotonic'`
        : `keep clocks within the declared drift of ${policy.clockDrift * 1e6} ppm, and compare ages by the clock of the store alone`,
  };
}

function fenceTooLate({ client, career, name, rival, policy }: Scene): Told | null {
  const fence = client?.fence ?? null;
  if (fence === null) return null;
  return {
    cause: 'fence-too-late',
    why: `${heard(name, career)}; its fence of ${formatDuration(fence)} and its stop time of ${formatDuration(policy.stopTime)} end after the seat was granted to ${rival}`,
    fix: fenceFix(policy),
  };
}

function unknown({ name, rival, career }: Scene): Told {
  return {
    cause: 'works-on',
    why: `${heard(name, career)}, and it did not stop before ${rival} began to work`,
    fix: 'stop the work of a session before its timeout is over, and let the resource reject the effects of an older term',
  };
}

function heard(name: string, { acknowledged }: Career): string {
  return acknowledged === null
    ? `no request of ${name} for this session was acknowledged`
    : `the last acknowledged request of ${name} left at ${formatInstant(acknowledged.sent)}`;
}

/** Whether the process came to rest in this time. */
function stoppedAt(incidents: readonly Incident[], actor: string, from: Instant, to: Instant): boolean {
  return incidents.some(
    (event) => event.type === 'work-stopped' && event.actor === actor && event.at >= from && event.at <= to,
  );
}

/** The longest fence in whole seconds, or else milliseconds, that ends before the timeout. */
function fenceFix({ timeout, stopTime, clockDrift }: Policy): string {
  const bound = (timeout / (1 + clockDrift) - stopTime) * (1 - clockDrift);
  const most = Math.ceil(bound) - 1;
  const fence = most >= 1000 ? Math.floor(most / 1000) * 1000 : most;
  if (fence <= 0) return 'raise the timeout above the stop time, and give the client a fence below it';
  return `give the client a fence that ends before the timeout of ${formatDuration(timeout)}, for example fence: '${formatDuration(after(0 as Instant, fence as Duration) as number as Duration)}'`;
}
