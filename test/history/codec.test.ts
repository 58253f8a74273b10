/** A History that was written is read back the same, and a damaged one is refused with file and line. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHistory, encodeHistory } from '../../src/history/codec.ts';
import type { History } from '../../src/history/history.ts';
import { instant, type Instant } from '../../src/core/time.ts';
import { play } from '../../src/scenario/play.ts';
import { deployModel } from '../../src/service/reference.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import { anyPolicy, anyScript } from '../scenario/any-script.ts';
import { seed } from '../seed.ts';

const empty: History = {
  title: 'nothing happens',
  on: 'model',
  policy: recommended,
  cast: [{ name: 'bot', device: 'laptop', fingerprint: '0123456789abcdef', client: null }],
  clocks: [],
  stores: null,
  events: [{ type: 'end', at: instant(0) }],
};

describe('a written History', () => {
  it('is read back the same, whatever happened in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPolicy.chain((policy) => anyScript(policy, 25)),
        async (script) => {
          const history = await play(script, deployModel(script.policy), { impossible: 'skip' });
          expect(decodeHistory(encodeHistory(history), 'run.jsonl')).toEqual(history);
        },
      ),
      { seed, numRuns: 200 },
    );
  });

  it('may show a store whose clock was set to before the beginning', () => {
    const before = -3_600_000 as Instant;
    const standing = { type: 'held', lastHeartbeat: before } as const;
    const latest = {
      id: 's',
      device: 'd',
      startedAt: before,
      timeout: recommended.timeout,
      closedUntil: null,
      standing,
    };
    const scope = { license: 'L1', symbol: '' };
    const history: History = {
      ...empty,
      events: [
        {
          type: 'called',
          at: instant(0),
          sent: instant(0),
          call: 0,
          actor: 'bot',
          step: null,
          action: 0,
          command: { type: 'heartbeat', scope, session: 's', term: 1, device: 'd' },
        },
        {
          type: 'answered',
          at: instant(0),
          call: 0,
          storeTime: before,
          reply: { type: 'renewed', term: 1, expiry: before },
          arrived: true,
        },
        {
          type: 'held',
          at: instant(0),
          store: 'database',
          atRest: true,
          seats: [{ scope, seat: { term: 1, latest, previous: null } }],
        },
        { type: 'end', at: instant(0) },
      ],
    };
    expect(decodeHistory(encodeHistory(history), 'run.jsonl')).toEqual(history);
  });

  it('survives names with line breaks and quotes', () => {
    const history = { ...empty, title: 'a "quoted"\nand broken \u2028 title' };
    expect(decodeHistory(encodeHistory(history), 'run.jsonl')).toEqual(history);
  });
});

describe('a damaged History', () => {
  const good = encodeHistory({
    ...empty,
    events: [
      { type: 'crashed', at: instant(0), actor: 'bot' },
      { type: 'end', at: instant(5) },
    ],
  });
  const [header = '', crashed = '', end = ''] = good.split('\n');

  const cases: readonly (readonly [string, string, string, number])[] = [
    ['nothing', '', 'this is no Seatproof history', 1],
    ['a program', 'import x from "y";\n', 'this is no Seatproof history', 1],
    ['something else', '{"name":"seatproof"}\n', 'this is no Seatproof history', 1],
    [
      'another version',
      good.replace('"version":3', '"version":1'),
      'the history has version 1, this Seatproof reads version 3',
      1,
    ],
    ['no version', good.replace('"version":3,', ''), 'the history has version none', 1],
    ['a line cut in the middle', good.slice(0, header.length + 12), 'line 2 is not complete JSON', 2],
    ['the last event missing', `${header}\n${crashed}\n`, 'the history is cut short', 2],
    ['an event nobody knows', good.replace('crashed', 'exploded'), 'line 2 does not fit the history format: type', 2],
    ['a field missing', `${header}\n{"type":"end"}\n`, 'line 2 does not fit the history format: at', 2],
    ['a field too many', `${header}\n${end.replace('}', ',"mood":"bad"}')}\n`, 'line 2 does not fit', 2],
    ['a time before the beginning', good.replace('"at":5', '"at":-5'), 'line 3 does not fit the history format: at', 3],
    [
      'a policy without a timeout',
      good.replace(/"timeout":\d+,/, ''),
      'line 1 does not fit the history format: policy.timeout',
      1,
    ],
  ];
  it.each(cases)('%s', (_what, text, message, line) => {
    expect(() => decodeHistory(text, 'run.jsonl')).toThrow(message);
    expect(() => decodeHistory(text, 'run.jsonl')).toThrow(
      expect.objectContaining({ place: { file: 'run.jsonl', line } }),
    );
  });
});
