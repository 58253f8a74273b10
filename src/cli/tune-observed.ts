/** `--observed`: reads what a deployment recorded, and what fits it. */
import { UsageError } from '../core/failures.ts';
import { formatNumber } from '../core/quantity.ts';
import { fitObserved, type Fitted } from '../tune/observed/fit.ts';
import { readCsv } from '../tune/observed/read-csv.ts';
import { wrongUsage } from './options.ts';
import type { TuneFlags } from './tune-flags.ts';

export interface ObservedSource extends Fitted {
  /** Never with the password. */
  readonly source: string;
}

const EXAMPLE = `seatproof tune --observed postgres://me@127.0.0.1/app --query 'select device, sent_at, received_at from heartbeats order by received_at'`;

/** `show` is called as the work goes on; what `check` throws ends it. */
export async function readObserved(
  { observed, query }: TuneFlags,
  show: (text: string) => void,
  check: () => void,
): Promise<ObservedSource | null> {
  if (observed === undefined) {
    if (query === undefined) return null;
    throw wrongUsage('--query says what to read from --observed postgres://…, which is missing', EXAMPLE);
  }
  if (/^postgres(ql)?:/.test(observed)) {
    if (query === undefined)
      throw wrongUsage('--observed postgres://… needs --query, which says what to read', EXAMPLE);
    // Loaded only here, because a file needs none of it.
    const { readQuery } = await import('../tune/observed/read-query.ts');
    const collected = await readQuery(observed, query, (rows) => {
      check();
      show(`${formatNumber(rows)} heartbeats read`);
    });
    return { ...fitObserved(collected, 'the query'), source: `a query, ${formatNumber(collected.rows)} rows` };
  }
  if (query !== undefined)
    throw new UsageError(`--query is for a database, and '${observed}' is a file\ntry: ${EXAMPLE}`);
  const collected = await readCsv(observed, (share) => {
    check();
    show(`${Math.floor(share * 100)} % of ${observed} read`);
  });
  return { ...fitObserved(collected, `'${observed}'`), source: `${observed}, ${formatNumber(collected.rows)} lines` };
}
