/** Which requests a service has: its methods, as found on a service object that is made for this and then dropped. */
import type { Duration, Instant } from '../core/time.ts';
import { UsageError } from '../core/failures.ts';
import { hasRequest, REQUESTS, serverOf, type Design, type RequestName } from '../designs/design.ts';
import { playSettled } from './play-settled.ts';
import { STILL } from './script.ts';

/** Once for each design: a scenario file may name the same one many times. */
const known = new WeakMap<Design, Promise<Design>>();

/**
 * The design with its requests filled in. A service that cannot be made has every request, as far as is known: that it
 * cannot be made is found when it is played. Throws `UsageError` as `refuseMissingRequests` does.
 */
export function withItsRequests(design: Design): Promise<Design> {
  if (design.requests !== undefined) return Promise.resolve(design);
  const earlier = known.get(design);
  if (earlier !== undefined) return earlier;
  const opened = requestsOf(design).then((requests) => {
    const filled = requests === null ? design : { ...design, requests };
    refuseMissingRequests(filled);
    return filled;
  });
  known.set(design, opened);
  return opened;
}

/** Null where they are not known, or where the design is made of procedures. */
async function requestsOf(design: Design): Promise<ReadonlySet<RequestName> | null> {
  if (design.serve === null) {
    if (design.sql === null) return null;
    const { requestsOfSql } = await import('../designs/sql/server.ts');
    return requestsOfSql(await design.sql());
  }
  if (design.promised !== true) return null;
  let requests: ReadonlySet<RequestName> | null = null;
  const serve = serverOf(design);
  const watched: Design = {
    ...design,
    serve: (host) => {
      const process = serve(host);
      requests = process.requests ?? null;
      return process;
    },
  };
  // In a world without events, because timers that the service sets when it is made must end with it.
  await playSettled(
    { title: '', policy: design.policy, cast: [], surroundings: STILL, steps: [], until: 0 as Instant & Duration },
    watched,
  );
  return requests;
}

/** Throws `UsageError` for a service without a start, and for one without a sweep under a policy that has a clean-up job. */
export function refuseMissingRequests(design: Design): void {
  const { name, policy } = design;
  if (!hasRequest(design, 'start')) {
    throw new UsageError(
      `the service of ${name} has no start; write for example { start: async (command) => ({ type: 'granted' }) }. ` +
        `Other requests may be absent: ${REQUESTS.slice(1).join(', ')}`,
    );
  }
  if (policy.cleanUp.type !== 'swept' || hasRequest(design, 'sweep')) return;
  throw new UsageError(
    `the policy of ${name} has a clean-up job (cleanUp), but its service has no sweep; add one, for example ` +
      `{ sweep: async () => ({ type: 'swept', sessions: [] }) }, or write cleanUp: { type: 'lazy' } in the policy`,
  );
}
