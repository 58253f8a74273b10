/** A day's work of a service that keeps sessions in several stores, to measure by: many are created, looked up, and ended. */
import { milliseconds, seconds, START, after, type Instant } from '../../core/time.ts';
import { sessionMetrics, type SessionMetrics } from '../../designs/s4/metrics.ts';
import type { Design } from '../../designs/design.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import { playInWorld } from '../../world/play.ts';
import { STILL, type Action, type Script, type Step } from '../../world/script.ts';

/** Whether nothing fails, or the database refuses writes for a while and the server is restarted. */
export type Weather = 'fair' | 'foul';

const SESSIONS = 100;
const ONE_AFTER_ANOTHER = milliseconds(200);
/** When each is looked up after it was asked for; who has not been told of it by then does not look. */
const LOOKED_UP = [40, 80, 120, 160, 200, 240, 2_000, 10_000, 24_000].map(milliseconds);
const ENDED = seconds(25);
/** A client that could not end its session tries once more. */
const ENDED_AGAIN = seconds(32);
const ACTOR = 'client';

/** The figures of one design, on one server, where a message takes 10 ms and a statement 5 ms. */
export function measureSessions(design: Design, weather: Weather): SessionMetrics {
  return sessionMetrics(playInWorld(workload(design, weather), design), design.stores[0] ?? '');
}

function workload(design: Design, weather: Weather): Script {
  const timed: { readonly at: Instant; readonly action: Action }[] = [];
  const answer = 'arrives' as const;
  for (let n = 0; n < SESSIONS; n += 1) {
    const scope = { license: `L${n + 1}`, symbol: '' };
    const begin = after(START, (n * ONE_AFTER_ANOTHER) as typeof ONE_AFTER_ANOTHER);
    timed.push({ at: begin, action: { type: 'start', actor: ACTOR, scope, how: 'new', answer } });
    for (const when of LOOKED_UP)
      timed.push({ at: after(begin, when), action: { type: 'status', actor: ACTOR, scope } });
    for (const when of [ENDED, ENDED_AGAIN]) {
      timed.push({ at: after(begin, when), action: { type: 'end', actor: ACTOR, scope, of: 'latest', answer } });
    }
  }
  if (weather === 'foul') {
    const [refused, restarted] = [seconds(30), seconds(41)].map((when) => after(START, when)) as [Instant, Instant];
    timed.push({ at: refused, action: { type: 'store-fails', fault: 'writes-refused', lasts: seconds(2) } });
    timed.push({ at: restarted, action: { type: 'crash-server', server: 1, lasts: seconds(1) } });
  }
  const steps = timed
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, action }): Step => ({ at, actions: [action], expectations: [], place: null }));
  return {
    title: `sessions in ${weather} weather`,
    policy: design.policy,
    cast: [
      {
        name: ACTOR,
        device: ACTOR,
        fingerprint: fingerprint({ machine: ACTOR, user: 'user', platform: 'any' }),
        client: null,
      },
    ],
    surroundings: { ...STILL, latency: milliseconds(10), storeLatency: milliseconds(5) },
    steps,
    until: after(START, seconds(60)),
  };
}
