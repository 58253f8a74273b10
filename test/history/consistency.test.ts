/** A History whose lines are well-formed and cannot all be true is refused, with the line that gives it away. */
import { expect, it } from 'vitest';
import { decodeHistory, encodeHistory } from '../../src/history/codec.ts';
import type { HistoryEvent } from '../../src/history/history.ts';
import { instant } from '../../src/core/time.ts';
import { recommended } from '../../src/core/presets/recommended.ts';

const header = {
  title: 'somebody asks',
  on: 'model',
  policy: recommended,
  cast: [
    { name: 'bot', device: 'laptop', fingerprint: '0123456789abcdef', client: null },
    { name: 'rival', device: 'desktop', fingerprint: 'fedcba9876543210', client: null },
  ],
  clocks: [],
  stores: null,
};
const end: HistoryEvent = { type: 'end', at: instant(9_000) };

function called(call: number, at: number, actor: string | null = 'bot'): HistoryEvent {
  const command = { type: 'status', scope: { license: 'L1', symbol: '' } } as const;
  return { type: 'called', at: instant(at), sent: instant(at), call, actor, step: null, action: 0, command };
}

function answered(call: number, at: number): HistoryEvent {
  const reply = { type: 'idle', retryAfter: recommended.grace.afterExpiry, notice: '' } as const;
  return { type: 'answered', at: instant(at), call, storeTime: instant(at), reply, arrived: true };
}

const crashed = (actor: string): HistoryEvent => ({ type: 'crashed', at: instant(1_000), actor });

it.each<readonly [string, readonly HistoryEvent[]]>([
  [
    'calls that overlap are answered in another order',
    [called(0, 0), called(1, 0), answered(1, 5), answered(0, 6), end],
  ],
  ['a call is never answered', [called(0, 0), end]],
  [
    'the numbers of calls have gaps, and several things happen at one time',
    [called(3, 7), answered(3, 7), called(9, 7), end],
  ],
  ['the server calls on its own', [called(0, 0, null), answered(0, 0), end]],
])('%s: that can happen', (_what, events) => {
  expect(decodeHistory(encodeHistory({ ...header, events }), 'h.jsonl').events).toEqual(events);
});

it.each<readonly [string, readonly HistoryEvent[], number, string]>([
  ['an answer to a call that was never made', [answered(7, 0), end], 2, 'it answers call 7, which was never made'],
  [
    'an answer before its call',
    [answered(7, 0), called(7, 0), end],
    2,
    'it answers call 7, which is made only on line 3',
  ],
  [
    'two answers to one call',
    [called(0, 0), answered(0, 1), answered(0, 2), end],
    4,
    'call 0 was answered on line 3 already',
  ],
  ['two calls with one number', [called(0, 0), called(0, 1), end], 3, 'call 0 was made on line 2 already'],
  [
    'a caller who is not in the cast',
    [called(0, 0, 'stranger'), end],
    2,
    "its actor 'stranger' is not in the cast (bot, rival)",
  ],
  [
    'a crash of somebody who is not in the cast',
    [crashed('stranger'), end],
    2,
    "its actor 'stranger' is not in the cast",
  ],
  [
    'a time before the one of the line above',
    [called(0, 5_000), answered(0, 4_999), end],
    3,
    'it is at 4.999s, and the line before it at 5s: time does not go back',
  ],
  ['something after the end', [end, end], 3, 'it comes after the end event'],
])('%s', (_what, events, line, message) => {
  expect(() => decodeHistory(encodeHistory({ ...header, events }), 'h.jsonl')).toThrow(
    expect.objectContaining({
      name: 'UsageError',
      message: expect.stringContaining(`line ${line} contradicts the rest of the history: ${message}`) as unknown,
      place: { file: 'h.jsonl', line },
    }),
  );
});

it('two of the cast with one name', () => {
  const text = encodeHistory({ ...header, cast: [...header.cast, ...header.cast], events: [end] });
  expect(() => decodeHistory(text, 'h.jsonl')).toThrow(
    'line 1 contradicts the rest of the history: two of the cast have the same name. Record the run again; if another program wrote the file, mend that',
  );
});
