/** Steps that send a request that a service does not have. */
import type { Place } from '../core/failures.ts';
import { hasRequest, REQUESTS, type Design, type RequestName } from '../designs/design.ts';
import type { Script } from './script.ts';

/** The first step that sends a request that the service does not have; null where it has all of them. */
export function absentRequestIn(
  { steps }: Script,
  design: Pick<Design, 'requests'>,
): { readonly request: RequestName; readonly place: Place | null } | null {
  for (const { actions, place } of steps) {
    const request = REQUESTS.find((name) => actions.some(({ type }) => type === name) && !hasRequest(design, name));
    if (request !== undefined) return { request, place };
  }
  return null;
}
