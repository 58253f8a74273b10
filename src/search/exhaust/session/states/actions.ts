/** What can happen in the session model, one number each, and how it reads. */
import { formatDuration, type Duration } from '../../../../core/time.ts';
import { lostTo } from './lost.ts';
import { MOST_MESSAGES } from './part.ts';
import type { Scene } from './scene.ts';

/** Of one process, or of one of its messages. Those that cost a fault come last. */
const OF_PROCESS = ['time', 'at-rest', 'wake', 'heal', 'stop', 'crash', 'sleep', 'cut'] as const;
const OF_MESSAGE = ['deliver', 'lose', 'duplicate', 'fail', 'interrupt', 'delay'] as const;

export type KindOfProcess = (typeof OF_PROCESS)[number];
export type KindOfMessage = (typeof OF_MESSAGE)[number];

/** What one process does, what befalls it, or what becomes of one of its messages. */
export type OwnAction =
  | { readonly type: 'start'; readonly symbol: number; readonly takeOver: boolean }
  | { readonly type: KindOfProcess }
  | { readonly type: KindOfMessage; readonly slot: number };

export type SessionAction =
  { readonly type: 'tick' | 'sweep' | 'server-up' | 'server-down' } | (OwnAction & { readonly process: number });

/** Those of one process, each at its number: the starts come first. */
export const OWN: readonly OwnAction[] = [
  ...[0, 1].flatMap((symbol) => [false, true].map((takeOver): OwnAction => ({ type: 'start', symbol, takeOver }))),
  ...OF_PROCESS.map((type): OwnAction => ({ type })),
  ...Array.from({ length: MOST_MESSAGES }, (_, slot) => OF_MESSAGE.map((type): OwnAction => ({ type, slot }))).flat(),
];

/** Of each, the slot of its message; -1 where it is of none. */
export const SLOT_OF: readonly number[] = OWN.map((own) => ('slot' in own ? own.slot : -1));

/** How many of them are starts. */
export const STARTS = 4;

/** The actions that are of no process. */
export const KIND = { tick: 0, sweep: 1, 'server-up': 2, 'server-down': 3 } as const;
const FIRST = 4;

/** Every action, each at its number. */
export function sessionActions(processes: number): readonly SessionAction[] {
  return [
    ...(['tick', 'sweep', 'server-up', 'server-down'] as const).map((type) => ({ type })),
    ...Array.from({ length: processes }, (_, process) => OWN.map((own): SessionAction => ({ ...own, process }))).flat(),
  ];
}

/** The first action of a process; the others come next in the order of `OWN`. */
export const firstOf = (process: number): number => FIRST + process * OWN.length;

/** Whose action it is; below zero where it is nobody's. */
export const processOf = (action: number): number => Math.floor((action - FIRST) / OWN.length);

export const ownOf = (action: number): number => (action - FIRST) % OWN.length;

/** A start that takes nobody's place. */
export const numberOfStart = (symbol: number): number => 2 * symbol;

export function numberOfKind(kind: KindOfProcess): number {
  return STARTS + OF_PROCESS.indexOf(kind);
}

export function numberOn(slot: number, kind: KindOfMessage): number {
  return STARTS + OF_PROCESS.length + slot * OF_MESSAGE.length + OF_MESSAGE.indexOf(kind);
}

/** The same action of another process. */
export function actionMoved(action: number, move: (process: number) => number): number {
  return action < FIRST ? action : firstOf(move(processOf(action))) + ownOf(action);
}

/** The action in words, in the state in which it happens. */
export function describe(
  action: SessionAction,
  before: Uint8Array,
  { scene, unit }: { readonly scene: Scene; readonly unit: Duration },
): string {
  // Of a symbol nothing is said where there is but one.
  const on = (symbol: number): string => (scene.symbols === 1 ? '' : ` on ${scene.rules.scopes[symbol]!.symbol}`);
  switch (action.type) {
    case 'tick':
      return `${formatDuration(unit)} pass`;
    case 'sweep':
      return scene.isDown(before) ? 'the server, being down, does not sweep' : 'the server sweeps';
    case 'server-down':
      return 'the server goes down';
    case 'server-up':
      return 'the server is up again';
    default:
  }
  const who = nameOf(action.process, scene.deviceOf);
  if (action.type === 'start') {
    return `${who} is started${on(action.symbol)}${action.takeOver ? ', and agrees to take over' : ''}`;
  }
  if (!('slot' in action)) {
    const said = {
      stop: 'is stopped by its user',
      time: 'does what is due',
      'at-rest': 'has come to rest',
      crash: 'crashes',
      sleep: 'falls asleep',
      wake: 'wakes up',
      cut: 'is cut off from the server',
      heal: 'reaches the server again',
    }[action.type];
    return `${who} ${said}`;
  }
  const message = scene.rules.mail.message(scene.processIn(before, action.process).mail[action.slot]!);
  const { way, body, symbol } = message;
  const what =
    way === 'request' ? `${body.type} of ${who}${on(symbol)}` : `answer '${body.type}' to ${who}${on(symbol)}`;
  const lost = lostTo(before, action.process, message, scene);
  const arrives = {
    cut: 'is lost, for it is cut off',
    down: 'is lost, for the server is down',
    none: 'arrives',
  }[lost ?? 'none'];
  const said = {
    deliver: arrives,
    lose: 'is lost',
    duplicate: 'is doubled',
    fail: 'fails in the store',
    interrupt: 'arrives, and the server goes down before it answers',
    delay: 'is late',
  }[action.type];
  return `the ${what} ${said}`;
}

function nameOf(process: number, deviceOf: readonly number[]): string {
  const device = `device ${deviceOf[process]! + 1}`;
  if (deviceOf.filter((each) => each === deviceOf[process]).length === 1) return device;
  return `${process === 0 ? 'the launcher' : 'the bot'} of ${device}`;
}
