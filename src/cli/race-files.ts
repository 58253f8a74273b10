/** The schedules that `seatproof race` saves, and what it draws of them. */
import type { Drawing } from '../report/schedule.ts';
import type { RaceFindingReport } from '../report/race-report.ts';
import type { History } from '../history/history.ts';
import { probesInWords } from '../report/timeline.ts';
import { replyInWords } from '../report/words.ts';
import type { RaceFinding } from '../search/race/race.ts';
import { replyOf } from '../search/race/record.ts';
import { encodeSchedule } from '../search/race/saved.ts';
import type { Staged } from '../search/race/stage.ts';
import type { Played } from '../search/race/explore.ts';
import type { ReportFile } from './output.ts';
import { COMMAND } from './package.ts';
import type { RaceFlags } from './run-race.ts';

/** Below the folder for reports. */
export const RACES = 'races';

export function drawingOf(staged: Staged, played: Played, history: History): Drawing {
  return {
    columns: staged.calls.map(({ name }) => name),
    events: played.events,
    answers: played.answers.map((answer, actor) => {
      const reply = replyOf(staged, played, actor);
      if (reply !== null) return replyInWords(reply, staged.cast);
      if (answer.type !== 'threw') return '';
      return `throws ${answer.error instanceof Error ? answer.error.message : String(answer.error)}`;
    }),
    probes: probesInWords(history),
  };
}

export function savedFile(flags: Pick<RaceFlags, 'design'>, on: 'memory' | 'postgres', found: RaceFinding): ReportFile {
  const { law, finding, staged, played } = found;
  const { raceCase } = staged;
  const base = flags.design.replace(/^.*[\\/]/, '').replace(/(\.(design|race))?\.[cm]?[jt]s$/, '');
  const level = raceCase.isolation === 'read committed' ? '' : `-${raceCase.isolation.replace(' ', '-')}`;
  return {
    name: `${base}-${law}${level}.race.json`,
    text: encodeSchedule({
      design: flags.design,
      on,
      raceCase,
      schedule: played.schedule,
      law,
      message: finding.message,
    }),
  };
}

/** A finding with its drawing, and the command that plays it again. */
export function findingReport(
  found: RaceFinding,
  file: string | null,
  flags: Pick<RaceFlags, 'out' | 'postgres'>,
): RaceFindingReport {
  const { finding, staged, played, history, also, alsoInTurn, confirmed } = found;
  const postgres = flags.postgres === 'container' ? ' --postgres container' : '';
  return {
    finding,
    drawing: drawingOf(staged, played, history),
    also,
    alsoInTurn,
    confirmed,
    replay:
      file === null
        ? 'not saved'
        : `${COMMAND} race --replay ${flags.out.replace(/\/+$/, '')}/${RACES}/${file}${postgres}`,
  };
}
