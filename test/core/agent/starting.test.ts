/** A client that asks for the license: each guard with a case on either side. */
import { describe } from 'vitest';
import { seconds } from '../../../src/core/time.ts';
import { rows } from './rows.ts';
import { failed, FENCED, granted, refused, renewed, starts, stops, wakes } from './run.ts';

describe('a start', () => {
  rows({
    'is sent, and answered with the right to work': {
      when: [
        ['0s', starts()],
        ['1s', granted(1)],
      ],
      does: ['0s start #1 of s1', '1s works, term 1'],
    },
    'without an answer is repeated under the same session, and given up after the last attempt': {
      when: [['0s', starts()]],
      until: '60s',
      does: ['0s start #1 of s1', '5s start #2 of s1', '10s start #3 of s1'],
    },
    'that was given up is repeated under the same session when the user starts again': {
      when: [
        ['0s', starts()],
        ['20s', starts('s2')],
      ],
      does: ['0s start #1 of s1', '5s start #2 of s1', '10s start #3 of s1', '20s start #4 of s1'],
    },
    'for another symbol is a new one': {
      when: [
        ['0s', starts()],
        ['1s', stops],
        ['2s', starts('s2', { scope: { license: 'L1', symbol: 'ES' } })],
      ],
      does: ['0s start #1 of s1', '2s start #2 of s2'],
    },
    'by a process that presents itself as another device is a new one': {
      when: [
        ['0s', starts()],
        ['1s', stops],
        ['2s', starts('s2', { device: 'laptop 2' })],
      ],
      does: ['0s start #1 of s1', '2s start #2 of s2'],
    },
    'that was refused is over, and the next one is new': {
      when: [
        ['0s', starts()],
        ['0s', refused(1)],
        ['1s', starts('s2')],
      ],
      does: ['0s start #1 of s1', '1s start #2 of s2'],
    },
    'takes over whom the last refusal named': {
      when: [
        ['0s', starts()],
        ['0s', refused(1)],
        ['1s', starts('s2', { takeOver: true })],
      ],
      does: ['0s start #1 of s1', '1s start #2 of s2, taking over term 7'],
    },
    'takes over nobody where no refusal named one': {
      when: [['0s', starts('s1', { takeOver: true })]],
      does: ['0s start #1 of s1'],
    },
    'takes over nobody on another symbol than that of the refusal': {
      when: [
        ['0s', starts()],
        ['0s', refused(1)],
        ['1s', starts('s2', { takeOver: true, scope: { license: 'L1', symbol: 'ES' } })],
      ],
      does: ['0s start #1 of s1', '1s start #2 of s2'],
    },
    'that failed at the server is repeated when the time of the attempt is up': {
      when: [
        ['0s', starts()],
        ['1s', failed(1)],
        ['6s', granted(2)],
      ],
      does: ['0s start #1 of s1', '5s start #2 of s1', '6s works, term 1'],
    },
    'for a license that the server does not know is given up at once': {
      when: [
        ['0s', starts()],
        ['1s', failed(1, 'unknown-license')],
      ],
      until: '20s',
      does: ['0s start #1 of s1'],
    },
    'that failed is given up at once by a client that stops at the first failure': {
      config: { ...FENCED, onFailure: 'stop' },
      when: [
        ['0s', starts()],
        ['1s', failed(1)],
      ],
      until: '20s',
      does: ['0s start #1 of s1'],
    },
    'that is answered when the fence has passed is followed by a question, not by work': {
      config: { ...FENCED, fence: seconds(4) },
      when: [
        ['0s', starts()],
        ['4s', granted(1)],
        ['4.5s', renewed(2)],
      ],
      does: ['0s start #1 of s1', '4s heartbeat #2 of s1, term 1', '4.5s works, term 1'],
    },
    'that is answered just before the fence is followed by work until the fence': {
      config: { ...FENCED, fence: seconds(4), requestTimeout: seconds(9) },
      when: [
        ['0s', starts()],
        ['3.999s', granted(1)],
      ],
      until: '4s',
      does: ['0s start #1 of s1', '3.999s works, term 1', '4s stops (fence)'],
    },
    'across a sleep is followed by a question, because no clock here counted the sleep': {
      when: [
        ['0s', starts()],
        ['1s', wakes],
        ['2s', granted(1)],
        ['3s', renewed(2)],
      ],
      does: ['0s start #1 of s1', '2s heartbeat #2 of s1, term 1', '3s works, term 1'],
    },
    'across a sleep is followed by work where the client does not ask': {
      config: { ...FENCED, onWake: 'work-on' },
      when: [
        ['0s', starts()],
        ['1s', wakes],
        ['2s', granted(1)],
      ],
      does: ['0s start #1 of s1', '2s works, term 1'],
    },
  });
});

describe('a start that the user stopped, or that was given up', () => {
  rows({
    'is given back when it turns out to be granted': {
      when: [
        ['0s', starts()],
        ['1s', stops],
        ['2s', granted(1)],
      ],
      does: ['0s start #1 of s1', '2s end #2 of s1, term 1'],
    },
    'is given back once, however often that is said': {
      when: [
        ['0s', starts()],
        ['1s', stops],
        ['2s', granted(1)],
        ['3s', granted(1)],
      ],
      does: ['0s start #1 of s1', '2s end #2 of s1, term 1'],
    },
    'is not given back by a client that never does': {
      config: { ...FENCED, release: 'never' },
      when: [
        ['0s', starts()],
        ['1s', stops],
        ['2s', granted(1)],
      ],
      does: ['0s start #1 of s1'],
    },
    'is not given back where it yielded a session that another process on the device has': {
      when: [
        ['0s', starts()],
        ['1s', stops],
        ['2s', granted(1, 'launcher-1')],
      ],
      does: ['0s start #1 of s1'],
    },
    'is given back when one attempt was refused and a later one granted': {
      when: [
        ['0s', starts()],
        ['6s', refused(1)],
        ['7s', granted(2)],
      ],
      does: ['0s start #1 of s1', '5s start #2 of s1', '7s end #3 of s1, term 1'],
    },
    'is what a user who starts again right then gets': {
      when: [
        ['0s', starts()],
        ['1s', stops],
        ['2s', starts('s2')],
        ['3s', granted(1)],
      ],
      does: ['0s start #1 of s1', '2s start #2 of s1', '3s works, term 1'],
    },
  });
});
