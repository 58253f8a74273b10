/** Checks a design: every state of a small world around its rules, and how long what should not last can last. */
import { formatDuration, milliseconds, type Duration } from '../../../core/time.ts';
import type { Design } from '../../../designs/design.ts';
import type { DesignSource } from '../../../scenario/design-source.ts';
import type { Bounds } from '../bounds.ts';
import { exhaust } from '../exhaust.ts';
import type { Outcome, Progress, Trace } from '../outcome.ts';
import type { Grid } from './grid.ts';
import type { SafetyLaw, SessionModel } from './session-model.ts';
import { modelSource, sessionModelOf, type Surroundings } from './source.ts';
import { mostUnits, type Count } from './states/lasting.ts';

export interface SessionOptions extends Surroundings {
  /** How long devices may work at once; null: as long as the policy allows. */
  readonly allowed: Duration | null;
  readonly bounds: Partial<Bounds>;
  /** Where other threads find the design; without it there is one thread. */
  readonly source?: DesignSource;
  readonly onProgress?: (progress: Progress) => void;
}

export interface SessionCheck {
  readonly grid: Grid;
  readonly abstracted: readonly string[];
  readonly model: SessionModel;
  readonly outcome: Outcome;
}

/** Whether devices can work at once for longer than allowed. */
export async function checkSessions(design: Design, options: SessionOptions): Promise<SessionCheck> {
  return search(design, options, allowedBy(design, options), []);
}

/** How long devices may work at once in this search. */
export function allowedBy({ policy }: Design, { allowed }: Pick<SessionOptions, 'allowed'>): Duration {
  return allowed ?? policy.overlap;
}

/** The law that broke, and how; null where all are kept. */
export function breachIn({ outcome }: SessionCheck): { readonly name: SafetyLaw; readonly trace: Trace } | null {
  for (const { name, type, outcome: became, trace } of outcome.laws) {
    if (type === 'always' && became === 'broken' && trace !== null) return { name: name as SafetyLaw, trace };
  }
  return null;
}

/** Whether the search ended because the service did not answer, so that it shows nothing about the other laws. */
export function endedUnanswered(check: SessionCheck): boolean {
  return breachIn(check)?.name === 'service answers';
}

/** The longest that something lasts; `isBounded` is false where counting stopped before it did. */
export interface Longest {
  readonly what: Count;
  readonly lasts: Duration;
  readonly isBounded: boolean;
  readonly trace: Trace | null;
  readonly check: SessionCheck;
}

/** The longest that one thing can last within these bounds. */
export async function measureSessions(design: Design, options: SessionOptions, what: Count): Promise<Longest> {
  const check = await search(design, options, null, [what]);
  const law = check.outcome.laws.at(-1);
  const units = law?.largest ?? 0;
  return {
    what,
    lasts: milliseconds(units * check.grid.unit),
    isBounded: units < mostUnits(check.grid),
    trace: law?.trace ?? null,
    check,
  };
}

async function search(
  design: Design,
  options: SessionOptions,
  allowed: Duration | null,
  counts: readonly Count[],
): Promise<SessionCheck> {
  const { bounds, source, onProgress } = options;
  const { grid, model } = sessionModelOf(design, options, { allowed, counts });
  const found = await exhaust(model, {
    ...bounds,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(source === undefined ? {} : { source: modelSource(source, options, { allowed, counts }) }),
  });
  const outcome = found.result === 'broken' ? await withShortest(found, model, options) : found;
  const walls = grid.client.clock === 'wall' ? ['nobody sets the clock on the wall'] : [];
  const abstracted = [
    ...asked(options, grid, allowedBy(design, options)),
    ...grid.abstracted,
    ...walls,
    ...ALWAYS_ABSTRACTED,
  ];
  return { grid, abstracted, model, outcome };
}

/** What was searched, besides what the name of the model says. */
function asked({ faults, kinds, launcher }: SessionOptions, { latency }: Grid, allowed: Duration): readonly string[] {
  const most = faults === 0 || kinds.length === 0 ? 'nothing goes wrong' : `at most ${faults} of: ${kinds.join(', ')}`;
  const late =
    kinds.includes('delay') && faults > 0 ? [`a message that is late comes within ${formatDuration(latency)}`] : [];
  const both = launcher ? ['the first device runs a launcher beside its bot'] : [];
  const stops = faults > 0 && kinds.includes('stop') ? 'stop at the cost of a fault' : 'never stop';
  const more = allowed > 0 ? [`devices may work at once for ${formatDuration(allowed)}`] : [];
  return [most, ...late, `users start whenever they like, and ${stops}`, ...both, ...more];
}

/** Beyond so many states, the way with the fewest choices must do. */
const MOST_TO_SHORTEN = 4_000_000;

/**
 * A search counts choices, tries what makes no difference in one order only, and goes on through what must come next. The
 * shortest way is the one of the fewest steps.
 */
async function withShortest(
  found: Outcome,
  model: SessionModel,
  { bounds, onProgress }: SessionOptions,
): Promise<Outcome> {
  const everything = { ...model, choices: everyAction, forced: () => -1 };
  const { laws } = await exhaust(everything, {
    ...bounds,
    maxStates: Math.min(MOST_TO_SHORTEN, bounds.maxStates ?? MOST_TO_SHORTEN),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return {
    ...found,
    laws: found.laws.map((law, index) => {
      const shortest = laws[index];
      if (law.outcome !== 'broken' || shortest?.outcome !== 'broken' || shortest.trace === null) return law;
      return { ...law, trace: { ...shortest.trace, isShortest: true } };
    }),
  };
}

function everyAction(_state: Uint8Array, into: Uint16Array): number {
  for (let action = 0; action < into.length; action++) into[action] = action;
  return into.length;
}

const ALWAYS_ABSTRACTED = [
  'a command runs on the server in one piece, and the store keeps what it has',
  'a message that is not late takes no time that counts',
];
