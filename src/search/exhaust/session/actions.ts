/** What can happen in the session model, one number each, and how it reads. */
import { formatDuration, type Duration } from '../../../core/time.ts';
import { MOST_MESSAGES, read16, type Layout } from './layout.ts';
import type { Rules } from './rules.ts';

/** What one action is. Actions of one process come together, those of its messages last. */
export type SessionAction =
  | { readonly type: 'tick' }
  | { readonly type: 'sweep' }
  | {
      readonly type: 'start' | 'take-over' | 'stop' | 'time' | 'at-rest' | 'crash' | 'sleep' | 'wake' | 'cut' | 'heal';
      readonly process: number;
    }
  | {
      readonly type: 'deliver' | 'lose' | 'duplicate' | 'fail' | 'delay';
      readonly process: number;
      readonly slot: number;
    };

export const OF_PROCESS = [
  'start',
  'take-over',
  'stop',
  'time',
  'at-rest',
  'crash',
  'sleep',
  'wake',
  'cut',
  'heal',
] as const;
export const OF_MESSAGE = ['deliver', 'lose', 'duplicate', 'fail', 'delay'] as const;
export const PER_PROCESS = OF_PROCESS.length + OF_MESSAGE.length * MOST_MESSAGES;

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
