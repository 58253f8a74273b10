/** A way through the session model as a Script, played in the world to see whether it really happens. */
import { milliseconds, NO_TIME, type Duration, type Instant } from '../../../../core/time.ts';
import type { Design } from '../../../../designs/design.ts';
import type { Actor, History } from '../../../../history/history.ts';
import { LAWS } from '../../../../laws/all.ts';
import type { Finding } from '../../../../laws/finding.ts';
import { judgeHistory } from '../../../../laws/judge.ts';
import { measureOverlap } from '../../../../laws/overlap.ts';
import { fingerprint } from '../../../../service/fingerprint.ts';
import type { Action, Script, Step } from '../../../../world/script.ts';
import { playerOf } from '../../../campaign/player.ts';
import type { Trace } from '../../outcome.ts';
import type { Grid } from '../grid.ts';
import { serverRuleOf } from '../server-rule.ts';
import { CODE_OF, type SafetyLaw, type SessionModel } from '../session-model.ts';
import { follow, type Followed, type Happening } from './follow.ts';
import { earliestInstants, exactly, type Distance } from './instants.ts';
import { spellsFor } from './passage.ts';

export interface Replayed {
  readonly script: Script;
  readonly history: History;
  /** What broke in the world as in the model. */
  readonly broke: SafetyLaw;
  /** The first finding by that law. */
  readonly finding: Finding;
  /** The longest for which devices worked at once. */
  readonly overlap: Duration;
}

/**
 * No instants fit the order of the steps. In the model, the steps of one moment come in any order; in the world, of two
 * timers, the one that was set first by so much goes off first by so much.
 */
export class NoInstants extends Error {
  override readonly name = 'NoInstants';
}

/** Null where what breaks in the model does not break in the world. Throws `NoInstants`. */
export async function replay(
  design: Design,
  grid: Grid,
  model: SessionModel,
  { name: broke, trace }: { readonly name: SafetyLaw; readonly trace: Trace },
  allowed: Duration,
): Promise<Replayed | null> {
  const script = scriptOf(design, grid, model, { broke, trace, allowed });
  const history = await playerOf({ ...design, policy: script.policy }).play(script);
  const laws = LAWS.filter(({ code }) => code === CODE_OF[broke]);
  const [finding] = judgeHistory(history, laws).flatMap(({ findings }) => findings);
  return finding === undefined ? null : { script, history, broke, finding, overlap: measureOverlap(history) };
}

const TITLE_OF: Readonly<Record<SafetyLaw, string>> = {
  'service answers': 'the service does not answer',
  'one worker': 'devices work at once',
  'scope sums': 'a license has more sessions than it may',
};

function scriptOf(
  design: Design,
  grid: Grid,
  model: SessionModel,
  { broke, trace, allowed }: { readonly broke: SafetyLaw; readonly trace: Trace; readonly allowed: Duration },
): Script {
  const cast = castOf(design, grid, model);
  const followed = follow(model, trace, { grid, rule: serverRuleOf(design, grid.policy), cast });
  const instants = instantsOf(followed, grid, allowed);
  if (instants === null) throw new NoInstants(`no instants fit the order of the steps of ${model.name}`);
  const until = Math.max(...instants);
  const steps = [
    ...networkSteps(followed, instants, cast, until),
    ...restSteps(followed, instants, cast, grid.policy.stopTime),
    // A fault is there before what it befalls, also where both are of one instant.
    ...followed.happenings.flatMap(({ action }, index) =>
      action.type === 'fail'
        ? [stepAt(instants[index]!, { type: 'store-fails', fault: 'outage', lasts: milliseconds(1) })]
        : [],
    ),
    ...restartSteps(followed, instants, until),
    ...followed.happenings.flatMap((happening, index) => {
      const action = actionOf(happening, index, { followed, instants, cast, model, until });
      return action === null ? [] : [stepAt(instants[index]!, action)];
    }),
  ];
  return {
    title: `${model.name}: ${TITLE_OF[broke]}`,
    policy: { ...grid.policy, overlap: allowed },
    cast,
    surroundings: { latency: NO_TIME, storeLatency: NO_TIME, stopTime: grid.policy.stopTime, servers: 1, clocks: [] },
    steps: steps.toSorted((a, b) => a.at - b.at),
    until: until as Instant,
  };
}

function castOf(design: Design, grid: Grid, { scene: { deviceOf } }: SessionModel): readonly Actor[] {
  return deviceOf.map((number, process) => {
    const device = ['laptop', 'desktop', 'tablet'][number] ?? `device ${number + 1}`;
    const several = deviceOf.filter((each) => each === number).length > 1;
    const name = several ? `${device} ${process === 0 ? 'launcher' : 'bot'}` : device;
    return {
      name,
      device,
      fingerprint: fingerprint({ machine: device, user: 'user', platform: 'any' }),
      client: { ...design.client({ name, device }), ...grid.client },
    };
  });
}

/** When each step of the way happens: as early as may be, on the grid where nothing keeps it off. Null where there is no such time. */
function instantsOf(followed: Followed, grid: Grid, allowed: Duration): readonly number[] | null {
  const { happenings, distances } = followed;
  const { unit, policy } = grid;
  const begins = happenings.map(({ tick }) => tick * unit);
  let kept: readonly Distance[] = [...distances, ...restsInTime(followed, grid)];
  let instants = earliestInstants(begins, kept, unit);
  if (instants === null) return null;
  const joined = allowed > 0 ? workInOrder(followed) : [];
  for (const wish of [...joined, ...wishes(followed, grid)]) {
    const granted = earliestInstants(begins, [...kept, ...wish], unit);
    if (granted === null) continue;
    kept = [...kept, ...wish];
    instants = granted;
  }
  const sweep = happenings.findIndex(({ action }) => action.type === 'sweep');
  if (sweep < 0 || policy.cleanUp.type !== 'swept') return instants;
  // The server sweeps on the grid, and what must come before it does so.
  const late = instants[sweep]! - begins[sweep]!;
  const first = late === 0 ? 0 : policy.cleanUp.every;
  return instants.map((each) => each + first - late);
}

