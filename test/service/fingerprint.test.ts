/** A device has one name: for every process on it, at every start, and no other device has it. */
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/service/fingerprint.ts';

const laptop = { machine: 'laptop', user: 'ada', platform: 'linux' };

describe('fingerprint', () => {
  it('is 16 hex digits', () => {
    expect(fingerprint(laptop)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is the same for launcher and bot, because a process id is no part of it', () => {
    const launcher = { ...laptop, pid: 4711 };
    const bot = { ...laptop, pid: 4712 };
    expect(fingerprint(launcher)).toBe(fingerprint(bot));
  });

  it('stays the same from one release of Seatproof to the next', () => {
    expect(fingerprint(laptop)).toBe('fe76193c8fdded42');
  });

  it.each([
    ['machine', { ...laptop, machine: 'desktop' }],
    ['user', { ...laptop, user: 'bob' }],
    ['platform', { ...laptop, platform: 'darwin' }],
    ['where a separator stands', { machine: 'laptop:ada', user: 'linux', platform: 'x' }],
  ])('differs by %s', (_part, other) => {
    expect(fingerprint(other)).not.toBe(fingerprint(laptop));
  });

  it('does not confuse parts that read the same when joined', () => {
    expect(fingerprint({ machine: 'a:b', user: 'c', platform: 'd' })).not.toBe(
      fingerprint({ machine: 'a', user: 'b:c', platform: 'd' }),
    );
  });

  it('refuses an empty part', () => {
    expect(() => fingerprint({ ...laptop, user: '' })).toThrow(
      `a device needs a user; write for example { user: 'laptop' }`,
    );
  });
});
