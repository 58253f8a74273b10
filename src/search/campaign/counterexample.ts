/** From a run that broke something to the Script that shows it best. */
import { LAWS } from '../../laws/all.ts';
import type { Finding } from '../../laws/finding.ts';
import type { History } from '../../history/history.ts';
import type { Script } from '../../world/script.ts';
import { minimise } from '../minimise/minimise.ts';
import { designFinding, judgeRun, type Breach, type DesignFailure } from './breaches.ts';
import { scriptOfRun, shrinkRun, type Draws } from './draws.ts';
import { isSteady, type Player } from './player.ts';

export interface Counterexample {
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

/** Fast-check takes away what is not needed; the rest is done by what knows what a Script is. */
const MOST_SHRINKS = 300;

/** `code` is what is to be shown; null for what the run breaks first. */
export async function findCounterexample(
  player: Player,
  draws: Draws,
  run: number,
  code: string | null,
): Promise<Counterexample> {
  const { design } = player;
  const drawn = scriptOfRun(design, draws, run);
  const stepsDrawn = drawn.steps.length;
  const first = await player.play(drawn);
  const broke = judgeRun(first, LAWS).breaches.find((breach) => code === null || breach.code === code);
  // Whoever answers otherwise each time cannot be minimised: no candidate says anything about another.
  if (broke === undefined || !(await isSteady(player, drawn, first)))
    return unsteady(run, { script: drawn, history: first, stepsDrawn });
  const judged = LAWS.filter((law) => law.code === broke.code);
  const broken = async (script: Script): Promise<Breach | undefined> =>
    judgeRun(await player.play(script), judged).breaches.find((breach) => breach.code === broke.code);
  const shrunk = await shrinkRun(
    design,
    draws,
    run,
    async (script) => (await broken(script)) !== undefined,
    MOST_SHRINKS,
  );
  const small = await minimise(shrunk.script, async (script) => {
    const breach = await broken(script);
    return breach === undefined ? null : (breach.finding.at ?? script.until);
  });
  const history = await player.play(small.script);
  if (!(await isSteady(player, small.script, history)))
    return unsteady(run, { script: small.script, history, stepsDrawn });
  const { breaches } = judgeRun(history, LAWS);
  const own = breaches.filter((breach) => breach.code === broke.code);
  const others = breaches.filter((breach) => breach.code !== broke.code);
  return {
    run,
    code: broke.code,
    shown: { script: small.script, history, stepsDrawn },
    findings: [...own, ...others].map(({ finding }) => finding),
    played: shrunk.played + small.played,
    complete: small.complete,
  };
}

function unsteady(run: number, shown: Shown): Counterexample {
  const how: DesignFailure = 'not-deterministic';
  const finding = designFinding(how, 'the same Script, played again, went another way');
  return { run, code: how, shown, findings: [finding], played: 0, complete: false };
}
