/** What users read: who has the license, and the seconds that are really left. */
import { describe, expect, it } from 'vitest';
import { graceNotice, idleNotice, refusalNotice, replacementNotice } from '../../src/core/notices.ts';
import { milliseconds, seconds } from '../../src/core/time.ts';

describe('a refused start', () => {
  it('on the same device says what to close and when it frees itself', () => {
    expect(refusalNotice('same-device', seconds(25), false)).toBe(
      'Already running on this device. Close the other instance and start again; if it is no longer running, you can start again in 25 seconds.',
    );
  });

  it('on another device puts the wait under the condition that the holder stays silent', () => {
    expect(refusalNotice('other-device', seconds(32), false)).toBe(
      'License in use on another device. Close it there and start again; if that device has stopped responding, the license becomes available in 32 seconds.',
    );
  });

  it('offers the takeover where the policy allows to ask for it', () => {
    expect(refusalNotice('other-device', seconds(32), true)).toMatch(
      /You can also end that session and continue here\.$/,
    );
  });

  it.each([
    [1, 'in 1 second.'],
    [1000, 'in 1 second.'],
    [1001, 'in 2 seconds.'],
  ])('rounds %i ms up, so that whoever waits that long has waited long enough', (ms, ending) => {
    expect(graceNotice('another-device', milliseconds(ms), false).endsWith(ending)).toBe(true);
  });
});

describe('a license that is kept free', () => {
  it.each([
    [
      'this-device',
      false,
      'The last session on this device is still closing; the license becomes available in 12 seconds.',
    ],
    [
      'another-device',
      false,
      'The last session on another device is still closing; the license becomes available in 12 seconds.',
    ],
    [
      'this-device',
      true,
      'The last session on this device is still closing. If its program is no longer running, the license becomes available in 12 seconds.',
    ],
    [
      'another-device',
      true,
      'The last session on another device is still closing. If that device stays silent, the license becomes available in 12 seconds.',
    ],
  ] as const)('names %s, and states a condition where its session may return: %s', (closing, mayReturn, text) => {
    expect(graceNotice(closing, seconds(12), mayReturn)).toBe(text);
  });
});

describe('a free license', () => {
  it('can be started now after a clean release', () => {
    expect(idleNotice(seconds(0), false)).toBe('The license is available. You can start now.');
  });

  it('tells the seconds that are left of a grace, to whoever asks', () => {
    expect(idleNotice(seconds(7), false)).toBe(
      'The last session is still closing; the license becomes available in 7 seconds.',
    );
    expect(idleNotice(seconds(7), true)).toBe(
      'The last session is still closing. If its device stays silent, the license becomes available in 7 seconds.',
    );
  });
});

describe('a granted start that ended a live session', () => {
  it('tells the two cases apart', () => {
    expect(replacementNotice('another-device')).toBe('The previous session on another device has been ended.');
    expect(replacementNotice('this-device')).toBe('The earlier session on this device has been ended.');
  });
});
