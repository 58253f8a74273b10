/** Steps that do not fit to the cast, to the machines, or into a world: what is wrong, and what to write instead. */
import type { Policy } from '../../core/policy.ts';
import type { Actor, ClockName } from '../../history/history.ts';
import type { Action, Surroundings } from '../../world/script.ts';
import type { WrittenStep } from './steps.ts';

/** What the steps must fit to. */
export interface Setting {
  readonly cast: readonly Actor[];
  readonly policy: Policy;
  readonly surroundings: Surroundings;
  /** Whether the scenario names a design, which is played in a world whatever the steps are. */
  readonly inWorld: boolean;
}

/** Only an actor that is led by hand does these; only one with a client of its own, those. */
const BY_HAND: readonly Action['type'][] = ['start', 'heartbeat', 'end'];
const BY_ITSELF: readonly Action['type'][] = ['user-starts', 'user-stops', 'stops-in', 'hang'];

/** Null where the step fits. */
export function misfitIn(step: WrittenStep, setting: Setting): string | null {
  for (const action of step.actions) {
    const misfit = misfitOf(action, setting);
    if (misfit !== null) return misfit;
  }
  for (const expectation of step.expectations) {
    if (expectation.type !== 'works') continue;
    const actor = setting.cast.find(({ name }) => name === expectation.actor);
    if (actor === undefined || actor.client === null) return noClient(expectation.actor, actor);
  }
  return null;
}

/** What only the deployment of a service can do, call by call. */
export function misfitInWorld({ actions }: WrittenStep): string | null {
  if (actions.length > 1) {
    return `simulated time plays one request after the other; write one step for each request instead of together(), or play concurrent requests with seatproof race --design FILE --calls start,start`;
  }
  if (actions.some(({ type }) => type === 'store-fault')) {
    return `a fault of the store has an end in a world; write for example store.fails('outage', { for: '30s' })`;
  }
  if (actions.some(({ type }) => type === 'empty-store')) {
    return `a table is not made anew in a world; lead the cast by hand, for example cast: { bot: device('laptop') }`;
  }
  if (actions.some((action) => 'answer' in action && action.answer === 'lost')) {
    return `in a world it is the network that loses answers; write for example network.cuts(bot, { messages: 'answers', for: '1s' })`;
  }
  return null;
}

function misfitOf(action: Action, { cast, surroundings }: Setting): string | null {
  if ('actor' in action) {
    const actor = cast.find(({ name }) => name === action.actor);
    if (BY_ITSELF.includes(action.type) && (actor === undefined || actor.client === null)) {
      return noClient(action.actor, actor);
    }
    if (BY_HAND.includes(action.type) && actor !== undefined && actor.client !== null) {
      return `'${action.actor}' has a client that runs by itself; to lead it by hand write cast: { ${action.actor}: device('${actor.device}') }`;
    }
  }
  if (action.type === 'sleep' && !cast.some(({ device }) => device === action.device)) {
    return noDevice(action.device, cast);
  }
  if (action.type === 'crash-server')
    return action.server > surroundings.servers ? noServer(action.server, surroundings.servers) : null;
  return action.type === 'set-clock' ? misfitOfClock(action.clock, cast, surroundings.servers) : null;
}

/** Whether there is such a clock. */
export function misfitOfClock(clock: ClockName, cast: readonly Actor[], servers: number): string | null {
  if (clock === 'store') return null;
  if (clock.startsWith('server ')) {
    const number = Number(clock.slice('server '.length));
    return number > servers ? noServer(number, servers) : null;
  }
  const machine = clock.slice('device '.length);
  return cast.some(({ device }) => device === machine) ? null : noDevice(machine, cast);
}

function noClient(name: string, actor: Actor | undefined): string {
  return `'${name}' has no client that runs by itself; write cast: { ${name}: client('${actor?.device ?? 'laptop'}') }`;
}

function noServer(server: number, servers: number): string {
  return `there is no server ${server}, only ${servers}; write for example servers: ${server}`;
}

function noDevice(machine: string, cast: readonly Actor[]): string {
  const machines = [...new Set(cast.map(({ device }) => device))];
  return `no device of the cast is called '${machine}' (${machines.join(', ')})`;
}
