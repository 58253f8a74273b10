/** The service of a design in SQL, made without a database to see what it is. */
import { Pool } from 'pg';
import type { SessionService } from '../../service/port.ts';
import type { SqlSystem } from './system.ts';

/** The URL of no database. */
export const NOWHERE = 'postgres://127.0.0.1:1/nowhere';

export interface Unconnected {
  /** Null where the service cannot be made without a database. */
  readonly service: SessionService | null;
  /** Whether it has read the URL of its database while it was made. */
  readonly readsUrl: boolean;
}

export function unconnected({ service, memory }: SqlSystem): Unconnected {
  let readsUrl = false;
  try {
    const made = service({
      get url() {
        readsUrl = true;
        return NOWHERE;
      },
      pool: new Pool({ connectionString: NOWHERE }),
      step: async (_label, work) => work(),
      memory: memory === undefined ? {} : memory(),
    });
    return { service: made, readsUrl };
  } catch {
    return { service: null, readsUrl };
  }
}
