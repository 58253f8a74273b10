/** How a client comes to its end: each guard with a case on either side. */
import { describe, expect, it } from 'vitest';
import { BEGUN, rows, WORKS } from './rows.ts';
import {
  ended,
  failed,
  FENCED,
  gone,
  granted,
  renewed,
  restsNow,
  runAgent,
  starts,
  stops,
  UNFENCED,
  wakes,
} from './run.ts';

describe('a user who stops', () => {
  const STOPPED = [...BEGUN, '10s stops (user)'];
  rows({
    'ends the work first, and then gives the license back': {
      when: [...WORKS, ['10s', stops], ['12s', restsNow]],
      does: [...STOPPED, '12s end #2 of s1, term 1'],
    },
    'gives nothing back while the work has not come to rest': {
      when: [...WORKS, ['10s', stops]],
      until: '5m',
      does: STOPPED,
    },
    'gives it back while the work still runs, where the client is made so': {
      config: { ...FENCED, release: 'during-work' },
      when: [...WORKS, ['10s', stops], ['11s', ended(2)], ['12s', restsNow]],
      until: '5m',
      does: [...STOPPED, '10s end #2 of s1, term 1'],
    },
    'gives nothing back where the client is made so': {
      config: { ...FENCED, release: 'never' },
      when: [...WORKS, ['10s', stops], ['12s', restsNow]],
      until: '5m',
      does: STOPPED,
    },
    'sends the end again when nothing answers it, as often as any request': {
      when: [...WORKS, ['10s', stops], ['12s', restsNow]],
      until: '5m',
      does: [...STOPPED, '12s end #2 of s1, term 1', '17s end #3 of s1, term 1', '22s end #4 of s1, term 1'],
    },
    'sends it again when it failed': {
      when: [...WORKS, ['10s', stops], ['12s', restsNow], ['13s', failed(2)], ['18s', ended(3)]],
      until: '5m',
      does: [...STOPPED, '12s end #2 of s1, term 1', '17s end #3 of s1, term 1'],
    },
    'is done with any answer to any attempt': {
      when: [...WORKS, ['10s', stops], ['12s', restsNow], ['18s', gone(2)]],
      until: '5m',
      does: [...STOPPED, '12s end #2 of s1, term 1', '17s end #3 of s1, term 1'],
    },
    'is not done with an answer to a heartbeat of before': {
      when: [...WORKS, ['21s', stops], ['22s', restsNow], ['23s', renewed(2)]],
      until: '27s',
      does: [
        ...BEGUN,
        '20s heartbeat #2 of s1, term 1',
        '21s stops (user)',
        '22s end #3 of s1, term 1',
        '27s end #4 of s1, term 1',
      ],
    },
    'can start again when all is done': {
      when: [...WORKS, ['10s', stops], ['12s', restsNow], ['12s', ended(2)], ['13s', starts('s2')]],
      does: [...STOPPED, '12s end #2 of s1, term 1', '13s start #3 of s2'],
    },
    'does nothing to a client that does not run': { when: [['10s', stops]], does: [] },
  });
});

describe('a session that the server says is gone', () => {
  const ASKED = [...BEGUN, '20s heartbeat #2 of s1, term 1'];
  rows({
    'because it expired ends the work, and nothing is given back': {
      when: [...WORKS, ['21s', gone(2)], ['22s', restsNow]],
      until: '5m',
      does: [...ASKED, '21s stops (gone)'],
    },
    'because it was taken over is given back after the work, so that nobody need wait for it': {
      when: [...WORKS, ['21s', gone(2, 'replaced')], ['22s', restsNow]],
      does: [...ASKED, '21s stops (gone)', '22s end #3 of s1, term 1'],
    },
    'is not given back by a client that never does': {
      config: { ...FENCED, release: 'never' },
      when: [...WORKS, ['21s', gone(2, 'replaced')], ['22s', restsNow]],
      until: '5m',
      does: [...ASKED, '21s stops (gone)'],
    },
    'is worked on by a client that pays no heed': {
      config: { ...UNFENCED, onGone: 'work-on' },
      when: [...WORKS, ['21s', gone(2)]],
      until: '40s',
      does: [...ASKED, '40s heartbeat #3 of s1, term 1'],
    },
    'when the user starts again is a start that is over': {
      when: [
        ['0s', starts()],
        ['6s', gone(1, 'ended')],
        ['7s', starts('s2')],
      ],
      does: ['0s start #1 of s1', '5s start #2 of s1', '7s start #3 of s2'],
    },
  });

  it.each([
    ['expired', 'Your session expired because the license server did not hear from this device in time. Start again.'],
    ['replaced', 'Your session was ended because the license is now used on another device.'],
    ['ended', 'Your session has been ended. Start again.'],
    ['unknown', 'The license server does not know your session. Start again.'],
  ] as const)('(%s) is told to the user', (why, notice) => {
    expect(runAgent(FENCED, [...WORKS, ['21s', gone(2, why)]]).told).toContain(`21s shows ${notice}`);
  });
});

describe('what makes no sense now', () => {
  rows({
    'such as a start while it works, or while it asks': {
      when: [
        ['0s', starts()],
        ['0s', starts('s2')],
        ['0s', granted(1)],
        ['1s', starts('s2')],
      ],
      does: BEGUN,
    },
    'such as a start while it stops, or is fenced': {
      when: [...WORKS, ['10s', wakes], ['10s', starts('s2')], ['11s', stops], ['11s', starts('s2')]],
      does: [...BEGUN, '10s stops (wake)', '10s heartbeat #2 of s1, term 1'],
    },
    'such as a second stop, changes nothing': {
      when: [...WORKS, ['10s', stops], ['11s', stops]],
      does: [...BEGUN, '10s stops (user)'],
    },
    'such as work at rest that nobody has stopped, changes nothing': {
      when: [['0s', restsNow], ...WORKS, ['1s', restsNow]],
      does: BEGUN,
    },
  });
});
