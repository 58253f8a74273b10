/** A client whose machine slept: each guard with a case on either side. */
import { describe } from 'vitest';
import { BEGUN, rows, WORKS } from './rows.ts';
import { FENCED, gone, granted, renewed, restsNow, starts, stops, UNFENCED, wakes, type Happening } from './run.ts';

describe('a client whose machine slept', () => {
  const SLEPT = [...BEGUN, '10s stops (wake)', '10s heartbeat #2 of s1, term 1'];
  const slept: readonly Happening[] = [...WORKS, ['10s', wakes], ['10s', restsNow]];
  rows({
    'asks before it works': { when: slept, does: SLEPT },
    'asks without a fence, too': { config: UNFENCED, when: slept, does: SLEPT },
    'works on where it is made so': {
      config: { ...FENCED, onWake: 'work-on' },
      when: [...WORKS, ['10s', wakes]],
      does: BEGUN,
    },
    'works again once the server has renewed its session': {
      when: [...slept, ['11s', renewed(2)]],
      does: [...SLEPT, '11s works, term 1'],
    },
    'does not trust an answer to what it asked before it slept': {
      when: [
        ['0s', starts()],
        ['0s', granted(1)],
        ['21s', wakes],
        ['21s', restsNow],
        ['22s', renewed(2)],
      ],
      does: [...BEGUN, '20s heartbeat #2 of s1, term 1', '21s stops (wake)', '21s heartbeat #3 of s1, term 1'],
    },
    'does not trust a renewal of before when it sleeps again': {
      when: [...slept, ['11s', wakes], ['12s', renewed(2)], ['13s', renewed(3)]],
      does: [...SLEPT, '11s heartbeat #3 of s1, term 1', '13s works, term 1'],
    },
    'is done when the server says that its session is gone': {
      when: [...slept, ['11s', gone(2)]],
      until: '5m',
      does: SLEPT,
    },
    'asks again when it has no answer': {
      when: slept,
      until: '20s',
      does: [...SLEPT, '15s heartbeat #3 of s1, term 1', '20s heartbeat #4 of s1, term 1'],
    },
    'and that is idle does nothing': { when: [['10s', wakes]], does: [] },
    'and that is stopping goes on with that': {
      when: [...WORKS, ['10s', stops], ['11s', wakes], ['12s', restsNow]],
      does: [...BEGUN, '10s stops (user)', '12s end #2 of s1, term 1'],
    },
  });
});
