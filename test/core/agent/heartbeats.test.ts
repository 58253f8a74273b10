/** The heartbeat loop of a client: each guard with a case on either side. */
import { describe } from 'vitest';
import { BEGUN, rows, WORKS } from './rows.ts';
import { failed, FENCED, granted, hangs, renewed, restsNow, starts, UNFENCED } from './run.ts';

describe('heartbeats', () => {
  rows({
    'keep their rhythm from the sending of the start': {
      when: [
        ['0s', starts()],
        ['3s', granted(1)],
        ['21s', renewed(2)],
        ['43s', renewed(3)],
      ],
      until: '60s',
      does: [
        '0s start #1 of s1',
        '3s works, term 1',
        '20s heartbeat #2 of s1, term 1',
        '40s heartbeat #3 of s1, term 1',
        '60s heartbeat #4 of s1, term 1',
      ],
    },
    'count from the answers where the client paces itself by them': {
      config: { ...FENCED, pace: 'after-answer' },
      when: [
        ['0s', starts()],
        ['3s', granted(1)],
        ['25s', renewed(2)],
      ],
      until: '45s',
      does: [
        '0s start #1 of s1',
        '3s works, term 1',
        '23s heartbeat #2 of s1, term 1',
        '45s heartbeat #3 of s1, term 1',
      ],
    },
    'without an answer are repeated, and the next comes when it is due': {
      when: WORKS,
      until: '40s',
      does: [
        ...BEGUN,
        '20s heartbeat #2 of s1, term 1',
        '25s heartbeat #3 of s1, term 1',
        '30s heartbeat #4 of s1, term 1',
        '40s heartbeat #5 of s1, term 1',
      ],
    },
    'are not repeated once any of their attempts is answered': {
      when: [...WORKS, ['26s', renewed(2)]],
      until: '40s',
      does: [
        ...BEGUN,
        '20s heartbeat #2 of s1, term 1',
        '25s heartbeat #3 of s1, term 1',
        '40s heartbeat #4 of s1, term 1',
      ],
    },
    'that fail at the server count as unanswered': {
      when: [...WORKS, ['20s', failed(1)], ['21s', failed(2)], ['26s', renewed(3)]],
      until: '40s',
      does: [
        ...BEGUN,
        '20s heartbeat #2 of s1, term 1',
        '25s heartbeat #3 of s1, term 1',
        '40s heartbeat #4 of s1, term 1',
      ],
    },
    'that fail end the session of a client that stops at the first failure': {
      config: { ...FENCED, onFailure: 'stop' },
      when: [...WORKS, ['21s', failed(2)], ['22s', restsNow]],
      until: '60s',
      does: [...BEGUN, '20s heartbeat #2 of s1, term 1', '21s stops (failure)'],
    },
    'without an answer do the same': {
      config: { ...FENCED, onFailure: 'stop' },
      when: WORKS,
      until: '25s',
      does: [...BEGUN, '20s heartbeat #2 of s1, term 1', '25s stops (failure)'],
    },
    'whose time passed while the process hung are left out': {
      config: UNFENCED,
      when: [...WORKS, ['1m', hangs], ['1m', renewed(2)]],
      until: '80s',
      does: [...BEGUN, '60s heartbeat #2 of s1, term 1', '80s heartbeat #3 of s1, term 1'],
    },
    'follow a wall clock that was set back only when it has come to where it was': {
      config: { ...UNFENCED, clock: 'wall' },
      when: [
        ['1h', starts()],
        ['1h', granted(1)],
        ['10s', hangs],
        ['59m', hangs],
      ],
      until: '61m',
      does: [
        '3600s start #1 of s1',
        '3600s works, term 1',
        '3620s heartbeat #2 of s1, term 1',
        '3625s heartbeat #3 of s1, term 1',
        '3630s heartbeat #4 of s1, term 1',
        '3640s heartbeat #5 of s1, term 1',
        '3645s heartbeat #6 of s1, term 1',
        '3650s heartbeat #7 of s1, term 1',
        '3660s heartbeat #8 of s1, term 1',
      ],
    },
  });
});
