/** Whether there is an order that explains the answers: cases that have one, that have none, and that are given up. */
import { describe, expect, test } from 'vitest';
import { certainOverlap } from '../../src/laws/certain-overlap.ts';
import { linearizable } from '../../src/laws/linearizability.ts';
import { sameAnswer, sameMeaning } from '../../src/laws/same-meaning.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import { decide } from '../../src/core/decide.ts';
import { FRESH_SEAT } from '../../src/core/seat.ts';
import type { Command } from '../../src/core/command.ts';
import type { Reply } from '../../src/core/reply.ts';
import { instant, type Instant } from '../../src/core/time.ts';
import type { History, HistoryEvent } from '../../src/history/history.ts';

const SCOPE = { license: 'L1', symbol: '' };
const at = (seconds: number): Instant => instant(seconds * 1000);
const start = (session: string, device = session): Command => ({
  type: 'start',
  scope: SCOPE,
  session,
  device,
  takeOver: null,
});
const heartbeat = (session: string, term: number): Command => ({
  type: 'heartbeat',
  scope: SCOPE,
  session,
  term,
  device: session,
});
const end = (session: string, term: number): Command => ({
  type: 'end',
  scope: SCOPE,
  session,
  term,
  device: session,
});
const STATUS: Command = { type: 'status', scope: SCOPE };

const granted = (session: string, term: number, now = 0): Reply => {
  return { type: 'granted', session, term, expiry: at(now + 60), replaced: null, notice: null };
};
const refusedBy = (session: string, term = 1): Reply => {
  const holder = { session, device: session, term };
  return { type: 'refused', reason: 'other-device', holder, retryAfter: 60_000 as never, replaced: null, notice: '' };
};
const renewed = (term: number, now = 0): Reply => ({ type: 'renewed', term, expiry: at(now + 60) });

type Line = readonly ['call', number, Command, number?] | readonly ['answer', number, Reply, number?];

/** Lines of calls and answers, with the second of each. */
function historyOf(lines: readonly Line[]): History {
  const events = lines.map(([what, call, about, second = 0]): HistoryEvent => {
    const common = { at: at(second), call };
    return what === 'call'
      ? {
          type: 'called',
          ...common,
          sent: common.at,
          actor: `a${call}`,
          step: 0,
          action: call,
          command: about,
        }
      : { type: 'answered', ...common, storeTime: common.at, reply: about, arrived: true };
  });
  const last = events.at(-1)?.at ?? at(0);
  return {
    title: 't',
    on: 'test',
    policy: recommended,
    cast: [],
    clocks: [],
    stores: null,
    events: [...events, { type: 'end', at: last }],
  };
}

