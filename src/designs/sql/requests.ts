/** Which requests a service in SQL has, as found on a service object that is made with a pool that connects nowhere. */
import { Pool } from 'pg';
import { requestsIn, type RequestName } from '../design.ts';
import type { SqlSystem } from './system.ts';

/** Null where the service cannot be made without a database. */
export function requestsOfSql({ service, memory }: SqlSystem): ReadonlySet<RequestName> | null {
  try {
    return requestsIn(
      service({ pool: new Pool(), step: async (_label, work) => work(), memory: memory === undefined ? {} : memory() }),
    );
  } catch {
    return null;
  }
}
