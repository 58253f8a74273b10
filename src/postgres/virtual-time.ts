/** SQL of a service as it reads the virtual clock. */
import { rejectRealTime } from './real-time.ts';
import { rewriteRealTime } from './time-rewriting.ts';

const MOST_KNOWN = 1_000;

/** A function for the proxy's `rewrite`. It throws `UsageError` for SQL whose real time cannot be replaced. */
export function virtualTime(): (sql: string) => string {
  // A run sends the same few statements over and over.
  const known = new Map<string, string>();
  return (sql) => {
    let rewritten = known.get(sql);
    if (rewritten === undefined) {
      rewritten = rewriteRealTime(sql);
      rejectRealTime(rewritten);
      if (known.size > MOST_KNOWN) known.clear();
      known.set(sql, rewritten);
    }
    return rewritten;
  };
}
