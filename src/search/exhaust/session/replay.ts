/** A way through the session model as a Script, played in the world to see whether it really happens. */
import { unreachable } from '../../../core/unreachable.ts';
import { milliseconds, NO_TIME, type Duration, type Instant } from '../../../core/time.ts';
import type { Design } from '../../../designs/design.ts';
import type { History, NetworkFault } from '../../../history/history.ts';
import { fingerprint } from '../../../service/fingerprint.ts';
import { playInWorld } from '../../../world/play.ts';
import type { Action, Script, Step } from '../../../world/script.ts';
import type { Trace } from '../outcome.ts';
import { read16 } from './layout.ts';
import type { Grid } from './grid.ts';
import { Post } from './post.ts';
import type { SessionModel } from './session-model.ts';

export interface Replayed {
  readonly script: Script;
  readonly history: History;
  /** The longest for which devices worked at once. */
  readonly overlap: Duration;
}

/**
 * The model leaves open in which order things of one moment happen, and when within its time work comes to rest; a Script
 * does not. So the moment is stretched by different lengths, until the overlap is there. Null where it never is.
 */
export function replay(
  design: Design,
  grid: Grid,
  model: SessionModel,
  trace: Trace,
  allowed: Duration,
): Replayed | null {
  for (const manner of manners(grid)) {
    const script = scriptOf(design, grid, model, trace, manner);
    const history = playInWorld(script, { ...design, policy: grid.policy });
    const overlap = longestOverlap(history);
    if (overlap > allowed) return { script, history, overlap };
  }
  return null;
}

function manners({ policy }: Grid): readonly Manner[] {
  const stopTimes = [policy.stopTime, NO_TIME];
  return [0, 1, 20].flatMap((stretch) =>
    [false, true].flatMap((growing) => stopTimes.map((stopTime) => ({ stretch, growing, stopTime }))),
  );
}

interface Manner {
  /** Between two things of one moment, in milliseconds. */
  readonly stretch: number;
  /** Whether later moments are stretched by more, so that what a client does by a timer of an earlier one comes first. */
  readonly growing: boolean;
  readonly stopTime: Duration;
}

const SCOPE = { license: 'L1', symbol: '' };

function scriptOf(design: Design, grid: Grid, model: SessionModel, trace: Trace, manner: Manner): Script {
  const happenings = happeningsOf(model, trace, grid.unit, manner);
  const last = happenings.at(-1)?.at ?? 0;
  const names = model.deviceOf.map((device, process) => nameOf(model, device, process));
  const steps = happenings.flatMap((happening): readonly Step[] => {
    const actions = actionsOf(happening, happenings, names, model, last);
    // What a network does to messages of a moment is settled before they are sent.
    const at = (happening.type === 'deliver' ? happening.begins : happening.at) as Instant;
    return actions.map((action) => ({ at, actions: [action], expectations: [], place: null }));
  });
  return {
    title: `${model.name}: devices work at once`,
    policy: grid.policy,
    cast: model.deviceOf.map((device, process) => ({
      name: names[process] ?? '',
      device: deviceName(device),
      fingerprint: fingerprint({ machine: deviceName(device), user: 'user', platform: 'any' }),
      client: { ...design.client({ name: names[process] ?? '', device: deviceName(device) }), ...grid.client },
    })),
    surroundings: { latency: NO_TIME, storeLatency: NO_TIME, stopTime: manner.stopTime, servers: 1, clocks: [] },
    steps: steps.toSorted((a, b) => a.at - b.at),
    until: last as Instant,
  };
}

const deviceName = (device: number): string => ['laptop', 'desktop', 'tablet'][device] ?? `device ${device + 1}`;

function nameOf({ deviceOf }: SessionModel, device: number, process: number): string {
  const several = deviceOf.filter((each) => each === device).length > 1;
  return several ? `${deviceName(device)} ${process === 0 ? 'launcher' : 'bot'}` : deviceName(device);
}

/** One step of the trace: what it is, when it happens, and of a message what it is and how late it is. */
interface Happening {
  readonly index: number;
  /** Of a message: the step that sent it. */
  readonly sentBy: number;
  readonly type: SessionModel['table'][number]['type'];
  readonly process: number;
  readonly way: 'requests' | 'answers';
  readonly isLate: boolean;
  /** Of a message: whether stopping sent it, or answered that. */
  readonly isEnding: boolean;
  readonly tick: number;
  readonly at: number;
  /** When its moment begins. */
  readonly begins: number;
  /** For how long its moment lasts. */
  readonly moment: Duration;
}

function happeningsOf(model: SessionModel, trace: Trace, unit: Duration, manner: Manner): readonly Happening[] {
  const all = stepsOf(model, trace, unit, manner);
  // In the world a request arrives as it is sent, so a user starts a process when its request arrives in the model.
  return all.map((each, index) => {
    if (each.type !== 'start' && each.type !== 'take-over') return each;
    const arrival = all
      .slice(index + 1)
      .find((other) => other.process === each.process && other.way === 'requests' && other.type === 'deliver');
    return arrival?.tick === each.tick ? { ...each, at: arrival.at } : each;
  });
}

