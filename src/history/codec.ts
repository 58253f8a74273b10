/** Histories as JSON Lines: a header, then one event a line. What is written is read back the same. */
import { UsageError } from '../core/failures.ts';
import { rejectContradictions } from './consistency.ts';
import { HISTORY_VERSION, type History, type HistoryEvent } from './history.ts';
import { eventSchema, headerSchema } from './schema.ts';

/** The text of a History: a header line, then one line for each event, each ended by a line feed. */
export function encodeHistory(history: History): string {
  const { events, ...rest } = history;
  const header = { seatproof: 'history', version: HISTORY_VERSION, ...rest };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * Reads what `encodeHistory` wrote. Throws `UsageError` with file and line for anything else: no history, another
 * version, a line that is cut or wrong, a history without its last event, or one that contradicts itself.
 */
export function decodeHistory(text: string, file: string): History {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const header = readHeader(lines[0] ?? '', file);
  const events = lines.slice(1).map((line, index) => readEvent(line, file, index + 2));
  if (events.at(-1)?.type !== 'end') {
    throw new UsageError(`the history is cut short: its last line is not the end event. Record the run again`, {
      file,
      line: lines.length,
    });
  }
  const history = { ...header, events };
  rejectContradictions(history, file);
  return history;
}

function readHeader(line: string, file: string): Omit<History, 'events'> {
  // What begins like a header is one that was cut; anything else was never one.
  const value = line.startsWith('{"seatproof":"history"') ? parseLine(line, file, 1) : parseAnything(line);
  if (typeof value !== 'object' || value === null || !('seatproof' in value) || value.seatproof !== 'history') {
    throw new UsageError(
      `this is no Seatproof history: the first line must be its header, {"seatproof":"history","version":${HISTORY_VERSION},…}`,
      { file, line: 1 },
    );
  }
  if (!('version' in value) || value.version !== HISTORY_VERSION) {
    const version = 'version' in value ? String(value.version) : 'none';
    throw new UsageError(
      `the history has version ${version}, this Seatproof reads version ${HISTORY_VERSION}. Record the run again, or use the release that wrote it`,
      { file, line: 1 },
    );
  }
  const { seatproof: _, version: __, ...header } = accept(headerSchema, value, file, 1);
  return header as unknown as Omit<History, 'events'>;
}

/** Null for what is no JSON: then it is no history either. */
function parseAnything(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function readEvent(line: string, file: string, number: number): HistoryEvent {
  return accept(eventSchema, parseLine(line, file, number), file, number) as HistoryEvent;
}

function parseLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(
      `line ${number} is not complete JSON; the history is damaged or cut short. Record the run again`,
      {
        file,
        line: number,
      },
    );
  }
}

function accept<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: SchemaError } },
  value: unknown,
  file: string,
  line: number,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UsageError(
    `line ${line} does not fit the history format: ${issue === undefined ? 'unknown reason' : `${issue.path.join('.') || 'the line'}: ${issue.message}`}`,
    { file, line },
  );
}

interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}
