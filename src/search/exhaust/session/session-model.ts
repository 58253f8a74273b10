/** The session model: the server's rule and the client's in discrete time, with messages, faults and users around them. */
import type { Scope } from '../../../core/seat.ts';
import { formatDuration, type Duration } from '../../../core/time.ts';
import { always, maximum, sometimes, type Law } from '../laws.ts';
import type { Model } from '../model.ts';
import { describe, sessionActions, type SessionAction } from './actions.ts';
import { devicesAlike } from './alike.ts';
import { Forgetting } from './forgetting.ts';
import type { Grid } from './grid.ts';
import { Happening } from './happening.ts';
import { Lasting, mostUnits, COUNTED, type Count } from './lasting.ts';
import { layoutOf, write16, type Layout } from './layout.ts';
import { Moment } from './moment.ts';
import { Rules } from './rules.ts';
import { Scene, type FaultKind } from './scene.ts';
import { scopesOf } from './scopes.ts';
import type { ServerRule } from './server-rule.ts';

export interface SessionWorld {
  readonly name: string;
  readonly grid: Grid;
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
export const CODE_OF = { 'one worker': 'P2', 'scope sums': 'P21' } as const;
export type SafetyLaw = keyof typeof CODE_OF;

export interface SessionModel extends Model {
  readonly rules: Rules;
  readonly layout: Layout;
  /** The device of each process. */
  readonly deviceOf: readonly number[];
  /** What the seats of the license are for. */
  readonly scopes: readonly Scope[];
  readonly table: readonly SessionAction[];
}

export function sessionModel(world: SessionWorld): SessionModel {
  const { grid, devices, launcher, symbols, kinds, allowed } = world;
  const { unit, policy } = grid;
  const deviceOf = [...(launcher ? [0] : []), ...Array.from({ length: devices }, (_, device) => device)];
  const scopes = scopesOf(symbols);
  const rules = new Rules(grid, world.rule, scopes);
  const layout = layoutOf(deviceOf.length, symbols);
  const scene = new Scene({
    rules,
    layout,
    devices,
    deviceOf,
    symbols,
    kinds,
    restUnits: policy.stopTime / unit,
    sweepUnits: policy.cleanUp.type === 'swept' ? policy.cleanUp.every / unit : 0,
  });
  const counts: readonly Count[] =
    allowed === null || world.counts.includes('overlap') ? world.counts : ['overlap', ...world.counts];
  const lasting = new Lasting(scene, counts, mostUnits(grid));
  const moment = new Moment(scene);
  const happening = new Happening(scene, {
    forgetting: new Forgetting(scene),
    lasting,
    moment,
    clockRunsAsleep: grid.client.clock === 'wall',
  });
  const table = sessionActions(deviceOf.length);
  const keeps = (law: SafetyLaw, holds: (state: Uint8Array) => boolean): Law => always(law, holds);
  const safety = (longest: Duration): readonly Law[] => [
    keeps('one worker', (state) => lasting.units(state, 'overlap') * unit <= longest),
    ...(symbols === 1
      ? []
      : [keeps('scope sums', (state) => rules.seats.live(scene.seat(state)) <= policy.licenseLimit)]),
  ];
  const laws: Law[] = [
    ...(allowed === null ? [] : safety(allowed)),
    sometimes('somebody works', (state) => lasting.isAtWork(state)),
    ...world.counts.map((what) => maximum(COUNTED[what], (state) => lasting.units(state, what))),
  ];
  const size = `${devices} devices${symbols === 1 ? '' : `, ${symbols} symbols`}, ${world.faults} faults`;
  return {
    name: `${world.name}, ${size}, in units of ${formatDuration(unit)}`,
    bytes: layout.bytes,
    initial() {
      const state = new Uint8Array(layout.bytes);
      write16(state, layout.seat, rules.seats.fresh);
      for (const process of deviceOf.keys()) write16(state, layout.agent(process), rules.freshAgent);
      state[layout.faults] = world.faults;
      return [state];
    },
    actions: table.length,
    choices: (state, into) => moment.choices(state, into),
    forced: (state) => moment.forced(state),
    step: (state, action) => happening.step(state, table[action]!),
    describe: (action, before) => describe(table[action]!, before, { rules, layout, unit, deviceOf, scopes }),
    laws,
    dictionary: rules.numbering,
    ...(launcher || devices === 1 ? {} : { symmetry: devicesAlike(scene) }),
    rules,
    layout,
    deviceOf,
    scopes,
    table,
  };
}
