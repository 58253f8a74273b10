/** fast-check generators of lengths of time, clustered on and around what a system counts in. */
import fc from 'fast-check';
import type { Duration } from '../../core/time.ts';
import type { Setting } from './setting.ts';

/**
 * Between one step and the next. Sums of landmarks are times at which heartbeats are sent and sessions end, and a
 * millisecond or the time a message takes to either side of them is where a boundary shows.
 */
export function anyPause(setting: Setting): fc.Arbitrary<Duration> {
  const { landmarks, figures, surroundings, busy, restless } = setting;
  const { latency, storeLatency } = surroundings;
  const roundTrip = 2 * latency + storeLatency;
  const beside = [0, 0, 0, 0, 1, -1, latency, 0 - latency, roundTrip, 0 - roundTrip];
  // The reference sends two statements in a request; another service may send twice as many.
  const answered = 2 * latency + 4 * storeLatency + 1;
  const soon = landmarks.filter((length) => length <= figures.heartbeat);
  const landmark = fc.constantFrom(...(busy ? soon : landmarks));
  return fc
    .tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: restless ? 9 : 0, arbitrary: fc.constant(answered) },
        { weight: 6, arbitrary: landmark },
        { weight: busy ? 0 : 2, arbitrary: fc.tuple(landmark, landmark).map(([a, b]) => a + b) },
        { weight: 2, arbitrary: fc.nat(busy ? figures.heartbeat : figures.timeout + figures.heartbeat) },
      ),
      fc.constantFrom(...beside),
    )
    .map(([length, side]) => Math.max(0, length + side) as Duration);
}

/** How long something lasts, or by how much it is late: longer than nothing. */
export function anyLength({ landmarks, figures }: Setting): fc.Arbitrary<Duration> {
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...landmarks), fc.constantFrom(0, 0, 1, -1)) },
      { weight: 1, arbitrary: fc.tuple(fc.nat(2 * figures.timeout), fc.constant(0)) },
    )
    .map(([length, side]) => Math.max(1, length + side) as Duration);
}

/** Up to about the time of one message. */
export function anyMoment({ figures, surroundings }: Setting): fc.Arbitrary<Duration> {
  const { latency } = surroundings;
  const lengths = [1, latency, 2 * latency + 1, figures.requestTimeout, 2 * figures.requestTimeout];
  return fc.constantFrom(...lengths.map((length) => Math.max(1, length) as Duration));
}