function stepsOf(
  model: SessionModel,
  trace: Trace,
  unit: Duration,
  { stretch, growing }: Manner,
): readonly Happening[] {
  let tick = 0;
  let place = 0;
  let before = trace.initial;
  const post = new Post(model);
  return trace.steps.map(({ action, state }, index) => {
    const what = model.table[action];
    if (what === undefined) throw new Error(`the model has no action ${action}`);
    if (what.type === 'tick') {
      tick++;
      if (!growing) place = 0;
    } else place++;
    const message =
      'slot' in what ? model.rules.message(read16(before, model.layout.message(what.process, what.slot)) - 1) : null;
    before = state;
    const process = 'process' in what ? what.process : 0;
    return {
      index,
      sentBy: post.step(index, state, process, message),
      type: what.type,
      process,
      way: message?.way === 'answer' ? 'answers' : 'requests',
      isLate: message?.late ?? false,
      isEnding: message?.body.type === 'end' || message?.body.type === 'ended',
      tick,
      at: tick * unit + place * stretch,
      begins: tick * unit,
      moment: milliseconds(1 + (place + 10) * stretch),
    };
  });
}

/** What has to be done to the world for it; nothing where it happens by itself. */
function actionsOf(
  { index, sentBy, type, process, way, isLate, isEnding, tick, at, begins, moment }: Happening,
  all: readonly Happening[],
  names: readonly string[],
  { deviceOf }: SessionModel,
  last: number,
): readonly Action[] {
  const actor = names[process] ?? '';
  const device = deviceOf[process] ?? 0;
  const disturb = (fault: NetworkFault): readonly Action[] => [
    { type: 'network', actor, messages: way, fault, lasts: moment },
  ];
  /** From here to the next happening of a kind on the same device. */
  const until = (what: Happening['type']): Duration => {
    const end = all.find((each) => each.index > index && each.type === what && deviceOf[each.process] === device);
    return milliseconds((end?.at ?? last + 1) - at);
  };
  switch (type) {
    case 'start':
      return [{ type: 'user-starts', actor, scope: SCOPE, takeOver: false }];
    case 'take-over':
      return [{ type: 'user-starts', actor, scope: SCOPE, takeOver: true }];
    case 'stop':
      return [{ type: 'user-stops', actor }];
    case 'crash':
      return [{ type: 'crash', actor }];
    case 'sleep':
      return [{ type: 'sleep', device: deviceName(device), lasts: until('wake') }];
    case 'cut':
      return names
        .filter((_, each) => deviceOf[each] === device)
        .map((name) => ({
          type: 'network',
          actor: name,
          messages: 'both',
          fault: { type: 'cut' },
          lasts: until('heal'),
        }));
    case 'lose':
      // A message that is late was sent before; that it never comes is settled then.
      return isLate ? [] : disturb({ type: 'cut' });
    case 'delay': {
      const end = all.find(
        (each) => each.index > index && each.process === process && each.way === way && each.isLate && isEnd(each),
      );
      return disturb(
        end?.type === 'lose'
          ? { type: 'cut' }
          : { type: 'slow', by: milliseconds(end === undefined ? last + 1 - at : end.at - at) },
      );
    }
    case 'duplicate': {
      const second = all.findLast(
        (each) => each.index > index && each.process === process && each.way === way && each.type === 'deliver',
      );
      return disturb({ type: 'repeated', after: milliseconds(second === undefined ? 0 : second.at - at) });
    }
    case 'fail':
      return [{ type: 'store-fails', fault: 'writes-refused', lasts: moment }];
    case 'tick':
    case 'sweep':
    case 'time':
    case 'at-rest':
    case 'wake':
    case 'heal':
      return [];
    case 'deliver': {
      // Only where something befalls the device between the sending and the arrival does it matter that it takes a moment.
      const befallen = all.find(
        (each) =>
          each.tick === tick &&
          each.index > sentBy &&
          each.index < index &&
          deviceOf[each.process] === device &&
          BEFALLS.has(each.type),
      );
      if (befallen === undefined || isLate || isEnding || befallen.at <= begins + 1) return [];
      const fault: NetworkFault = { type: 'slow', by: milliseconds(at - begins) };
      // What it sends from then on is not slowed.
      return [{ type: 'network', actor, messages: way, fault, lasts: milliseconds(befallen.at - begins - 1) }];
    }
    default:
      return unreachable(type);
  }
}

const BEFALLS: ReadonlySet<Happening['type']> = new Set(['stop', 'crash', 'sleep', 'cut']);

const isEnd = ({ type }: Happening): boolean => type === 'deliver' || type === 'lose';

/** The longest stretch of time in which two devices work. */
function longestOverlap({ cast, events }: History): Duration {
  const working = new Set<string>();
  const paused = new Set<string>();
  let longest = 0;
  let since: number | null = null;
  for (const event of events) {
    if (event.type === 'work-began') working.add(event.actor);
    if (event.type === 'work-stopped' || event.type === 'crashed') working.delete(event.actor);
    if (event.type === 'paused') paused.add(event.actor);
    if (event.type === 'resumed' || event.type === 'crashed') paused.delete(event.actor);
    const devices = cast.filter(({ name }) => working.has(name) && !paused.has(name)).map(({ device }) => device);
    if (since !== null) longest = Math.max(longest, event.at - since);
    if (new Set(devices).size < 2) since = null;
    else since ??= event.at;
  }
  return milliseconds(longest);
}
