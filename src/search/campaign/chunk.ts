/** A stretch of runs, played and judged one after another: the piece of a campaign that one worker does at a time. */
import type { History } from '../../history/history.ts';
import { LAWS } from '../../laws/all.ts';
import type { Script } from '../../world/script.ts';
import { judgeRun } from './breaches.ts';
import { scriptOfRun, type Draws } from './draws.ts';
import { isSteady, type Player } from './player.ts';
import { addRun, emptyTally, hasBroken, type Tally } from './tally.ts';

export interface Chunk {
  readonly draws: Draws;
  /** The first run and the last one. Runs are counted from 1. */
  readonly from: number;
  readonly to: number;
  /** Whether to end with the first run that breaks something that is not expected to break. */
  readonly untilBroken: boolean;
  readonly expected?: readonly string[];
}

export async function playChunk(
  player: Player,
  { draws, from, to, untilBroken, expected = [] }: Chunk,
): Promise<Tally> {
  const tally = emptyTally();
  tally.granularity = player.design.granularity ?? 'statement';
  let passed: { readonly run: number; readonly script: Script; readonly history: History } | null = null;
  for (let run = from; run <= to; run += 1) {
    const script = scriptOfRun(player.design, draws, run);
    const history = await player.play(script);
    const { verdicts, breaches } = judgeRun(history, LAWS);
    addRun(tally, run, history, verdicts, breaches);
    if (breaches.length === 0) passed ??= { run, script, history };
    if (untilBroken && hasBroken(tally, expected)) break;
  }
  // One run of many is enough to notice a design that is not a function of its Script. It is replayed after the others,
  // because a design may keep state from one run to the next.
  if (passed !== null && !(await isSteady(player, passed.script, passed.history))) tally.unsteady = passed.run;
  return tally;
}