function restsInTime({ rests }: Followed, { policy }: Grid): readonly Distance[] {
  return rests.flatMap(({ toldAt, at }) =>
    at === null
      ? []
      : [
          { from: toldAt, to: at, least: 0 },
          { from: at, to: toldAt, least: 0 - policy.stopTime },
        ],
  );
}

/** An overlap that goes on from one device to another has no gap where the next one begins before the last one is at rest. */
function workInOrder({ workChanges }: Followed): readonly (readonly Distance[])[] {
  return workChanges.flatMap((to, index) => {
    const from = workChanges[index - 1];
    return from === undefined || from === to ? [] : [[{ from, to, least: 1 }]];
  });
}

/** What makes for a shorter Script, where it may be: messages that take no time, and work that takes as long to rest as it may. */
function wishes({ happenings, letters, rests }: Followed, { unit, policy }: Grid): readonly (readonly Distance[])[] {
  const ticks = (from: number, to: number): number => happenings[to]!.tick - happenings[from]!.tick;
  return [
    ...rests.flatMap(({ toldAt, at }) =>
      at !== null && ticks(toldAt, at) * unit === policy.stopTime ? [exactly(toldAt, at, policy.stopTime)] : [],
    ),
    ...letters.flatMap(({ sentBy, arrivals: [first] }) =>
      first !== undefined && ticks(sentBy, first) === 0 ? [exactly(sentBy, first, 0)] : [],
    ),
  ];
}

/** How long work takes to come to rest is settled when it is told to stop, if it is not as long as it may take. */
function restSteps(
  { rests }: Followed,
  instants: readonly number[],
  cast: readonly Actor[],
  most: Duration,
): readonly Step[] {
  const taking = new Map<number, Duration>();
  return rests.flatMap(({ process, toldAt, at }) => {
    const takes = at === null ? most : milliseconds(instants[at]! - instants[toldAt]!);
    if (takes === (taking.get(process) ?? most)) return [];
    taking.set(process, takes);
    return [stepAt(instants[toldAt]!, { type: 'stops-in', actor: cast[process]!.name, takes })];
  });
}

/** A network settles what becomes of a message when it is sent. */
function networkSteps(
  { letters, happenings }: Followed,
  instants: readonly number[],
  cast: readonly Actor[],
  until: number,
): readonly Step[] {
  const forEver = milliseconds(until + 1);
  const last = happenings.length - 1;
  return cast.flatMap(({ name }, process) =>
    (['request', 'answer'] as const).flatMap((way) => {
      const passages = letters
        .filter((letter) => letter.process === process && letter.content.way === way && !letter.isOpen)
        // What is sent last has come too late to matter.
        .filter(({ sentBy }) => sentBy < last)
        .map(({ sentBy, arrivals }) => ({
          sentAt: instants[sentBy]!,
          arrivals: arrivals.map((each) => instants[each]!),
        }));
      return spellsFor(passages, forEver).flatMap(({ at, lasts, faults }) =>
        faults.map((fault) =>
          stepAt(at, {
            type: 'network',
            actor: name,
            messages: way === 'request' ? 'requests' : 'answers',
            fault,
            lasts,
          }),
        ),
      );
    }),
  );
}

/** A server that goes down before it answers does so once it has done what was asked. */
function restartSteps({ happenings }: Followed, instants: readonly number[], until: number): readonly Step[] {
  return happenings.flatMap(({ action: { type } }, index) => {
    if (type !== 'server-down' && type !== 'interrupt') return [];
    const up = happenings.findIndex(({ action }, other) => other > index && action.type === 'server-up');
    const from = instants[index]! + (type === 'interrupt' ? 1 : 0);
    const to = up < 0 ? until + 1 : instants[up]!;
    return [stepAt(from, { type: 'crash-server', server: 1, lasts: milliseconds(to - from) })];
  });
}

interface Around {
  readonly followed: Followed;
  readonly instants: readonly number[];
  readonly cast: readonly Actor[];
  readonly model: SessionModel;
  readonly until: number;
}

/** What has to be done to the world for it besides; null where it happens by itself. */
function actionOf({ action }: Happening, index: number, around: Around): Action | null {
  const { followed, instants, cast, model, until } = around;
  if (!('process' in action)) return null;
  const { name: actor, device } = cast[action.process]!;
  switch (action.type) {
    case 'start':
      return {
        type: 'user-starts',
        actor,
        scope: model.scene.rules.scopes[action.symbol]!,
        takeOver: action.takeOver,
      };
    case 'stop':
      return { type: 'user-stops', actor };
    case 'crash':
      return { type: 'crash', actor };
    case 'sleep': {
      const woken = followed.happenings.findIndex(
        (each, other) =>
          other > index &&
          each.action.type === 'wake' &&
          model.scene.deviceOf[each.action.process] === model.scene.deviceOf[action.process],
      );
      const to = woken < 0 ? until + 1 : instants[woken]!;
      return { type: 'sleep', device, lasts: milliseconds(to - instants[index]!) };
    }
    default:
      return null;
  }
}

const stepAt = (at: number, action: Action): Step => ({
  at: at as Instant,
  actions: [action],
  expectations: [],
  place: null,
});
