/** Scripts that are like another one but simpler in one place: the candidates of minimising. */
import type { Duration, Instant } from '../../core/time.ts';
import { STILL, type Action, type Script, type Step, type Surroundings } from '../../world/script.ts';
import { figuresIn } from './roughness.ts';

/** Fewer steps: without each stretch of this length, the steps after it as they were or, after that, moved up to fill the gap. */
export function* withoutSteps(script: Script, length: number): Iterable<Script> {
  for (let from = script.steps.length - length; from >= 0; from -= 1) {
    yield without(script, from, length, 0);
    const gap = (script.steps[from + length]?.at ?? 0) - (script.steps[from]?.at ?? 0);
    if (gap > 0) yield without(script, from, length, gap);
  }
}

function without(script: Script, from: number, length: number, gap: number): Script {
  const later = script.steps.slice(from + length).map((step) => moved(step, -gap));
  return endingAt({ ...script, steps: [...script.steps.slice(0, from), ...later] }, script.until - gap);
}

/** Shorter: without what comes after this instant. */
export function endingAt(script: Script, until: number): Script {
  const steps = script.steps.filter(({ at }) => at <= until);
  return { ...script, steps, until: until as Instant };
}

/** Fewer actors: without those that no step names, or with what one does done by another. */
export function* withFewerActors(script: Script): Iterable<Script> {
  const named = new Set(script.steps.flatMap(({ actions }) => actions.flatMap(namesIn)));
  const needed = script.cast.filter(({ name, device }) => named.has(name) || named.has(device));
  yield { ...script, cast: needed, surroundings: withoutStrangers(script.surroundings, needed) };
  for (const leaving of script.cast) {
    for (const staying of script.cast) {
      if (staying === leaving) continue;
      const cast = script.cast.filter((actor) => actor !== leaving);
      const steps = script.steps.map((step) => ({
        ...step,
        actions: step.actions.map((action) => renamed(action, leaving, staying)),
      }));
      yield { ...script, cast, steps, surroundings: withoutStrangers(script.surroundings, cast) };
    }
  }
}

function namesIn(action: Action): readonly string[] {
  if ('actor' in action) return [action.actor];
  if ('device' in action) return [action.device];
  return action.type === 'set-clock' ? [action.clock.replace(/^device /, '')] : [];
}

function renamed(action: Action, from: Script['cast'][number], to: Script['cast'][number]): Action {
  if ('actor' in action && action.actor === from.name) return { ...action, actor: to.name };
  if ('device' in action && action.device === from.device) return { ...action, device: to.device };
  return action;
}

function withoutStrangers(surroundings: Surroundings, cast: Script['cast']): Surroundings {
  const devices = new Set(cast.map(({ device }) => `device ${device}`));
  return {
    ...surroundings,
    clocks: surroundings.clocks.filter(({ clock }) => !clock.startsWith('device ') || devices.has(clock)),
  };
}

/** Stiller surroundings: all at once, then one by one. */
export function* withStillerSurroundings(script: Script): Iterable<Script> {
  const { surroundings } = script;
  const like = (changes: Partial<Surroundings>): Script => ({
    ...script,
    surroundings: { ...surroundings, ...changes },
  });
  yield withServers(like(STILL), 1);
  yield like({ clocks: [] });
  for (let servers = 1; servers < surroundings.servers; servers += 1) yield withServers(script, servers);
  for (const name of ['latency', 'storeLatency', 'stopTime'] as const) {
    for (const length of [0, 10, 50, 100, 500, 1_000]) if (length < surroundings[name]) yield like({ [name]: length });
  }
  for (const clock of surroundings.clocks) {
    const others = surroundings.clocks.filter((other) => other !== clock);
    yield like({ clocks: others });
    if (clock.offset !== 0 && clock.drift !== 0) {
      yield like({ clocks: [...others, { ...clock, offset: 0 }] });
      yield like({ clocks: [...others, { ...clock, drift: 0 }] });
    }
  }
}

/** With so many servers, and without what happens to others. */
function withServers(script: Script, servers: number): Script {
  const { surroundings, steps } = script;
  const isThere = (clock: string): boolean => !clock.startsWith('server ') || Number(clock.slice(7)) <= servers;
  const canHappen = (action: Action): boolean =>
    action.type === 'crash-server' ? action.server <= servers : action.type !== 'set-clock' || isThere(action.clock);
  return {
    ...script,
    surroundings: { ...surroundings, servers, clocks: surroundings.clocks.filter(({ clock }) => isThere(clock)) },
    steps: steps.filter(({ actions }) => actions.every(canHappen)),
  };
}

/** Rounder times: each step earlier or on a rounder instant, alone or with all that follow; each length another one. */
export function* withRounderTimes(script: Script): Iterable<Script> {
  const { policy, cast, steps, until } = script;
  const figures = [
    ...new Set([
      0,
      ...figuresIn(
        policy,
        cast.map(({ client }) => client),
      ),
    ]),
  ].sort((a, b) => a - b);
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]?.at ?? 0;
    const wait = step.at - before;
    for (const other of new Set([...figures, ...rounder(wait)])) {
      if (other === wait) continue;
      const later = steps.slice(index).map((each) => moved(each, other - wait));
      yield { ...script, steps: [...steps.slice(0, index), ...later], until: (until + other - wait) as Instant };
      const next = steps[index + 1]?.at ?? until;
      if (before + other <= next) yield replaced(script, index, moved(step, other - wait));
    }
    for (const at of rounder(step.at)) {
      if (at !== step.at && at >= before && at <= (steps[index + 1]?.at ?? until)) {
        yield replaced(script, index, moved(step, at - step.at));
      }
    }
    for (const [position, action] of step.actions.entries()) {
      for (const other of withOtherLengths(action, figures)) {
        yield replaced(script, index, { ...step, actions: step.actions.with(position, other) });
      }
    }
  }
}

/** What a length may be rounded to: down and up, coarse first. */
function rounder(length: number): readonly number[] {
  return [60_000, 20_000, 10_000, 5_000, 1_000, 100].flatMap((unit) => {
    const down = length - (length % unit);
    return [down, down + unit];
  });
}

function* withOtherLengths(action: Action, figures: readonly number[]): Iterable<Action> {
  const lengths = (length: number): readonly number[] =>
    [...new Set([...figures, ...rounder(length)])].filter((other) => other > 0 && other !== length);
  if ('takeOver' in action && action.takeOver) yield { ...action, takeOver: false };
  if (action.type === 'network') {
    if (action.messages !== 'both') yield { ...action, messages: 'both' };
    const { fault } = action;
    if (fault.type === 'slow') {
      for (const by of lengths(fault.by)) yield { ...action, fault: { type: 'slow', by: by as Duration } };
    }
    if (fault.type === 'repeated') {
      for (const after of lengths(fault.after)) {
        yield { ...action, fault: { type: 'repeated', after: after as Duration } };
      }
    }
  }
  if (action.type === 'set-clock') {
    const sign = Math.sign(action.by);
    for (const by of lengths(Math.abs(action.by))) yield { ...action, by: by * sign };
  }
  if ((action.type === 'store-slows' || action.type === 'store-lags') && action.by > 0) {
    for (const by of lengths(action.by)) yield { ...action, by: by as Duration };
  }
  if ('lasts' in action && action.lasts !== null) {
    for (const lasts of lengths(action.lasts)) yield { ...action, lasts: lasts as Duration };
  }
}

function replaced(script: Script, index: number, step: Step): Script {
  return { ...script, steps: script.steps.with(index, step) };
}

function moved(step: Step, by: number): Step {
  return { ...step, at: (step.at + by) as Instant };
}
