/** The fence of a client: each guard with a case on either side. */
import { describe, expect, it } from 'vitest';
import type { ClientConfig } from '../../../src/core/client.ts';
import { seconds } from '../../../src/core/time.ts';
import { BEGUN, rows, WORKS } from './rows.ts';
import {
  FENCED,
  gone,
  granted,
  hangs,
  renewed,
  restsNow,
  runAgent,
  starts,
  stops,
  UNFENCED,
  type Happening,
} from './run.ts';

/** One attempt for each heartbeat, so that there is less to tell. */
const ONE_ATTEMPT: ClientConfig = { ...FENCED, retries: 0 };

const heartbeatsAt = (...times: readonly string[]): readonly string[] =>
  times.map((time, index) => `${time} heartbeat #${index + 2} of s1, term 1`);

describe('the fence', () => {
  const CUT_OFF = [
    '20s heartbeat #2 of s1, term 1',
    '25s heartbeat #3 of s1, term 1',
    '30s heartbeat #4 of s1, term 1',
    '40s heartbeat #5 of s1, term 1',
    '45s heartbeat #6 of s1, term 1',
    '50s heartbeat #7 of s1, term 1',
  ];
  rows({
    'stops work when the last acknowledged request is as old as it allows': {
      when: WORKS,
      until: '55s',
      does: [...BEGUN, ...CUT_OFF, '55s stops (fence)'],
    },
    'does not stop it a millisecond before': { when: WORKS, until: '54.999s', does: [...BEGUN, ...CUT_OFF] },
    'is not there in a client without one': {
      config: UNFENCED,
      when: WORKS,
      until: '55s',
      does: [...BEGUN, ...CUT_OFF],
    },
    'counts from the sending of what was answered': {
      config: ONE_ATTEMPT,
      when: [...WORKS, ['24s', renewed(2)]],
      until: '75s',
      does: [...BEGUN, ...heartbeatsAt('20s', '40s', '60s'), '75s stops (fence)'],
    },
    'counts from the answer in a client that is made so': {
      config: { ...ONE_ATTEMPT, fenceFrom: 'answer' },
      when: [...WORKS, ['24s', renewed(2)]],
      until: '79s',
      does: [...BEGUN, ...heartbeatsAt('20s', '40s', '60s'), '79s stops (fence)'],
    },
    'does not go back for a late answer to an earlier heartbeat': {
      config: ONE_ATTEMPT,
      when: [...WORKS, ['41s', renewed(3)], ['42s', renewed(2)]],
      until: '95s',
      does: [...BEGUN, ...heartbeatsAt('20s', '40s', '60s', '80s'), '95s stops (fence)'],
    },
    'does not move for a renewal of another term': {
      config: ONE_ATTEMPT,
      when: [...WORKS, ['21s', renewed(2, 2)]],
      until: '55s',
      does: [...BEGUN, ...heartbeatsAt('20s', '40s'), '55s stops (fence)'],
    },
    'moves for the answer to another attempt of the start': {
      config: { ...UNFENCED, fence: seconds(15), requestTimeout: seconds(4) },
      when: [
        ['0s', starts()],
        ['6s', granted(1)],
        ['7s', granted(2)],
      ],
      until: '19s',
      does: ['0s start #1 of s1', '4s start #2 of s1', '6s works, term 1', '19s stops (fence)'],
    },
    'comes before a heartbeat that is due at the same instant': {
      config: { ...FENCED, fence: seconds(20) },
      when: WORKS,
      until: '20s',
      does: [...BEGUN, '20s stops (fence)', ...heartbeatsAt('20s')],
    },
    'comes before everything that was overdue when a process hung': {
      when: [...WORKS, ['10m', hangs]],
      does: [...BEGUN, '600s stops (fence)', '600s heartbeat #2 of s1, term 1'],
    },
  });

  it('tells the user that work is paused', () => {
    const { told } = runAgent(FENCED, [...WORKS, ['55s', hangs]]);
    expect(told).toContain(
      '55s shows The license server has not answered for a while, so work is paused until it does.',
    );
  });
});

describe('work that the fence has stopped', () => {
  const hung: readonly Happening[] = [...WORKS, ['55s', hangs]];
  const STOPPED = [...BEGUN, '55s stops (fence)', '55s heartbeat #2 of s1, term 1'];
  rows({
    'goes on once it has come to rest and the server has renewed the session': {
      when: [...hung, ['56s', restsNow], ['57s', renewed(2)]],
      does: [...STOPPED, '57s works, term 1'],
    },
    'goes on once the server has renewed the session and it has come to rest': {
      when: [...hung, ['56s', renewed(2)], ['57s', restsNow]],
      does: [...STOPPED, '57s works, term 1'],
    },
    'does not go on before it has come to rest': { when: [...hung, ['56s', renewed(2)]], does: STOPPED },
    'does not go on before the session is renewed': { when: [...hung, ['56s', restsNow]], does: STOPPED },
    'goes on with an answer that was under way, if that is young enough': {
      config: { ...ONE_ATTEMPT, fence: seconds(25) },
      when: [...WORKS, ['26s', restsNow], ['27s', renewed(2)]],
      does: [...BEGUN, ...heartbeatsAt('20s'), '25s stops (fence)', '27s works, term 1'],
    },
    'does not go on with an answer that is as old as the fence allows': {
      config: { ...ONE_ATTEMPT, requestTimeout: seconds(90), heartbeat: seconds(50) },
      when: [...WORKS, ['56s', restsNow], ['105s', renewed(2)]],
      does: [...BEGUN, '50s heartbeat #2 of s1, term 1', '55s stops (fence)', '100s heartbeat #3 of s1, term 1'],
    },
    'goes on with one that is a millisecond younger, until it is': {
      config: { ...ONE_ATTEMPT, requestTimeout: seconds(90), heartbeat: seconds(50) },
      when: [...WORKS, ['56s', restsNow], ['104.999s', renewed(2)]],
      until: '105s',
      does: [
        ...BEGUN,
        '50s heartbeat #2 of s1, term 1',
        '55s stops (fence)',
        '100s heartbeat #3 of s1, term 1',
        '104.999s works, term 1',
        '105s stops (fence)',
      ],
    },
    'is over when the server says that the session is gone, and nothing more is stopped': {
      when: [...hung, ['56s', restsNow], ['57s', gone(2)]],
      until: '5m',
      does: STOPPED,
    },
    'is given back when the user stops it, once it is at rest': {
      when: [...hung, ['56s', stops], ['57s', restsNow]],
      does: [...STOPPED, '57s end #3 of s1, term 1'],
    },
    'is given back at once when it is at rest': {
      when: [...hung, ['56s', restsNow], ['57s', stops]],
      does: [...STOPPED, '57s end #3 of s1, term 1'],
    },
  });
});
