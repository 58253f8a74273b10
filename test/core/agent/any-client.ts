/** Any client there may be, and what it may be answered. */
import fc from 'fast-check';
import type { ClientConfig } from '../../../src/core/client.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { milliseconds, NO_TIME, type Instant } from '../../../src/core/time.ts';

export const anyConfig: fc.Arbitrary<ClientConfig> = fc.record({
  heartbeat: fc.constantFrom(10, 20).map(milliseconds),
  pace: fc.constantFrom('fixed', 'after-answer'),
  requestTimeout: fc.constantFrom(0, 3, 5, 30).map(milliseconds),
  retries: fc.nat({ max: 2 }),
  fence: fc.constantFrom(null, 4, 25, 55).map((ms) => (ms === null ? null : milliseconds(ms))),
  fenceFrom: fc.constantFrom('send', 'answer'),
  clock: fc.constantFrom('monotonic', 'wall'),
  onWake: fc.constantFrom('ask', 'work-on'),
  onFailure: fc.constantFrom('keep-trying', 'stop'),
  onGone: fc.constantFrom('stop', 'work-on'),
  release: fc.constantFrom('after-work', 'during-work', 'never'),
});

export function replyOf(type: Reply['type'], session: string, term: number): Reply {
  const expiry = 0 as Instant;
  const holder = { session: 'other', device: 'desktop', term };
  switch (type) {
    case 'granted':
      return { type, session, term, expiry, replaced: null, notice: null };
    case 'renewed':
      return { type, term, expiry };
    case 'refused':
      return { type, reason: 'other-device', holder, retryAfter: NO_TIME, replaced: null, notice: 'in use' };
    case 'gone':
      return { type, why: 'replaced', by: null };
    case 'failed':
      return { type, why: 'store', message: 'no' };
    default:
      return { type: 'ended' };
  }
}
