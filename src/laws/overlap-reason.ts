/** Why two devices could work at once: what the one that should have stopped knew, and what let the other in. */
import type { Policy } from '../core/policy.ts';
import { after, between, formatDuration, formatInstant, type Duration, type Instant } from '../core/time.ts';
import type { ClientConfig } from '../core/client.ts';
import { careerOf, type Career } from './career.ts';
import { clockTroubles } from './clocks.ts';
import type { Evidence, Incident } from './evidence.ts';
import type { Breach } from './law.ts';
import type { Telling } from './telling.ts';
import type { Worker } from './work.ts';

interface Meeting {
  /** Whoever had the older right to work. */
  readonly stale: Worker;
  readonly current: Worker;
  readonly from: Instant;
}

type Reason = Pick<Breach, 'why' | 'fix' | 'calls'>;
type Told = Pick<Breach, 'why' | 'fix'>;

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
    rival: `${tell.device(current.device)} (term ${current.term})`,
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
  withoutFence,
  slowToStop,
  wrongAnchor,
  clockOff,
  fenceTooLate,
];

function gaveBackEarly({ career, name, stale, incidents, from }: Scene): Told | null {
  const { end } = career;
  if (end === null || stoppedAt(incidents, stale.actor, end.sent, from)) return null;
  return {
    why: `${name} gave its session back at ${formatInstant(end.sent)} while its work still ran`,
    fix: `end the session when the work has come to rest, not before: release: 'after-work'`,
  };
}

function paysNoHeed({ career, client, name }: Scene): Told | null {
  const { told } = career;
  if (told === null || client?.onGone !== 'work-on') return null;
  return {
    why: `${name} was told at ${formatInstant(told.answer.at)} that its session is gone, and works on`,
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
  const how = paused.why === 'sleep' ? 'slept' : 'hung';
  return {
    why: `${name} ${how} from ${formatInstant(paused.at)} to ${formatInstant(from)}, and worked on before it had asked the server`,
    fix:
      client?.onWake === 'work-on'
        ? `after a sleep, ask before any work: onWake: 'ask'`
        : 'look at the clock before each piece of work, not only between them, and let the resource refuse an older term',
  };
}

/** The server let somebody in although the session was live by its own clock and answers. */
function letInEarly({ career, grant, name, rival, policy, incidents }: Scene): Told | null {
  if (career.sign === null || grant === null || career.replaced !== null || career.end !== null) return null;
  if (incidents.some((event) => event.type === 'clock-set' && event.clock === 'store')) return null;
  const age = (grant.answer.storeTime - career.sign.answer.storeTime) as Duration;
  if (age >= policy.timeout || age < 0) return null;
  return {
    why: `the server let ${rival} in ${formatDuration(age)} after a sign of life of ${name}, and the timeout is ${formatDuration(policy.timeout)}`,
    fix: 'check and claim the seat in one statement, and judge the holder by its own last heartbeat',
  };
}

/** Its own device came back beside it, and nobody waits for a process whose device has the seat. */
function relievedByItself({ career, name, stale, rival }: Scene): Told | null {
  const { replaced } = career;
  if (replaced?.command.type !== 'start' || replaced.command.device !== stale.device) return null;
  return {
    why: `another process of ${name} took its session over at ${formatInstant(replaced.answer.at)} without a wait, and ${rival} was let in before the first one had learnt of it`,
    fix: 'let a seat that was taken over by its own device stay closed to others until the first process has ended its session, or its timeout is over',
  };
}

function takenOver({ career, name, policy, client, current, evidence }: Scene): Told | null {
  const { replaced } = career;
  if (replaced === null) return null;
  const { fence, stopTime, grace } = policy;
  const by = evidence.history.cast.find(({ fingerprint }) => fingerprint === current.device)?.device ?? current.device;
  const noFence = (client?.fence ?? fence) === null;
  return {
    why:
      `${by} took the session of ${name} over at ${formatInstant(replaced.answer.at)} and waited ${formatDuration(grace.afterTakeover)}, while ${name} learns of it with its next answered heartbeat` +
      (noFence ? ', and without one never, because it has no fence' : ''),
    fix: noFence
      ? `give the client a fence, and let whoever takes over wait for at least the fence and the stop time`
      : `let whoever takes over wait until the victim has stopped for certain: grace: { afterTakeover: '${formatDuration(((fence ?? 0) + stopTime) as Duration)}' }`,
  };
}

function withoutFence({ career, client, name, policy, grant }: Scene): Told | null {
  if (client === null || client.fence !== null) return null;
  return {
    why: `${heard(name, career)}; ${grant === null ? 'the server let go' : `the server let go before ${formatInstant(grant.answer.at)}`}, the client never does: it has no fence`,
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
    why: `${name} began to stop at ${formatInstant(stopping.at)} and ${took === null ? 'had not stopped when the run ended' : `took ${formatDuration(took)}`}, and the policy allows ${formatDuration(policy.stopTime)} for it`,
    fix: 'make the work stop within the stop time, or declare a longer one and lower the fence by as much',
  };
}

function wrongAnchor({ client, career, name }: Scene): Told | null {
  if (client?.fenceFrom !== 'answer') return null;
  return {
    why: `${heard(name, career)}, and counts its fence from the arrival of the answer, while the server counts from the request`,
    fix: `count the fence from the sending of the acknowledged request: fenceFrom: 'send'`,
  };
}

function clockOff({ evidence, career, name, policy }: Scene): Told | null {
  const troubles = clockTroubles(evidence);
  if (troubles.length === 0) return null;
  return {
    why: `${heard(name, career)}, and ${troubles.join(', ')}`,
    fix: `keep clocks within the declared drift of ${policy.clockDrift * 1e6} ppm, count a fence on a clock that nobody sets, and expiry on the store's alone`,
  };
}

function fenceTooLate({ client, career, name, policy }: Scene): Told | null {
  const fence = client?.fence ?? null;
  if (fence === null) return null;
  return {
    why: `${heard(name, career)}; its fence of ${formatDuration(fence)} and its stop time of ${formatDuration(policy.stopTime)} reach beyond the moment at which the next one is let in`,
    fix: fenceFix(policy),
  };
}

function unknown({ name, rival, career }: Scene): Told {
  return { why: `${heard(name, career)}, and did not stop before ${rival} began`, fix: null };
}

function heard(name: string, { acknowledged }: Career): string {
  return acknowledged === null
    ? `${name} never had an answer to this session`
    : `the last request of ${name} that was acknowledged left at ${formatInstant(acknowledged.sent)}`;
}

/** Whether the process came to rest in this time. */
function stoppedAt(incidents: readonly Incident[], actor: string, from: Instant, to: Instant): boolean {
  return incidents.some(
    (event) => event.type === 'work-stopped' && event.actor === actor && event.at >= from && event.at <= to,
  );
}

/** The longest fence in whole seconds, or else milliseconds, that is over before the server lets go. */
function fenceFix({ timeout, stopTime, clockDrift }: Policy): string {
  const bound = (timeout / (1 + clockDrift) - stopTime) * (1 - clockDrift);
  const most = Math.ceil(bound) - 1;
  const fence = most >= 1000 ? Math.floor(most / 1000) * 1000 : most;
  if (fence <= 0) return 'raise the timeout above the stop time, and give the client a fence below it';
  return `give the client a fence that is over before the timeout of ${formatDuration(timeout)}, for example fence: '${formatDuration(after(0 as Instant, fence as Duration) as number as Duration)}'`;
}
