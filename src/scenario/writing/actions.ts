/** What happens in a step, in the words of scenarios. */
import type { Scope } from '../../core/seat.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Actor, ClockName, NetworkFault } from '../../history/history.ts';
import type { Action } from '../../world/script.ts';
import { DEFAULT_LICENSE } from '../words/on.ts';
import type { Names } from './cast.ts';
import { call, type Doc } from './layout.ts';
import { duration, fields, literal, quoted, shift } from './source.ts';

export interface Stage {
  readonly cast: readonly Actor[];
  readonly names: Names;
  /** What the source uses of the package. */
  readonly words: Set<string>;
}

export function actionSource(action: Action, stage: Stage): Doc {
  switch (action.type) {
    case 'start':
      return does(
        stage,
        action.actor,
        STARTS[action.how],
        fields({ ...on(action.scope), answer: fate(action.answer) }),
      );
    case 'heartbeat':
    case 'end': {
      const of = action.of === 'latest' ? null : literal(action.of);
      const verb = action.type === 'end' ? 'ends' : 'heartbeats';
      return does(stage, action.actor, verb, fields({ ...on(action.scope), of, answer: fate(action.answer) }));
    }
    case 'status':
      return does(stage, action.actor, 'asksStatus', fields(on(action.scope)));
    case 'crash':
      return does(stage, action.actor, 'crashes', null);
    case 'user-starts':
      return does(stage, action.actor, action.takeOver ? 'takesOver' : 'starts', fields(on(action.scope)));
    case 'user-stops':
      return does(stage, action.actor, 'stops', null);
    case 'stops-in':
      return does(stage, action.actor, 'stopsIn', duration(action.takes));
    case 'hang':
      return does(stage, action.actor, 'hangs', duration(action.lasts));
    case 'sleep':
      return does(stage, actorOn(action.device, stage), 'sleeps', duration(action.lasts));
    case 'network':
      return networkSource(action, stage);
    case 'set-clock':
      return word(stage, 'clock', 'jumps', [clockSource(action.clock, stage), shift(action.by)]);
    default:
      return machineSource(action, stage);
  }
}

const STARTS = { new: 'starts', retry: 'retriesStart', 'take-over': 'takesOver' } as const;

type OfMachines = Extract<
  Action,
  {
    readonly type:
      | 'sweep'
      | 'restart-server'
      | 'store-fault'
      | 'empty-store'
      | 'crash-server'
      | 'store-fails'
      | 'store-slows'
      | 'store-lags';
  }
>;

function machineSource(action: OfMachines, stage: Stage): Doc {
  switch (action.type) {
    case 'sweep':
      return word(stage, 'server', 'sweeps', []);
    case 'restart-server':
      return word(stage, 'server', 'restarts', []);
    case 'crash-server': {
      const server = action.server === 1 ? null : String(action.server);
      return word(stage, 'server', 'crashes', [fields({ for: duration(action.lasts), server }) ?? '{}']);
    }
    case 'store-fault':
      return word(stage, 'store', action.fault === null ? 'recovers' : STORE_FAULTS[action.fault], []);
    case 'empty-store':
      return word(stage, 'store', 'remakesTable', []);
    case 'store-fails':
      return word(stage, 'store', 'fails', [quoted(action.fault), fields({ for: duration(action.lasts) }) ?? '{}']);
    case 'store-slows':
      return word(stage, 'store', 'slows', [duration(action.by), fields({ for: duration(action.lasts) }) ?? '{}']);
    case 'store-lags':
      return word(stage, 'store', 'lags', [duration(action.by), fields({ for: duration(action.lasts) }) ?? '{}']);
    default:
      return unreachable(action);
  }
}

const STORE_FAULTS = { 'table-missing': 'losesTable', 'writes-refused': 'refusesWrites' } as const;

function networkSource(action: Extract<Action, { type: 'network' }>, stage: Stage): Doc {
  const how = fields({
    messages: action.messages === 'both' ? null : literal(action.messages),
    for: action.lasts === null ? null : duration(action.lasts),
  });
  const args = [variable(action.actor, stage), ...amount(action.fault), ...(how === null ? [] : [how])];
  return word(stage, 'network', NETWORK_FAULTS[action.fault.type], args);
}

const NETWORK_FAULTS = { cut: 'cuts', slow: 'slows', repeated: 'repeats' } as const;

function amount(fault: NetworkFault): readonly Doc[] {
  if (fault.type === 'cut') return [];
  return [duration(fault.type === 'slow' ? fault.by : fault.after)];
}

function clockSource(clock: ClockName, stage: Stage): Doc {
  if (!clock.startsWith('device ')) return quoted(clock);
  return variable(actorOn(clock.slice('device '.length), stage), stage);
}

/** The actor that represents a machine: its first client, or its first actor. */
function actorOn(device: string, { cast }: Stage): string {
  const there = cast.filter((actor) => actor.device === device);
  const actor = there.find(({ client }) => client !== null) ?? there[0];
  if (actor === undefined) throw new Error(`no actor of the cast is on '${device}', so no scenario can name it`);
  return actor.name;
}

function does(stage: Stage, actor: string, verb: string, argument: Doc | null): Doc {
  return call(`${variable(actor, stage)}.${verb}`, argument === null ? [] : [argument], argument !== null);
}

function word(stage: Stage, name: string, verb: string, args: readonly Doc[]): Doc {
  stage.words.add(name);
  return call(`${name}.${verb}`, args, true);
}

export function variable(actor: string, { names }: Stage): string {
  const known = names.get(actor);
  if (known === undefined) throw new Error(`'${actor}' is not in the cast of the script`);
  return known;
}

function on({ license, symbol }: Scope): Readonly<Record<string, Doc | null>> {
  return {
    license: license === DEFAULT_LICENSE ? null : quoted(license),
    symbol: symbol === '' ? null : quoted(symbol),
  };
}

function fate(answer: 'arrives' | 'lost'): Doc | null {
  return answer === 'arrives' ? null : literal(answer);
}