const rows: readonly { says: string; answer: 'yes' | 'no'; lines: readonly Line[] }[] = [
  { says: 'nothing happened', answer: 'yes', lines: [] },
  {
    says: 'of two starts at once the second to be answered came first',
    answer: 'yes',
    lines: [
      ['call', 0, start('a')],
      ['call', 1, start('b')],
      ['answer', 0, refusedBy('b')],
      ['answer', 1, granted('b', 1)],
    ],
  },
  {
    says: 'both of two starts at once were granted',
    answer: 'no',
    lines: [
      ['call', 0, start('a')],
      ['call', 1, start('b')],
      ['answer', 0, granted('a', 1)],
      ['answer', 1, granted('b', 2)],
    ],
  },
  {
    says: 'a start that was sent after the other was answered cannot have come first',
    answer: 'no',
    lines: [
      ['call', 0, start('a')],
      ['answer', 0, refusedBy('b')],
      ['call', 1, start('b')],
      ['answer', 1, granted('b', 1)],
    ],
  },
  {
    says: 'a start without an answer had its effect',
    answer: 'yes',
    lines: [
      ['call', 0, start('a')],
      ['call', 1, start('b')],
      ['answer', 1, refusedBy('a')],
    ],
  },
  {
    says: 'a start without an answer never had its effect',
    answer: 'yes',
    lines: [
      ['call', 0, start('a')],
      ['call', 1, start('b')],
      ['answer', 1, granted('b', 1)],
    ],
  },
  {
    says: 'an unanswered start cannot explain a grant of a term it did not take',
    answer: 'no',
    lines: [
      ['call', 0, start('a')],
      ['call', 1, start('b')],
      ['answer', 1, granted('b', 3)],
    ],
  },
  {
    says: 'a heartbeat that was renewed after its end was answered',
    answer: 'no',
    lines: [
      ['call', 0, start('a')],
      ['answer', 0, granted('a', 1)],
      ['call', 1, end('a', 1), 1],
      ['answer', 1, { type: 'ended' }, 1],
      ['call', 2, heartbeat('a', 1), 2],
      ['answer', 2, renewed(1, 2), 2],
    ],
  },
  {
    says: 'a heartbeat that met its end came before it',
    answer: 'yes',
    lines: [
      ['call', 0, start('a')],
      ['answer', 0, granted('a', 1)],
      ['call', 1, end('a', 1), 1],
      ['call', 2, heartbeat('a', 1), 1],
      ['answer', 1, { type: 'ended' }, 1],
      ['answer', 2, renewed(1, 1), 1],
    ],
  },
  {
    says: 'a call that was under way while the clock passed the deadline may have run before it',
    answer: 'yes',
    lines: [
      ['call', 0, start('a')],
      ['answer', 0, granted('a', 1)],
      ['call', 1, heartbeat('a', 1), 59],
      ['answer', 1, renewed(1, 59), 61],
    ],
  },
  {
    says: 'a call that was sent after the deadline may not',
    answer: 'no',
    lines: [
      ['call', 0, start('a')],
      ['answer', 0, granted('a', 1)],
      ['call', 1, heartbeat('a', 1), 60],
      ['answer', 1, renewed(1, 60), 61],
    ],
  },
  {
    says: 'a call that failed did nothing',
    answer: 'yes',
    lines: [
      ['call', 0, start('a')],
      ['answer', 0, { type: 'failed', why: 'store', message: 'x' }],
      ['call', 1, start('b')],
      ['answer', 1, granted('b', 1)],
    ],
  },
];

describe('an order that explains the answers', () => {
  test.each(rows)('$says: $answer', ({ answer, lines }) => {
    expect(linearizable(historyOf(lines)).answer).toBe(answer);
  });

  const waited: readonly Line[] = [
    ['call', 0, start('a')],
    ['answer', 0, granted('a', 1)],
    ['call', 1, start('b'), 50],
    ['answer', 1, granted('b', 2, 60), 70],
  ];
  test('may need an instant at which nothing else happened', () => {
    expect(linearizable(historyOf(waited), { same: sameAnswer }).answer).toBe('no');
    expect(linearizable(historyOf(waited), { same: sameAnswer, instants: [at(60)] }).answer).toBe('yes');
    // Only while the call was under way.
    expect(linearizable(historyOf(waited), { same: sameAnswer, instants: [at(40), at(80)] }).answer).toBe('no');
  });

  test('does not let the clock go back from one call to the next', () => {
    const wait = (seconds: number): Reply => ({
      ...(refusedBy('a') as Extract<Reply, { type: 'refused' }>),
      retryAfter: (seconds * 1000) as never,
    });
    const lines = (answer: Reply): readonly Line[] => [
      ['call', 0, start('a')],
      ['answer', 0, granted('a', 1)],
      ['call', 1, start('b'), 10],
      ['call', 2, heartbeat('a', 1), 40],
      ['answer', 2, renewed(1, 40), 40],
      ['answer', 1, answer, 45],
    ];
    const answerOf = (seconds: number): string =>
      linearizable(historyOf(lines(wait(seconds))), { same: sameAnswer }).answer;
    // Before the heartbeat, by the time at which it was sent; after it, by a later one; not after it by the earlier one.
    expect([answerOf(50), answerOf(60), answerOf(90)]).toEqual(['yes', 'yes', 'no']);
  });

  test('is told by the calls for which there is none', () => {
    const found = linearizable(historyOf(rows[2]?.lines ?? []));
    expect(found).toEqual({ answer: 'no', scope: SCOPE, calls: [0, 1], furthest: 1 });
  });

  test('is given up where the bound is met', () => {
    const lines = Array.from({ length: 8 }, (_, i): Line => ['call', i, STATUS]);
    const answers = lines.map(([, call]): Line => [
      'answer',
      call,
      call === 7 ? granted('x', 1) : { type: 'idle', retryAfter: 0 as never, notice: '' },
    ]);
    const history = historyOf([...lines, ...answers]);
    expect(linearizable(history, { bound: 20 })).toEqual({ answer: 'undecided', steps: 20 });
    // With its memo, 2^7 sets of calls and not 7! orders of them are tried.
    expect(linearizable(history, { bound: 1_500 }).answer).toBe('no');
  });

  test('may have to give the times too', () => {
    const due = decide(FRESH_SEAT, SCOPE, start('a'), recommended, at(0)).reply;
    const later: Reply = { ...(due as Extract<Reply, { type: 'granted' }>), expiry: at(99) };
    expect([sameMeaning(later, due), sameAnswer(later, due)]).toEqual([true, false]);
  });
});

