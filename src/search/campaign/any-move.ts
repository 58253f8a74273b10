/** fast-check generators of what can happen to a system: what its users do, and each kind of fault. */
import fc from 'fast-check';
import type { Scope } from '../../core/seat.ts';
import type { Duration } from '../../core/time.ts';
import type { ClockName } from '../../history/history.ts';
import type { Action, WorldAction } from '../../world/script.ts';
import { anyLength, anyMoment } from './any-time.ts';
import type { FaultName } from './fault-kinds.ts';
import type { Setting } from './setting.ts';

/** An action of a user, or, as often, one of the enabled faults. Restless users act eight times as often. */
export function anyMove(setting: Setting): fc.Arbitrary<Action> {
  const faults = [...setting.faults].map((name) => FAULTS[name](setting)).filter((fault) => fault !== null);
  const users = anyUserMove(setting);
  if (faults.length === 0) return users;
  return fc.oneof(
    { weight: setting.restless ? 8 : 1, arbitrary: users },
    { weight: 1, arbitrary: fc.oneof(...faults) },
  );
}

/** The seats there are to start on. A seat for each symbol makes two of them worth having. */
export function scopesOf({ policy }: Setting): readonly Scope[] {
  const license = 'L1';
  if (policy.scope === 'license') return [{ license, symbol: '' }];
  return [
    { license, symbol: 'EURUSD' },
    { license, symbol: 'GBPUSD' },
  ];
}

function anyUserMove(setting: Setting): fc.Arbitrary<Action> {
  const actor = anyActor(setting);
  const scope = fc.constantFrom(...scopesOf(setting));
  const request = {
    status: fc.tuple(actor, scope).map(([who, on]): Action => ({ type: 'status', actor: who, scope: on })),
    sweep: fc.constant<Action>({ type: 'sweep' }),
  };
  const requests = setting.asks.map((name) => request[name]);
  const asked = requests.length === 0 ? [] : [{ weight: 1, arbitrary: fc.oneof(...requests) }];
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(actor, scope, fc.boolean())
        .map(([who, on, takeOver]): Action => ({ type: 'user-starts', actor: who, scope: on, takeOver })),
    },
    { weight: setting.restless ? 8 : 3, arbitrary: actor.map((who): Action => ({ type: 'user-stops', actor: who })) },
    ...asked,
  );
}

/** Null where a setting has nothing that this fault could befall. */
type FaultOf = (setting: Setting) => fc.Arbitrary<Action> | null;

const FAULTS: Readonly<Record<FaultName, FaultOf>> = {
  loss: (setting) => onNetwork(setting, fc.constant({ type: 'cut' }), anyMoment(setting)),
  cut: (setting) => onNetwork(setting, fc.constant({ type: 'cut' }), anyLength(setting)),
  delay: (setting) =>
    onNetwork(
      setting,
      anyLength(setting).map((by) => ({ type: 'slow', by })),
      anyLength(setting),
    ),
  repeat: (setting) =>
    onNetwork(
      setting,
      fc.oneof(anyMoment(setting), anyLength(setting)).map((after) => ({ type: 'repeated', after })),
      anyLength(setting),
    ),
  crash: (setting) => anyActor(setting).map((actor) => ({ type: 'crash', actor })),
  hang: (setting) =>
    fc.tuple(anyActor(setting), anyLength(setting)).map(([actor, lasts]) => ({ type: 'hang', actor, lasts })),
  sleep: (setting) =>
    fc.tuple(anyDevice(setting), anyLength(setting)).map(([device, lasts]) => ({ type: 'sleep', device, lasts })),
  'server-crash': (setting) =>
    fc
      .tuple(anyServer(setting), fc.oneof(anyMoment(setting), anyLength(setting)))
      .map(([server, lasts]) => ({ type: 'crash-server', server, lasts })),
  'store-outage': (setting) =>
    fc
      .tuple(
        setting.onDatabase
          ? fc.constant('outage' as const)
          : fc.constantFrom('outage' as const, 'outage' as const, 'writes-refused' as const, 'table-missing' as const),
        anyLength(setting),
      )
      .map(([fault, lasts]) => ({ type: 'store-fails', fault, lasts })),
  'store-slow': (setting) =>
    fc
      .tuple(fc.oneof(anyMoment(setting), anyLength(setting)), anyLength(setting))
      .map(([by, lasts]) => ({ type: 'store-slows', by, lasts })),
  'store-unknown': (setting) =>
    fc
      .oneof(anyMoment(setting), anyLength(setting))
      .map((lasts) => ({ type: 'store-fails', fault: 'outcome-unknown', lasts })),
  'store-lag': (setting) =>
    setting.onDatabase
      ? null
      : fc.tuple(anyLength(setting), anyLength(setting)).map(([by, lasts]) => ({ type: 'store-lags', by, lasts })),
  // These two are drawn with the clocks, because they last from the beginning.
  offset: () => null,
  drift: () => null,
  'clock-jump': (setting) => {
    const { surroundings } = setting;
    const devices = devicesOf(setting).map((device) => `device ${device}` as const);
    const servers = Array.from({ length: surroundings.servers }, (_, n) => `server ${n + 1}` as const);
    return anyJump(setting, [...devices, ...servers]);
  },
  'store-clock-jump': (setting) => (setting.onDatabase ? null : anyJump(setting, ['store'])),
};

function onNetwork(
  setting: Setting,
  fault: fc.Arbitrary<Extract<WorldAction, { type: 'network' }>['fault']>,
  lasts: fc.Arbitrary<Duration>,
): fc.Arbitrary<Action> {
  const messages = fc.constantFrom('both' as const, 'requests' as const, 'answers' as const);
  return fc
    .tuple(anyActor(setting), messages, fault, lasts)
    .map(([actor, which, what, long]) => ({ type: 'network', actor, messages: which, fault: what, lasts: long }));
}

function anyJump(setting: Setting, clocks: readonly ClockName[]): fc.Arbitrary<Action> {
  return fc
    .tuple(fc.constantFrom(...clocks), fc.oneof(anyLength(setting), fc.constant(3_600_000)), fc.constantFrom(1, -1))
    .map(([clock, size, sign]) => ({ type: 'set-clock', clock, by: size * sign }));
}

function anyActor({ cast }: Setting): fc.Arbitrary<string> {
  return fc.constantFrom(...cast.map(({ name }) => name));
}

function anyDevice(setting: Setting): fc.Arbitrary<string> {
  return fc.constantFrom(...devicesOf(setting));
}

function devicesOf({ cast }: Setting): readonly string[] {
  return [...new Set(cast.map(({ device }) => device))];
}

function anyServer({ surroundings }: Setting): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: surroundings.servers });
}
