/** What answers an earlier session changes nothing for the present one. */
import { describe } from 'vitest';
import { BEGUN, rows, WORKS } from './rows.ts';
import {
  ended,
  failed,
  FENCED,
  gone,
  granted,
  refused,
  renewed,
  restsNow,
  starts,
  stops,
  type Happening,
} from './run.ts';

describe('answers to what an earlier session asked', () => {
  const again: readonly Happening[] = [
    ...WORKS,
    ['20s', renewed(1)],
    ['21s', stops],
    ['21s', restsNow],
    ['21s', ended(3)],
    ['22s', starts('s2')],
  ];
  const BEFORE = [
    ...BEGUN,
    '20s heartbeat #2 of s1, term 1',
    '21s stops (user)',
    '21s end #3 of s1, term 1',
    '22s start #4 of s2',
  ];
  rows({
    'grant nothing to a start': { when: [...again, ['23s', granted(1)]], does: BEFORE },
    'do not end a start': {
      when: [...again, ['23s', gone(2)], ['24s', granted(4, 's2', 2)]],
      does: [...BEFORE, '24s works, term 2'],
    },
    'do not refuse a start': {
      when: [...again, ['23s', refused(1)], ['24s', granted(4, 's2', 2)]],
      does: [...BEFORE, '24s works, term 2'],
    },
    'do not stop a client that works again': {
      when: [...again, ['23s', granted(4, 's2', 2)], ['24s', gone(2)]],
      until: '30s',
      does: [...BEFORE, '23s works, term 2'],
    },
    'do not fail a start of a client that stops at the first failure': {
      config: { ...FENCED, onFailure: 'stop' },
      when: [...again, ['23s', failed(2)], ['24s', granted(4, 's2', 2)]],
      does: [...BEFORE, '24s works, term 2'],
    },
    'do not move the fence': {
      when: [...again, ['22s', granted(4, 's2', 2)], ['41s', gone(2)], ['60s', renewed(2)]],
      until: '77s',
      does: [
        ...BEFORE,
        '22s works, term 2',
        '42s heartbeat #5 of s2, term 2',
        '47s heartbeat #6 of s2, term 2',
        '52s heartbeat #7 of s2, term 2',
        '62s heartbeat #8 of s2, term 2',
        '67s heartbeat #9 of s2, term 2',
        '72s heartbeat #10 of s2, term 2',
        '77s stops (fence)',
      ],
    },
  });
});
