/** A stretch of runs, played and judged one after another: the piece of a campaign that one worker does at a time. */
import { LAWS } from '../../laws/all.ts';
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
  for (let run = from; run <= to; run += 1) {
    const script = scriptOfRun(player.design, draws, run);
    const history = await player.play(script);
    const { verdicts, breaches } = judgeRun(history, LAWS);
    addRun(tally, run, history, verdicts, breaches);
    // One run of many is enough to notice a design that is not a function of its Script.
    if (run === from && breaches.length === 0 && !(await isSteady(player, script, history))) {
      tally.unsteady = run;
    }
    if (untilBroken && hasBroken(tally, expected)) break;
  }
  return tally;
}
