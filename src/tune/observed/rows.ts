/** One heartbeat as a deployment recorded it, read from what a CSV file or a database holds. */
import { UsageError } from '../../core/failures.ts';

export interface Row {
  readonly device: string;
  /** Milliseconds since 1970, on the device's clock; null where it was not recorded. */
  readonly sent: number | null;
  /** On the server's clock; null for a heartbeat that never arrived. */
  readonly received: number | null;
}

/** Where in a record each value is; null where the source has no such column. */
export interface Columns {
  readonly device: number;
  readonly sent: number | null;
  readonly received: number;
}

const NAMES = {
  device: ['device', 'device_id', 'session', 'session_id', 'license'],
  sent: ['sent_at', 'sent'],
  received: ['received_at', 'received', 'at', 'time', 'timestamp'],
} as const;

/** Finds the columns by their names. Throws `UsageError` that names those that are missing and those there are. */
export function findColumns(names: readonly string[], source: string): Columns {
  const plain = names.map((name) => name.trim().toLowerCase());
  if (names.some((name) => /\p{Cc}/u.test(name.trim()))) {
    throw new UsageError(`${source} does not begin with the names of columns, and may be no CSV at all`);
  }
  const find = (known: readonly string[]): number | null => {
    const index = plain.findIndex((name) => known.includes(name));
    return index < 0 ? null : index;
  };
  const [device, sent, received] = [find(NAMES.device), find(NAMES.sent), find(NAMES.received)];
  if (device === null || received === null) {
    const missing = [...(device === null ? ['device'] : []), ...(received === null ? ['received_at'] : [])].join(
      ' and ',
    );
    throw new UsageError(
      `${source} has no column ${missing}; it has ${names.map((name) => `'${name.trim()}'`).join(', ')}. ` +
        `The first line names the columns, for example: device,sent_at,received_at`,
    );
  }
  return { device, sent, received };
}

/** What is wrong with a record that cannot be used. */
export type Fault = 'no device' | 'no time' | 'a time that is none' | 'too few values' | 'quotes that do not match';

/** Reads one record. An empty `received` is a heartbeat that never arrived, if it was sent. */
export function readRow(values: readonly unknown[], columns: Columns): Row | Fault {
  if (values.length <= Math.max(columns.device, columns.received)) return 'too few values';
  const value = values[columns.device];
  const device = typeof value === 'string' ? value.trim() : value;
  if (device === null || device === undefined || device === '') return 'no device';
  const sent = columns.sent === null ? null : readTime(values[columns.sent]);
  const received = readTime(values[columns.received]);
  if (sent === undefined || received === undefined) return 'a time that is none';
  if (sent === null && received === null) return 'no time';
  return { device: typeof device === 'string' ? device : JSON.stringify(device), sent, received };
}

/** Below this a number is seconds since 1970, from it on milliseconds: the year 1973 in the one reading, 5138 in the other. */
const FIRST_MILLISECONDS = 1e11;

/** Milliseconds since 1970 from an ISO date or a number; null for nothing, undefined for what is no time. */
function readTime(value: unknown): number | null | undefined {
  if (value === null || value === undefined || value === '') return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  if (typeof value === 'bigint') return readTime(Number(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value < 0) return undefined;
    return value < FIRST_MILLISECONDS ? value * 1000 : value;
  }
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return readTime(Number(text));
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  // Without a zone it is taken as UTC: the machine that reads may be anywhere.
  const zoned = /(z|[+-]\d\d(:?\d\d)?)$/i.test(text.slice(10)) ? text : `${text}Z`;
  const time = Date.parse(zoned.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  return Number.isNaN(time) ? undefined : time;
}
