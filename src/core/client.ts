/** The rules of one client, as data: when it sends heartbeats, and what it does when no answer or a bad one comes. */
import type { Policy } from './policy.ts';
import type { Duration } from './time.ts';

export interface ClientConfig {
  /** The interval between heartbeats. Client's clock. */
  readonly heartbeat: Duration;
  /** False for a service that has no heartbeats: then a session ends at the fence, or by its user. */
  readonly heartbeats?: false;
  /** Whether the next heartbeat is due an interval after the last one was sent, or after it was answered: then the interval grows by the round trip. */
  readonly pace: 'fixed' | 'after-answer';
  /** How long it waits for an answer. Client's clock. */
  readonly requestTimeout: Duration;
  /** How often it repeats a request without an answer. */
  readonly retries: number;

  /** It stops working when its last acknowledged request is this old; null where it never does. Client's clock. */
  readonly fence: Duration | null;
  /** What the fence counts from: the sending of that request, or the arrival of its answer. */
  readonly fenceFrom: 'send' | 'answer';
  /** The clock it reads: one that only runs, or the one on the wall that people and daylight saving set. */
  readonly clock: 'monotonic' | 'wall';

  /** After its machine slept: whether it works only once the server has renewed its session, or goes on at once. */
  readonly onWake: 'ask' | 'work-on';
  /** When a request fails: whether it goes on to the next heartbeat, or takes the first failure as the end of its session. */
  readonly onFailure: 'keep-trying' | 'stop';
  /** When the server says that its session is gone: whether it stops, or pays no heed. */
  readonly onGone: 'stop' | 'work-on';
  /** When the user stops it: whether it gives the session back after its work has come to rest, while that still runs, or not at all. */
  readonly release: 'after-work' | 'during-work' | 'never';
}

/** The client that a policy wants: fenced from the sending if at all, asks after a sleep, goes on after a failure, releases last. */
export function clientOf(policy: Policy): ClientConfig {
  return {
    heartbeat: policy.heartbeat,
    pace: 'fixed',
    requestTimeout: policy.requestTimeout,
    retries: policy.retries,
    fence: policy.fence,
    fenceFrom: 'send',
    clock: 'monotonic',
    onWake: 'ask',
    onFailure: 'keep-trying',
    onGone: 'stop',
    release: 'after-work',
  };
}
