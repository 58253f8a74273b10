/** What can happen in the session model, one number each, and how it reads. */
import type { Scope } from '../../../core/seat.ts';
import { formatDuration, type Duration } from '../../../core/time.ts';
import { MOST_MESSAGES, read16, type Layout } from './layout.ts';
import { lostTo } from './lost.ts';
import type { Rules } from './rules.ts';

/** What one action is. */
export type SessionAction =
  | { readonly type: 'tick' }
  | { readonly type: 'sweep' }
  | { readonly type: 'server-up' }
  | { readonly type: 'server-down' }
  | { readonly type: 'start' | 'take-over'; readonly process: number; readonly symbol: number }
  | { readonly type: Exclude<KindOfProcess, keyof typeof STARTS>; readonly process: number }
  | { readonly type: KindOfMessage; readonly process: number; readonly slot: number };

export type ActionOfProcess = Extract<SessionAction, { readonly process: number }>;

/** Each start of a process, and for which symbol. */
const STARTS = {
  start: { type: 'start', symbol: 0 },
  'take-over': { type: 'take-over', symbol: 0 },
  'start-second': { type: 'start', symbol: 1 },
  'take-over-second': { type: 'take-over', symbol: 1 },
} as const;

/** Those that cost a fault come last. */
const OF_PROCESS = [
  'start',
  'take-over',
  'start-second',
  'take-over-second',
  'time',
  'at-rest',
  'wake',
  'heal',
  'stop',
  'crash',
  'sleep',
  'cut',
] as const;
const OF_MESSAGE = ['deliver', 'lose', 'duplicate', 'fail', 'interrupt', 'delay'] as const;

export type KindOfProcess = (typeof OF_PROCESS)[number];
export type KindOfMessage = (typeof OF_MESSAGE)[number];

/** The actions that are of no process. */
export const KIND = { tick: 0, sweep: 1, 'server-up': 2, 'server-down': 3 } as const;
const FIRST = 4;
const SECOND = OF_PROCESS.indexOf('start-second');
const AFTER_STARTS = OF_PROCESS.indexOf('time');
const PER_PROCESS = OF_PROCESS.length + OF_MESSAGE.length * MOST_MESSAGES;

/** Every action, each at its number. */
export function sessionActions(processes: number): readonly SessionAction[] {
  return [
    { type: 'tick' },
    { type: 'sweep' },
    { type: 'server-up' },
    { type: 'server-down' },
    ...Array.from({ length: processes }, (_, process) => [
      ...OF_PROCESS.map((kind): SessionAction =>
        isStart(kind) ? { ...STARTS[kind], process } : { type: kind, process },
      ),
      ...Array.from({ length: MOST_MESSAGES }, (__, slot) =>
        OF_MESSAGE.map((type): SessionAction => ({ type, process, slot })),
      ).flat(),
    ]).flat(),
  ];
}

function isStart(kind: KindOfProcess): kind is keyof typeof STARTS {
  return kind in STARTS;
}

export function actionOf(process: number, kind: KindOfProcess): number {
  return FIRST + process * PER_PROCESS + OF_PROCESS.indexOf(kind);
}

/** With a message of a process. */
export function actionOn(process: number, slot: number, kind: KindOfMessage): number {
  return FIRST + process * PER_PROCESS + OF_PROCESS.length + slot * OF_MESSAGE.length + OF_MESSAGE.indexOf(kind);
}

/** Writes what a process with so many messages can do and what can become of them, from `at` on; returns where it ends. */
export function writeActions(
  into: Uint16Array,
  at: number,
  process: number,
  { messages, symbols, faults }: { readonly messages: number; readonly symbols: number; readonly faults: boolean },
): number {
  let end = at;
  const first = actionOf(process, 'start');
  const kinds = faults ? OF_PROCESS.length : OF_PROCESS.indexOf('stop');
  for (let kind = 0; kind < (symbols === 1 ? SECOND : AFTER_STARTS); kind++) into[end++] = first + kind;
  for (let kind = AFTER_STARTS; kind < kinds; kind++) into[end++] = first + kind;
  for (let slot = 0; slot < messages; slot++) {
    const delivered = actionOn(process, slot, 'deliver');
    for (let kind = 0; kind < (faults ? OF_MESSAGE.length : 1); kind++) into[end++] = delivered + kind;
  }
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
  readonly scopes: readonly Scope[];
  readonly layout: Layout;
  readonly unit: Duration;
  readonly deviceOf: readonly number[];
}

/** The action in words, in the state in which it happens. */
export function describe(action: SessionAction, before: Uint8Array, around: Around): string {
  const { rules, layout, unit, deviceOf, scopes } = around;
  // Of a symbol nothing is said where there is but one.
  const on = (symbol: number): string => (scopes.length === 1 ? '' : ` on ${scopes[symbol]!.symbol}`);
  if (action.type === 'tick') return `${formatDuration(unit)} pass`;
  if (action.type === 'sweep')
    return before[layout.down] === 1 ? 'the server, being down, does not sweep' : 'the server sweeps';
  if (action.type === 'server-down') return 'the server goes down';
  if (action.type === 'server-up') return 'the server is up again';
  const who = nameOf(action.process, deviceOf);
  if ('symbol' in action) {
    return `${who} is started${on(action.symbol)}${action.type === 'start' ? '' : ', and agrees to take over'}`;
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
  const message = rules.message(read16(before, layout.message(action.process, action.slot)) - 1);
  const { way, body, symbol } = message;
  const what =
    way === 'request' ? `${body.type} of ${who}${on(symbol)}` : `answer '${body.type}' to ${who}${on(symbol)}`;
  const lost = lostTo(before, action.process, message, around);
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
