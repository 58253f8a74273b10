/** The session model: the server's rule and the client's in discrete time, with messages, faults and users around them. */
import { formatDuration, type Duration } from '../../../core/time.ts';
import { always, maximum, sometimes, type Law } from '../laws.ts';
import type { Model } from '../model.ts';
import { mayOf, type FaultKind } from './faults.ts';
import type { Grid } from './grid.ts';
import { Rules } from './numbers/rules.ts';
import { scopesOf } from './scopes.ts';
import type { ServerRule } from './server-rule.ts';
import { describe, sessionActions, type SessionAction } from './states/actions.ts';
import { devicesAlike } from './states/alike.ts';
import { Forgetting } from './states/forgetting.ts';
import { Happening } from './states/happening.ts';
import { Lasting, mostUnits, COUNTED, type Count } from './states/lasting.ts';
import { layoutOf, writePart } from './states/layout.ts';
import { Moment } from './states/moment.ts';
import { PartRules } from './states/part-rules.ts';
import { Parts } from './states/parts.ts';
import { Scene } from './states/scene.ts';

export interface SessionWorld {
  readonly name: string;
  readonly grid: Grid;
  /** Whether the rule is a service that may fail to answer, and so is judged by whether it does. */
  readonly isService: boolean;
  readonly rule: ServerRule;
  /** From 1 to 3 devices. Of the first, a launcher and a bot run where `launcher` is true; of the others one process. */
  readonly devices: number;
  readonly launcher: boolean;
  /** From 1 to 2, with a seat of the license for each. */
  readonly symbols: number;
  /** How many faults there are at most, of which kinds. */
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  /** How long devices may work at once; null where that is not judged. */
  readonly allowed: Duration | null;
  /** What is counted over time. Where overlap is judged it is counted. */
  readonly counts: readonly Count[];
}

/** What a model judges, by the names of its laws; and the laws that Histories are judged by, which say the same. */
export const CODE_OF = { 'service answers': 'P0', 'one worker': 'P2', 'scope sums': 'P21' } as const;
export type SafetyLaw = keyof typeof CODE_OF;

export interface SessionModel extends Model {
  /** To read its states with. */
  readonly scene: Scene;
  readonly table: readonly SessionAction[];
}

export function sessionModel(world: SessionWorld): SessionModel {
  const { grid, devices, launcher, symbols, kinds, allowed } = world;
  const { unit, policy } = grid;
  const deviceOf = [...(launcher ? [0] : []), ...Array.from({ length: devices }, (_, device) => device)];
  const rules = new Rules(grid, world.rule, scopesOf(symbols));
  const restUnits = policy.stopTime / unit;
  const partRules = new PartRules(rules, { restUnits, clockRunsAsleep: grid.client.clock === 'wall' });
  const parts = new Parts(rules, partRules, mayOf(kinds));
  const layout = layoutOf(devices, symbols);
  const scene = new Scene({
    rules,
    parts,
    layout,
    devices,
    deviceOf,
    symbols,
    kinds,
    restUnits,
    sweepUnits: policy.cleanUp.type === 'swept' ? policy.cleanUp.every / unit : 0,
  });
  const counts: readonly Count[] =
    allowed === null || world.counts.includes('overlap') ? world.counts : ['overlap', ...world.counts];
  const lasting = new Lasting(scene, counts, mostUnits(grid));
  const moment = new Moment(scene, lasting);
  const happening = new Happening(scene, { forgetting: new Forgetting(scene), lasting, moment });
  const table = sessionActions(deviceOf.length);
  const keeps = (law: SafetyLaw, holds: (state: Uint8Array) => boolean): Law => always(law, holds);
  const safety = (longest: Duration): readonly Law[] => [
    keeps('one worker', (state) => lasting.units(state, 'overlap') * unit <= longest),
    ...(symbols === 1
      ? []
      : [keeps('scope sums', (state) => rules.seats.live(scene.seat(state)) <= policy.licenseLimit)]),
  ];
  const laws: Law[] = [
    ...(allowed === null || !world.isService
      ? []
      : [keeps('service answers', (state) => state[layout.unanswered] === 0)]),
    ...(allowed === null ? [] : safety(allowed)),
    sometimes('somebody works', (state) => lasting.isAtWork(state)),
    ...world.counts.map((what) => maximum(COUNTED[what], (state) => lasting.units(state, what))),
  ];
  // Laws look at states that are kept only.
  const isToBeSeen = (state: Uint8Array): boolean =>
    lasting.isCounting(state) || (symbols > 1 && rules.seats.live(scene.seat(state)) > policy.licenseLimit);
  const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  const size = [
    counted(devices, 'device'),
    ...(symbols === 1 ? [] : [counted(symbols, 'symbol')]),
    counted(world.faults, 'fault'),
  ].join(', ');
  return {
    name: `${world.name}, ${size}, in units of ${formatDuration(unit)}`,
    bytes: layout.bytes,
    initial() {
      const state = new Uint8Array(layout.bytes);
      writePart(state, layout.seat, rules.seats.fresh);
      for (let device = 0; device < devices; device++) {
        writePart(state, layout.part(device), parts.fresh(deviceOf.filter((each) => each === device).length));
      }
      state[layout.faults] = world.faults;
      return [state];
    },
    actions: table.length,
    choices: (state, into) => moment.choices(state, into),
    forced: (state) => (isToBeSeen(state) ? -1 : moment.forced(state)),
    step: (state, action) => happening.step(state, action),
    describe: (action, before) => describe(table[action]!, before, { scene, unit }),
    laws,
    dictionary: rules.numbering,
    ...(launcher || devices === 1 ? {} : { symmetry: devicesAlike(scene) }),
    scene,
    table,
  };
}
