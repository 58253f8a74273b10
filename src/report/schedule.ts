/** A schedule drawn in columns, one a call: what each said when, who waits for whom, and how it goes on. */
import { formatInstant, type Instant } from '../core/time.ts';
import { wrap, WIDTH } from './wrap.ts';

export interface Drawing {
  /** The calls, `laptop: start`. An actor beyond them is the clock. */
  readonly columns: readonly string[];
  readonly events: readonly DrawnEvent[];
  /** What each call was answered, in words; empty where nobody was. */
  readonly answers: readonly string[];
  /** What the service was asked when the calls were over, and what it answered: `heartbeat of laptop → renewed`. */
  readonly probes: readonly string[];
}

export interface DrawnEvent {
  readonly actor: number;
  readonly act: 'runs' | 'crashes' | 'dies-waiting' | 'loses-answer' | 'loses-statement';
  readonly what: string;
  /** Null while it waits. */
  readonly outcome: DrawnOutcome | null;
  readonly waitsFor: readonly number[];
  readonly released: readonly { readonly actor: number; readonly outcome: DrawnOutcome }[];
  readonly answered: readonly number[];
  readonly clock: Instant;
}

type DrawnOutcome =
  | { readonly type: 'done'; readonly rows: number | null }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'unheard' };

const GAP = 2;
const NUMBER = 4;
const MOST_LINES = 3;

/** Lines without a margin. Steps are numbered; what goes on by itself has no number. */
export function scheduleLines(drawing: Drawing): readonly string[] {
  const { columns, events, answers } = drawing;
  const width = Math.floor((WIDTH - 4 - NUMBER - GAP * columns.length) / columns.length);
  const place = (column: number, text: string, label: string): readonly string[] => {
    const margin = (first: boolean): string => (first ? label.padStart(NUMBER - 1) : '').padEnd(NUMBER);
    const offset = ' '.repeat(column * (width + GAP));
    return shortened(text, width).map((line, i) => `${margin(i === 0)}${offset}${line}`.trimEnd());
  };
  const heads = columns.map((name) => cut(name, width).padEnd(width)).join(' '.repeat(GAP));
  const lines = [`${' '.repeat(NUMBER)}${heads}`.trimEnd()];
  const dead = new Set<number>();
  for (const [index, event] of events.entries()) {
    const label = String(index + 1);
    if (event.actor >= columns.length) {
      lines.push(`${label.padStart(NUMBER - 1)} ── the clock moves to ${formatInstant(event.clock)} ──`);
      continue;
    }
    lines.push(...place(event.actor, told(event, columns), label));
    if (event.act === 'dies-waiting') dead.add(event.actor);
    const goesOn = event.released.map(({ actor, outcome }) => {
      const crashed = dead.has(actor) ? '; its caller has crashed, so its transaction rolls back' : '';
      return [actor, `resumes ${outcomeInWords(outcome)}${crashed}`] as const;
    });
    const answered = (actor: number): readonly string[] =>
      event.answered.includes(actor) && answers[actor] !== '' ? place(actor, `= ${answers[actor] ?? ''}`, '') : [];
    lines.push(...answered(event.actor));
    for (const [actor, text] of goesOn) lines.push(...place(actor, text, ''), ...answered(actor));
  }
  const probes = drawing.probes.map((probe, index) => `${(index === 0 ? 'at rest' : '').padEnd(10)}probe: ${probe}`);
  return [...lines, ...probes.flatMap((line) => hanging(line, WIDTH - 4, 10))];
}

/** The text in lines of a width; those after the first are indented. */
function hanging(text: string, width: number, indent: number): readonly string[] {
  const head = text.slice(0, indent);
  return wrap(text.slice(indent), width - indent).map((line, i) => `${i === 0 ? head : ' '.repeat(indent)}${line}`);
}

function told({ act, what, outcome, waitsFor }: DrawnEvent, columns: readonly string[]): string {
  switch (act) {
    case 'crashes':
      return `crashes before ${what}: its connection is cut, its transaction rolls back`;
    case 'loses-statement':
      return `${what}: the connection is lost before it arrives`;
    case 'loses-answer':
      return `${what}: carried out, and the connection is lost before the answer`;
    case 'dies-waiting':
      return `${what} ${outcomeOrWait(outcome, waitsFor, columns)}; meanwhile its process dies`;
    case 'runs':
      return `${what} ${outcomeOrWait(outcome, waitsFor, columns)}`;
  }
}

function outcomeOrWait(outcome: DrawnOutcome | null, waitsFor: readonly number[], columns: readonly string[]): string {
  if (outcome !== null) return outcomeInWords(outcome);
  return `… waits for ${waitsFor.map((actor) => nameOf(columns[actor] ?? '')).join(' and ')}`;
}

/** `laptop` of `laptop: start`. */
function nameOf(column: string): string {
  return column.split(':')[0] ?? column;
}

function outcomeInWords(outcome: DrawnOutcome): string {
  switch (outcome.type) {
    case 'done':
      if (outcome.rows === null) return '→ done';
      return outcome.rows === 1 ? '→ 1 row' : `→ ${outcome.rows} rows`;
    case 'failed':
      return outcome.code === 'lost' ? '✗ connection lost' : `✗ ${outcome.code} ${outcome.message}`;
    case 'unheard':
      return '';
  }
}

/** At most three lines: the beginning, and the end, which tells what came of it. */
function shortened(text: string, width: number): readonly string[] {
  const lines = wrap(text, width).map((line) => cut(line, width));
  if (lines.length <= MOST_LINES) return lines;
  const tail = /\s(?:→|✗|… waits for).*$/.exec(text)?.[0].trim() ?? '';
  const head = text.slice(0, text.length - tail.length).trim();
  const [first = ''] = wrap(head, width - 2);
  return [`${cut(first, width - 2)} …`, ...wrap(tail, width).slice(0, MOST_LINES - 1)].map((line) => cut(line, width));
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
