/** The report on an exhaustive search: what was proved or broke, the numbers, and the shortest way to each counterexample. */
import { formatDuration, type Duration } from '../core/time.ts';
import { counted, grouped } from './counts.ts';
import { labelled } from './wrap.ts';

/** What such a search came to. */
export interface Exhaustion {
  readonly model: string;
  readonly result: 'proved' | 'broken' | 'inconclusive';
  /** The bound that was met; null where none was. */
  readonly bound: string | null;
  /** Why the result is inconclusive, where that is not because of a bound. */
  readonly doubt?: string;
  readonly states: number;
  readonly distinct: number;
  readonly depth: number;
  readonly deadEnds: number;
  readonly elapsed: Duration;
  readonly bytes: number;
  readonly collision: number;
  readonly threads: number;
  readonly laws: readonly ExhaustionLaw[];
}

export interface ExhaustionLaw {
  readonly name: string;
  readonly outcome: 'kept' | 'broken' | 'reached' | 'never-reached' | 'measured' | 'open';
  readonly largest: number | null;
  readonly trace: { readonly isShortest: boolean; readonly steps: readonly { readonly description: string }[] } | null;
}

/** How far such a search has come. */
export interface ExhaustionProgress {
  readonly depth: number;
  readonly distinct: number;
  readonly waiting: number;
  readonly elapsed: Duration;
  /** Distinct states a second. */
  readonly rate: number;
}

/** Ends with a line feed. */
export function exhaustionText(exhaustion: Exhaustion): string {
  const { states, distinct, depth, deadEnds, elapsed, bytes, threads, laws } = exhaustion;
  const lines = [
    headline(exhaustion),
    ...(exhaustion.doubt === undefined ? [] : labelled('why', exhaustion.doubt)),
    ...laws.map(lawLine),
    ...labelled(
      'states',
      `${grouped(states)}, of which ${grouped(distinct)} distinct; ${counted(deadEnds, 'dead end')}`,
    ),
    ...labelled('depth', grouped(depth)),
    ...labelled('time', `${formatDuration(elapsed)} in ${counted(threads, 'thread')}`),
    ...labelled('memory', memory(bytes, distinct)),
    ...labelled('missed', missed(exhaustion.collision)),
    ...laws.filter(({ outcome }) => outcome === 'broken').flatMap(traceLines),
  ];
  return `${lines.join('\n')}\n`;
}

/** `depth 12  296,448 states, 3,120 waiting, 412,000/s`. */
export function exhaustionProgressText({ depth, distinct, waiting, rate }: ExhaustionProgress): string {
  return `depth ${depth}  ${counted(distinct, 'state')}, ${grouped(waiting)} waiting, ${grouped(rate)}/s`;
}

function headline({ model, result, bound, doubt, laws }: Exhaustion): string {
  switch (result) {
    case 'proved':
      return `✓ ${model}: every state was searched, and nothing broke`;
    case 'inconclusive':
      return `? ${model}: inconclusive${doubt === undefined ? `, because the search met its bound of ${bound ?? 'unknown size'}` : ''}`;
    case 'broken': {
      const names = laws.filter(({ outcome }) => outcome === 'broken').map(({ name }) => `'${name}'`);
      return `✗ ${model}: ${names.length === 0 ? 'something expected was never reached' : `${names.join(' and ')} broke`}`;
    }
  }
}

const MARKS = { kept: '✓', broken: '✗', reached: '✓', 'never-reached': '✗', measured: ' ', open: '?' } as const;

function lawLine({ name, outcome, largest, trace }: ExhaustionLaw): string {
  const steps = trace === null ? '' : `, after ${counted(trace.steps.length, 'step')}`;
  const said = {
    kept: largest === null ? 'kept' : `kept, ${largest} at most`,
    broken: `broken${steps}`,
    reached: `reached${steps}`,
    'never-reached': 'never reached',
    measured: `${largest ?? 0} at most${largest === 0 ? '' : steps}`,
    open: 'not known',
  }[outcome];
  return `  ${MARKS[outcome]} ${name}: ${said}`;
}

/** What room is taken at once says nothing of a state until there are many. */
function memory(bytes: number, distinct: number): string {
  const all = `${grouped(Math.ceil(bytes / 2 ** 20))} MiB`;
  return distinct < 100_000 ? all : `${all}, ${Math.round(bytes / distinct)} bytes a state`;
}

/** As a power of ten, because it is small or of no use. */
function missed(collision: number): string {
  if (collision === 0) return 'none: states were told apart exactly';
  return `a state with a probability below ${collision.toExponential(1)}, because states were told apart by 64 bits of hash`;
}

function traceLines({ name, trace }: ExhaustionLaw): readonly string[] {
  if (trace === null) return [];
  const width = String(trace.steps.length).length;
  return [
    trace.isShortest ? `the shortest way to break '${name}':` : `a way to break '${name}', of the fewest choices:`,
    ...trace.steps.map(({ description }, index) => `  ${String(index + 1).padStart(width)}  ${description}`),
  ];
}
