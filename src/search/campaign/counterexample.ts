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
  readonly script: Script;
  readonly history: History;
  /** What it breaks, that code first. */
  readonly findings: readonly Finding[];
  /** How many steps the Script had when it was drawn. */
  readonly stepsDrawn: number;
  /** How many Scripts were played to make it small. */
  readonly played: number;
  /** Whether nothing simpler was left to try. */
  readonly complete: boolean;
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
  const shown = judgeRun(first, LAWS).breaches.find((breach) => code === null || breach.code === code);
  const given = { run, stepsDrawn };
  // Whoever answers otherwise each time cannot be minimised: no candidate says anything about another.
  if (shown === undefined || !(await isSteady(player, drawn, first))) return unsteady(given, drawn, first);
  const judged = LAWS.filter((law) => law.code === shown.code);
  const broken = async (script: Script): Promise<Breach | undefined> =>
    judgeRun(await player.play(script), judged).breaches.find((breach) => breach.code === shown.code);
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
  if (!(await isSteady(player, small.script, history))) return unsteady(given, small.script, history);
  const { breaches } = judgeRun(history, LAWS);
  const own = breaches.filter((breach) => breach.code === shown.code);
  const others = breaches.filter((breach) => breach.code !== shown.code);
  return {
    ...given,
    code: shown.code,
    script: small.script,
    history,
    findings: [...own, ...others].map(({ finding }) => finding),
    played: shrunk.played + small.played,
    complete: small.complete,
  };
}

function unsteady(given: Pick<Counterexample, 'run' | 'stepsDrawn'>, script: Script, history: History): Counterexample {
  const how: DesignFailure = 'not-deterministic';
  const finding = designFinding(how, 'the same Script, played again, went another way');
  return { ...given, code: how, script, history, findings: [finding], played: 0, complete: false };
}
