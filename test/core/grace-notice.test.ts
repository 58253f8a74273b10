/** What is said of a license that is kept free is true: of whose session it is, and of what the wait depends on. */
import { describe, expect, it, test } from 'vitest';
import type { RuleCommand } from '../../src/core/command.ts';
import { decide } from '../../src/core/decide.ts';
import type { Policy } from '../../src/core/policy.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Complete, RuleReply, StartReply } from '../../src/core/reply.ts';
import { FRESH_SEAT, type Seat } from '../../src/core/seat.ts';
import { instant, minutes, NO_TIME, seconds } from '../../src/core/time.ts';

const scope = { license: 'key', symbol: '' };

/** A seat under a policy, to which things happen one after another. */
class Played {
  readonly #policy: Policy;
  seat: Seat = FRESH_SEAT;

  constructor(policy: Policy, seat: Seat = FRESH_SEAT) {
    this.#policy = policy;
    this.seat = seat;
  }

  /** The same seat, to which something else may happen. */
  fork(): Played {
    return new Played(this.#policy, this.seat);
  }

  does(at: number, command: RuleCommand): RuleReply {
    const { seat, reply } = decide(this.seat, scope, command, this.#policy, instant(at * 1_000));
    this.seat = seat;
    return reply;
  }

  starts(at: number, device: string, takeOver: number | null = null): Complete<StartReply> {
    return this.does(at, {
      type: 'start',
      scope,
      session: `${device} ${at}`,
      device,
      takeOver,
    }) as Complete<StartReply>;
  }
}

const noticeOf = (reply: RuleReply): string => ('notice' in reply ? (reply.notice ?? '') : '');

test('a user whose session was taken over reads that it is theirs that closes, and the taker that it is another', () => {
  const played = new Played(recommended);
  played.starts(0, 'laptop');
  expect(noticeOf(played.starts(20, 'desktop', 1))).toBe(
    'The last session on another device is still closing; the license becomes available in 40 seconds.',
  );
  expect(noticeOf(played.starts(20, 'laptop'))).toBe(
    'The last session on this device is still closing; the license becomes available in 40 seconds.',
  );
  expect(noticeOf(played.does(30, { type: 'status', scope }))).toBe(
    'The last session is still closing; the license becomes available in 30 seconds.',
  );
});

test('where the own device is refused too, it reads of its own session after its expiry', () => {
  const strict: Policy = {
    ...recommended,
    onConflict: 'refuse',
    sameDevice: 'refuse',
    grace: { afterExpiry: seconds(10), afterTakeover: NO_TIME },
  };
  const played = new Played(strict);
  played.starts(0, 'laptop');
  expect(noticeOf(played.starts(61, 'laptop'))).toBe(
    'The last session on this device is still closing; the license becomes available in 9 seconds.',
  );
  const reviving = new Played({ ...strict, lateHeartbeat: 'revive' }, played.seat);
  expect(noticeOf(reviving.starts(61, 'laptop'))).toMatch(/If its program is no longer running, .* in 9 seconds\.$/);
});

const GRACE = { afterExpiry: seconds(10), afterTakeover: seconds(20) };
const POLICIES: readonly Policy[] = (['reject', 'revive'] as const).flatMap((lateHeartbeat) =>
  (['reconnect', 'join', 'refuse'] as const).flatMap((sameDevice) =>
    ([{ type: 'lazy' }, { type: 'swept', every: minutes(5) }] as const).map((cleanUp): Policy => ({
      ...recommended,
      lateHeartbeat,
      sameDevice,
      cleanUp,
      grace: GRACE,
    })),
  ),
);

describe.each(POLICIES)('with late heartbeats: $lateHeartbeat, same device: $sameDevice, $cleanUp.type', (policy) => {
  it.each([
    ['an expiry', 61, (played: Played) => void played.does(61, { type: 'sweep' })],
    ['a silence', 61, () => undefined],
    ['a takeover', 20, (played: Played) => void played.starts(20, 'desktop', 1)],
  ])('the wait after %s has a condition if and only if the last holder can prolong it', (what, at, ends) => {
    const played = new Played(policy);
    played.starts(0, 'laptop');
    ends(played);
    const refused = played.starts(at, 'desktop');
    if (refused.type !== 'refused' || refused.reason !== 'grace') {
      // Until a sweep removes it, an expired session keeps its seat, and there is no grace.
      expect({ cleanUp: policy.cleanUp.type, what }).toEqual({ cleanUp: 'swept', what: 'a silence' });
      return;
    }
    const opens = at + refused.retryAfter / 1_000;
    const still = played.fork();
    expect(still.starts(opens, 'desktop').type).toBe('granted');
    const prolonged = [
      (branch: Played) => branch.does(at, { type: 'heartbeat', scope, session: 'laptop 0', term: 1 }),
      (branch: Played) => branch.starts(at, 'laptop'),
    ].some((returns) => {
      const other = played.fork();
      returns(other);
      return other.starts(opens, 'desktop').type !== 'granted';
    });
    for (const notice of [refused.notice, noticeOf(played.does(at, { type: 'status', scope }))]) {
      expect(notice).toMatch(prolonged ? /closing\. If .* silent, the license/ : /closing; the license/);
    }
  });
});
