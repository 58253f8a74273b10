/** The command line that plays one scenario again. */
import { formatSeed, type Played, type RunReport } from './run-report.ts';

/** `npx seatproof run scenarios/crash.scenario.ts --filter 'a bot that crashes' --on model --seed 0x5eed0001`. */
export function replayCommand(played: Pick<Played, 'file' | 'title' | 'on'>, report: RunReport): string {
  const flags = report.targets.find(({ name }) => name === played.on)?.flags ?? `--on ${played.on}`;
  return `${report.command} run ${quoted(played.file)} --filter ${quoted(played.title, true)} ${flags} --seed ${formatSeed(report.seed)}`;
}

/** As a shell reads it back. */
function quoted(text: string, always = false): string {
  return !always && /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
