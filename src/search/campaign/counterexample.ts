/** From a run that broke something to the smallest Script that breaks it each time it is played. */
import { LAWS } from '../../laws/all.ts';
import type { Finding } from '../../laws/finding.ts';
import type { History } from '../../history/history.ts';
import type { Script } from '../../world/script.ts';
import { minimise } from '../minimise/minimise.ts';
import { judgeRun, type Breach } from './breaches.ts';
import { scriptOfRun, shrinkRun, type Draws } from './draws.ts';
import type { Player } from './player.ts';

/** A breach that repeats, or one that does not. */
export type Replayed = Counterexample | Unrepeated;

export interface Counterexample {
  readonly type: 'found';
  /** The code of the law, or how the design failed. */
  readonly code: string;
  readonly run: number;
  /** What happens in it; null where it could not be played to its end. */
  readonly shown: Shown | null;
  /** What it breaks, that code first. */
  readonly findings: readonly Finding[];
  /** How many Scripts were played to make it small. */
  readonly played: number;
  /** Whether nothing simpler was left to try. */
  readonly complete: boolean;
}

export interface Shown {
  readonly script: Script;
  readonly history: History;
  /** How many steps the Script had when it was drawn. */
  readonly stepsDrawn: number;
}

/** A code that broke in a run, and not in a replay: the design is not a function of its Script. */
export interface Unrepeated {
  readonly type: 'unrepeated';
  readonly code: string;
  readonly run: number;
  /** `thread`: not in a replay in the same thread. `new-thread`: in each replay there, but not in a new thread. */
  readonly in: 'thread' | 'new-thread';
}

/** fast-check removes what is not needed; `minimise`, which knows what a Script is, does the rest. */
const MOST_SHRINKS = 300;

/** How often the smallest Script has to break the code again. */
const REPLAYS = 2;

/** `code` is a law, or a way in which the design fails, that broke when the run was played before. */
export async function findCounterexample(player: Player, draws: Draws, run: number, code: string): Promise<Replayed> {
  const { design } = player;
  const breaks = (script: Script): Promise<boolean> => breaksIn(player, script, code);
  const drawn = scriptOfRun(design, draws, run);
  const unrepeated: Unrepeated = { type: 'unrepeated', code, run, in: 'thread' };
  if (!(await breaks(drawn))) return unrepeated;
  const shrunk = await shrinkRun(design, draws, run, breaks, MOST_SHRINKS);
  const small = await minimise(shrunk.script, async (script) => {
    const breach = await breachIn(player, script, code);
    return breach === undefined ? null : (breach.finding.at ?? script.until);
  });
  const history = await player.play(small.script);
  const { breaches } = judgeRun(history, LAWS);
  const own = breaches.filter((breach) => breach.code === code);
  if (own.length === 0) return unrepeated;
  for (let again = 0; again < REPLAYS; again += 1) {
    if (!(await breaks(small.script))) return unrepeated;
  }
  const others = breaches.filter((breach) => breach.code !== code);
  return {
    type: 'found',
    code,
    run,
    shown: { script: small.script, history, stepsDrawn: drawn.steps.length },
    findings: [...own, ...others].map(({ finding }) => finding),
    played: shrunk.played + small.played,
    complete: small.complete,
  };
}

/** Whether a Script breaks this code when it is played once. */
export async function breaksIn(player: Player, script: Script, code: string): Promise<boolean> {
  return (await breachIn(player, script, code)) !== undefined;
}

async function breachIn(player: Player, script: Script, code: string): Promise<Breach | undefined> {
  const judged = LAWS.filter((law) => law.code === code);
  return judgeRun(await player.play(script), judged).breaches.find((breach) => breach.code === code);
}
