/** What can happen in the session model, one number each, and how it reads. */
import { formatDuration, type Duration } from '../../../core/time.ts';
import { MOST_MESSAGES, read16, type Layout } from './layout.ts';
import type { Rules } from './rules.ts';

/** What one action is. */
export type SessionAction =
  | { readonly type: 'tick' }
  | { readonly type: 'sweep' }
  | { readonly type: KindOfProcess; readonly process: number }
  | { readonly type: KindOfMessage; readonly process: number; readonly slot: number };

/** Those that cost a fault come last. */
const OF_PROCESS = ['start', 'take-over', 'time', 'at-rest', 'wake', 'heal', 'stop', 'crash', 'sleep', 'cut'] as const;
const OF_MESSAGE = ['deliver', 'lose', 'duplicate', 'fail', 'delay'] as const;

export type KindOfProcess = (typeof OF_PROCESS)[number];
export type KindOfMessage = (typeof OF_MESSAGE)[number];

/** The actions that are of no process. */
export const KIND = { tick: 0, sweep: 1 } as const;
const FIRST = 2;
const PER_PROCESS = OF_PROCESS.length + OF_MESSAGE.length * MOST_MESSAGES;

/** Every action, each at its number. */
export function sessionActions(processes: number): readonly SessionAction[] {
  return [
    { type: 'tick' },
    { type: 'sweep' },
    ...Array.from({ length: processes }, (_, process) => [
      ...OF_PROCESS.map((type): SessionAction => ({ type, process })),
      ...Array.from({ length: MOST_MESSAGES }, (__, slot) =>
        OF_MESSAGE.map((type): SessionAction => ({ type, process, slot })),
      ).flat(),
    ]).flat(),
  ];
}

export function actionOf(process: number, kind: KindOfProcess): number {
  return FIRST + process * PER_PROCESS + OF_PROCESS.indexOf(kind);
}

/** With a message of a process. */
export function actionOn(process: number, slot: number, kind: KindOfMessage): number {
  return FIRST + process * PER_PROCESS + OF_PROCESS.length + slot * OF_MESSAGE.length + OF_MESSAGE.indexOf(kind);
}

/** Kinds as bits, so that many of them are one number. */
export const bitsOfProcess = (...kinds: readonly KindOfProcess[]): number =>
  kinds.reduce((bits, kind) => bits | (1 << OF_PROCESS.indexOf(kind)), 0);
export const bitsOfMessage = (...kinds: readonly KindOfMessage[]): number =>
  kinds.reduce((bits, kind) => bits | (1 << OF_MESSAGE.indexOf(kind)), 0);

/** Writes the actions of a process whose kinds `bits` are, in rising order, from `at` on; returns where they end. */
export function writeOfProcess(into: Uint16Array, at: number, process: number, bits: number): number {
  return writeFrom(into, at, FIRST + process * PER_PROCESS, bits);
}

/** The same of what can become of one of its messages. */
export function writeOfMessage(into: Uint16Array, at: number, process: number, slot: number, bits: number): number {
  return writeFrom(into, at, FIRST + process * PER_PROCESS + OF_PROCESS.length + slot * OF_MESSAGE.length, bits);
}

function writeFrom(into: Uint16Array, at: number, first: number, bits: number): number {
  let end = at;
  for (let left = bits; left !== 0; left &= left - 1) into[end++] = first + 31 - Math.clz32(left & -left);
  return end;
}

/** The same action of another process. */
export function actionMoved(action: number, move: (process: number) => number): number {
  if (action < FIRST) return action;
  const process = Math.floor((action - FIRST) / PER_PROCESS);
  return action + (move(process) - process) * PER_PROCESS;
}

interface Around {
  readonly rules: Rules;
  readonly layout: Layout;
  readonly unit: Duration;
  readonly deviceOf: readonly number[];
}

/** The action in words, in the state in which it happens. */
export function describe(action: SessionAction, before: Uint8Array, around: Around): string {
  const { rules, layout, unit, deviceOf } = around;
  if (action.type === 'tick') return `${formatDuration(unit)} pass`;
  if (action.type === 'sweep') return 'the server sweeps';
  const who = nameOf(action.process, deviceOf);
  if (!('slot' in action)) {
    const said = {
      start: 'is started',
      'take-over': 'is started, and agrees to take over',
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
  const { way, body } = rules.message(read16(before, layout.message(action.process, action.slot)) - 1);
  const what = way === 'request' ? `${body.type} of ${who}` : `answer '${body.type}' to ${who}`;
  const isCut = ((before[layout.cut]! >> deviceOf[action.process]!) & 1) === 1;
  const arrives = isCut ? 'is lost, for it is cut off' : 'arrives';
  const said = {
    deliver: arrives,
    lose: 'is lost',
    duplicate: 'is doubled',
    fail: 'fails in the store',
    delay: 'is late',
  }[action.type];
  return `the ${what} ${said}`;
}

function nameOf(process: number, deviceOf: readonly number[]): string {
  const device = `device ${deviceOf[process]! + 1}`;
  if (deviceOf.filter((each) => each === deviceOf[process]).length === 1) return device;
  return `${process === 0 ? 'the launcher' : 'the bot'} of ${device}`;
}
