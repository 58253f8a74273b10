/** Scripts under which the figures of a design are measured: in still surroundings, with one thing wrong at a time. */
import type { Policy } from '../../core/policy.ts';
import type { Duration, Instant } from '../../core/time.ts';
import type { Actor } from '../../history/history.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import { STILL, type Action, type Script, type Step } from '../../world/script.ts';
import type { Subject } from '../campaign/setting.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Of a hundred requests so many are lost, each by itself; the others take this long on average, exponentially. */
const LOSS_PERCENT = 1;
const MEAN_LATENCY = 150;

/** How many days of one session are looked at for false expiries. */
export const DAYS = 10;

/** A holder that crashes at this time after its start, and a rival that tries each second until long after. */
export function crashScript(subject: Subject, crashAt: number): Script {
  const { policy } = subject;
  const [holder, rival] = [actorOf(subject, 'bot', 'laptop'), actorOf(subject, 'rival', 'desktop')];
  const last = crashAt + longestWait(policy);
  const tries: Step[] = [];
  for (let at = crashAt; at <= last; at += SECOND) tries.push(step(at, startOf(policy, rival, false)));
  return scriptOf(
    policy,
    [holder, rival],
    [step(0, startOf(policy, holder, false)), step(crashAt, { type: 'crash', actor: holder.name }), ...tries],
    last,
  );
}

/** One session for days, of whose requests some are lost and all are late. It is started again whenever it is over. */
export function lossScript(subject: Subject, random: () => number): Script {
  const { policy } = subject;
  const holder = actorOf(subject, 'bot', 'laptop');
  const { heartbeat, requestTimeout, retries } = holder.client ?? policy;
  const steps: Step[] = [step(0, startOf(policy, holder, false))];
  const end = DAYS * DAY;
  for (let beat = heartbeat as number; beat < end; beat += heartbeat) {
    for (let attempt = 0; attempt <= retries; attempt += 1) {
      const isLost = random() * 100 < LOSS_PERCENT;
      const late = Math.floor(-Math.log(1 - random()) * MEAN_LATENCY);
      // Retries are rare, so only the first attempt is worth a delay of its own.
      if (!isLost && (late === 0 || attempt > 0)) continue;
      const at = beat + attempt * requestTimeout;
      const fault = isLost ? ({ type: 'cut' } as const) : ({ type: 'slow', by: late as Duration } as const);
      const lasts = 2 as Duration;
      steps.push(step(at - 1, { type: 'network', actor: holder.name, messages: 'requests', fault, lasts }));
    }
    // Who works already does not start again.
    steps.push(step(beat, startOf(policy, holder, false)));
  }
  return scriptOf(
    policy,
    [holder],
    steps.sort((a, b) => a.at - b.at),
    end,
  );
}

/** One session for an hour, with nothing wrong at all. */
export function steadyScript(subject: Subject): Script {
  const holder = actorOf(subject, 'bot', 'laptop');
  return scriptOf(subject.policy, [holder], [step(0, startOf(subject.policy, holder, false))], HOUR);
}

function longestWait({ timeout, cleanUp, grace, heartbeat }: Policy): number {
  const sweep = cleanUp.type === 'swept' ? cleanUp.every : 0;
  return timeout + sweep + grace.afterExpiry + grace.afterTakeover + 2 * heartbeat + 10 * SECOND;
}

function actorOf(
  subject: Subject,
  name: string,
  device: string,
): Actor & { readonly client: NonNullable<Actor['client']> } {
  const identity = { machine: device, user: 'user', platform: 'any' };
  return { name, device, fingerprint: fingerprint(identity), client: subject.client({ name, device }) };
}

function startOf({ scope }: Policy, { name }: Actor, takeOver: boolean): Action {
  const symbol = scope === 'license' ? '' : 'EURUSD';
  return { type: 'user-starts', actor: name, scope: { license: 'L1', symbol }, takeOver };
}

function step(at: number, action: Action): Step {
  return { at: at as Instant, actions: [action], expectations: [], place: null };
}

function scriptOf(policy: Policy, cast: readonly Actor[], steps: readonly Step[], until: number): Script {
  return { title: 'measured', policy, cast, surroundings: STILL, steps, until: until as Instant };
}