describe('grants that overlap for certain', () => {
  const both: readonly Line[] = [
    ['call', 0, start('a')],
    ['call', 1, start('b')],
    ['answer', 0, granted('a', 1)],
    ['answer', 1, granted('b', 2)],
  ];

  test('two that nothing ended', () => {
    expect(certainOverlap(historyOf(both))).toEqual({ calls: [0, 1] });
  });

  const apart: readonly { says: string; lines: readonly Line[] }[] = [
    {
      says: 'the end of the first was sent before',
      lines: [
        ['call', 0, start('a')],
        ['answer', 0, granted('a', 1)],
        ['call', 1, end('a', 1)],
        ['call', 2, start('b')],
        ['answer', 2, granted('b', 2)],
      ],
    },
    {
      says: 'the timeout had passed',
      lines: [
        ['call', 0, start('a')],
        ['answer', 0, granted('a', 1)],
        ['call', 1, start('b'), 60],
        ['answer', 1, granted('b', 2, 60), 60],
      ],
    },
    {
      says: 'the second says that it replaced the first',
      lines: [
        ['call', 0, start('a')],
        ['answer', 0, granted('a', 1)],
        ['call', 1, start('b')],
        ['answer', 1, { ...granted('b', 2), replaced: { session: 'a', device: 'a', term: 1 } } as Reply],
      ],
    },
    {
      says: 'a start without an answer may have taken over',
      lines: [
        ['call', 0, start('a')],
        ['answer', 0, granted('a', 1)],
        ['call', 1, start('c')],
        ['call', 2, start('b')],
        ['answer', 2, granted('b', 3)],
      ],
    },
    {
      says: 'both are one session',
      lines: [
        ['call', 0, start('a')],
        ['answer', 0, granted('a', 1)],
        ['call', 1, start('a')],
        ['answer', 1, granted('a', 1)],
      ],
    },
  ];
  test.each(apart)('none where $says', ({ lines }) => {
    expect(certainOverlap(historyOf(lines))).toBeNull();
  });

  test('a heartbeat prolongs what is certain', () => {
    const lines: readonly Line[] = [
      ['call', 0, start('a')],
      ['answer', 0, granted('a', 1)],
      ['call', 1, heartbeat('a', 1), 50],
      ['answer', 1, renewed(1, 50), 50],
    ];
    const rival: readonly Line[] = [
      ['call', 2, start('b'), 70],
      ['answer', 2, granted('b', 2, 70), 70],
    ];
    expect(certainOverlap(historyOf([...lines, ...rival]))).toEqual({ calls: [0, 2] });
  });
});
