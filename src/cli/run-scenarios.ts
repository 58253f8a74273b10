/** What `seatproof run` does: plays scenarios on the model and on Postgres, prints the outcome, and writes the reports. */
import { isDeepStrictEqual } from 'node:util';
import { EnvironmentError, isEnvironmentError, isUsageError } from '../core/failures.ts';
import { REACH_GOALS } from '../laws/reach.ts';
import {
  formatSeed,
  resultOfRun,
  type Played,
  type Result,
  type RunReport,
  type Skipped,
  type Target,
} from '../report/run-report.ts';
import { terminalReport } from '../report/terminal.ts';
import { kindOf } from '../designs/design.ts';
import { runsOnDatabaseOnly } from '../scenario/design.ts';
import { withItsRequests } from '../world/requests.ts';
import { print, printError, wantsColour } from './console.ts';
import type { NamedDesign } from './design-flag.ts';
import { Bug, EXIT, UsageErrors } from './failures.ts';
import { Interrupted, listenForInterrupts, type Interrupts } from './interrupts.ts';
import { TARGETS, wrongUsage, type Reporter, type TargetName } from './options.ts';
import { openReportFolder } from './output.ts';
import { COMMAND, PACKAGE } from './package.ts';
import { playOnDatabase, playOnModel, type Stage } from './play-suite.ts';
import { beginPostgres, type PostgresInTheBackground } from './postgres.ts';
import { openProgress, type Progress } from './progress.ts';
import { anySeed } from './seed.ts';
import { REPORT_NAMES, reportFiles, withHistoryFiles } from './report-files.ts';
import { loadSuite, skippedOf } from './suite.ts';

export interface RunFlags {
  readonly design?: string;
  readonly on: readonly TargetName[];
  readonly postgres: string;
  readonly image?: string;
  readonly reporter: readonly Reporter[];
  readonly out: string;
  readonly filter?: string;
  readonly seed?: number;
  readonly color: boolean;
}

const CODES: Record<Result, number> = {
  passed: EXIT.passed,
  failed: EXIT.finding,
  inconclusive: EXIT.inconclusive,
};

/** Returns the exit code. */
export async function runScenarios(paths: readonly string[], flags: RunFlags): Promise<number> {
  if (flags.image !== undefined && flags.postgres !== 'container') {
    throw wrongUsage(
      '--image names the image of a container, and no container was asked for',
      `seatproof run --postgres container --image ${flags.image}`,
    );
  }
  if (flags.postgres !== 'embedded' && !flags.on.includes('postgres')) {
    throw wrongUsage(
      '--postgres says which Postgres to play on, and --on leaves it out',
      `seatproof run --on model,postgres --postgres ${flags.postgres.includes(':') ? 'container' : flags.postgres}`,
    );
  }
  if (flags.out === '' || paths.includes('')) {
    throw wrongUsage('a path is empty; is a variable unset?', 'seatproof run scenarios --out reports');
  }
  const run = new Run(paths, flags);
  const interrupts = listenForInterrupts(() => run.soFar());
  try {
    return await run.toItsEnd(interrupts);
  } catch (error) {
    throw isExpected(error) ? error : new Bug(error, run.replay());
  } finally {
    interrupts.dispose();
  }
}

class Run {
  readonly #paths: readonly string[];
  readonly #flags: RunFlags;
  readonly #seed: number;
  readonly #played: Played[] = [];
  readonly #goals = new Map<string, number>();
  #written = false;
  /** The design of the flag, with its requests filled in; null without the flag. */
  #against: NamedDesign | null = null;
  #skipped: readonly Skipped[] = [];

  constructor(paths: readonly string[], flags: RunFlags) {
    this.#paths = paths;
    this.#flags = flags;
    this.#seed = flags.seed ?? anySeed();
  }

  async toItsEnd(interrupts: Interrupts): Promise<number> {
    const { reporter, out, color, design } = this.#flags;
    if (design !== undefined) {
      const { resolveDesign } = await import('./design-flag.ts');
      const { design: found, text } = await resolveDesign(design, 'run');
      this.#against = { design: await withItsRequests(found), text };
    }
    const folder = reporter.some((name) => name !== 'terminal') ? await openReportFolder(out) : null;
    const report = await this.#play(interrupts);
    const tell = (files: readonly string[]): void => {
      if (reporter.includes('terminal')) print(terminalReport({ ...report, files }, wantsColour(color)));
    };
    try {
      await folder?.write(reportFiles(report, reporter));
    } catch (error) {
      if (!isEnvironmentError(error)) throw error;
      // The work is done, so what was found is told even where it cannot be written. A ✓ is not: not all went well.
      if (resultOfRun(report.played) === 'passed') {
        throw new EnvironmentError(`the scenarios passed, but ${error.message}`, { cause: error });
      }
      tell([]);
      throw error;
    }
    this.#written = folder !== null;
    interrupts.check();
    tell(report.files);
    if (!reporter.includes('terminal')) printError(`written: ${report.files.join(', ')}\n`);
    return CODES[resultOfRun(report.played)];
  }

  /** In one line what was done until now. */
  soFar(): string {
    const much = TARGETS.map((name) => `${this.#played.filter(({ on }) => on === name).length} on ${name}`);
    const failed = this.#played.filter(({ result }) => result === 'failed').length;
    return `played ${much.join(' and ')}, ${failed} failed; ${this.#written ? 'the reports were' : 'no report was'} written`;
  }

  replay(): string {
    return `${COMMAND} run ${this.#paths.join(' ')} --on ${this.#flags.on.join(',')} --seed ${formatSeed(this.#seed)}`;
  }

  async #play(interrupts: Interrupts): Promise<RunReport> {
    const { postgres: choice, image, filter } = this.#flags;
    const on = targetsFor(this.#against, this.#flags.on);
    const startedAt = new Date().toISOString();
    const begun = performance.now();
    const progress = await openProgress();
    let postgres: PostgresInTheBackground | null = null;
    try {
      // Set up while the scenarios are read and played on the model.
      if (on.includes('postgres')) postgres = await beginPostgres(choice, image ?? null);
      const check = (): void => {
        interrupts.check();
        postgres?.check();
      };
      progress.show('reading scenarios');
      const loaded = await interrupts.race(loadSuite(this.#paths, filter ?? null, this.#against));
      const suite = loaded.entries.filter((entry) => on.includes('postgres') || !runsOnDatabaseOnly(entry.scenario));
      const left = loaded.entries.filter((entry) => !suite.includes(entry));
      this.#skipped = [
        ...loaded.skipped,
        ...left.map((entry) => skippedOf(entry, 'its design runs on a Postgres, which --on leaves out')),
      ];
      const targets: Target[] = on.includes('model')
        ? [
            {
              name: 'model',
              about: this.#isPlayed() ? `${this.#against?.design.name ?? ''}, in simulated time` : 'the model',
              flags: `--on model${this.#designFlag()}`,
            },
          ]
        : [];
      const onModel = await playOnModel(suite, this.#stage('model', suite.length, check, progress));
      if (postgres !== null) {
        progress.show('waiting for Postgres');
        const open = await interrupts.race(postgres.ready());
        targets.push({ ...open.target, flags: `${open.target.flags}${this.#designFlag()}` });
        const stage = this.#stage('postgres', suite.length, check, progress);
        // A server that does not answer must not keep a signal from being heard.
        await interrupts.race(playOnDatabase(suite, onModel, open, stage));
      }
      interrupts.check();
      return this.#report(targets, startedAt, performance.now() - begun);
    } catch (error) {
      // What fails because a signal also reached the database is the interruption, not the database.
      interrupts.check();
      throw error;
    } finally {
      progress.stop();
      await postgres?.close();
    }
  }

  /** Whether the model is the user's design and not the reference. */
  #isPlayed(): boolean {
    return this.#against !== null && kindOf(this.#against.design) !== 'policy';
  }

  #designFlag(): string {
    return this.#against === null ? '' : ` --design ${this.#against.text}`;
  }

  #stage(target: TargetName, total: number, check: () => void, progress: Progress): Stage {
    const begun = performance.now();
    let commands = 0;
    return {
      seed: this.#seed,
      reached: this.#goals,
      check,
      onScenario(number, { scenario }) {
        const rate = Math.round(commands / ((performance.now() - begun) / 1000));
        const speed = commands === 0 ? '' : `, ${rate} commands/s`;
        progress.show(`${target} ${number}/${total}${speed}: ${scenario.script.title}`);
      },
      onPlayed: (played) => {
        commands += played.commands;
        // On the model everything is played, because Postgres is compared with it.
        if (targetsFor(this.#against, this.#flags.on).includes(target)) this.#played.push(played);
      },
      onSkipped: (skipped) => {
        const isKnown = this.#skipped.some((known) => isDeepStrictEqual(known, skipped));
        if (!isKnown) this.#skipped = [...this.#skipped, skipped];
      },
    };
  }

  #report(targets: readonly Target[], startedAt: string, wallMs: number): RunReport {
    const files = filesOf(this.#flags);
    return {
      tool: PACKAGE.version,
      command: COMMAND,
      seed: this.#seed,
      startedAt,
      wallMs,
      targets,
      played: files.length === 0 ? this.#played : withHistoryFiles(this.#played),
      skipped: this.#skipped,
      goals:
        this.#flags.filter !== undefined
          ? []
          : // A suite in which nobody runs a client could not have reached what takes one.
            REACH_GOALS.filter(({ name }) => this.#goals.has(name)).map(({ name, statement }) => ({
              name,
              statement,
              count: this.#goals.get(name) ?? 0,
            })),
      files,
    };
  }
}

/** A design runs in process or on a Postgres; the reference on both. Throws `UsageError` where `on` leaves out its place. */
function targetsFor(against: NamedDesign | null, on: readonly TargetName[]): readonly TargetName[] {
  if (against === null) return on;
  const { design, text } = against;
  const kind = kindOf(design);
  if (kind === 'policy') return on;
  const target = kind === 'sql' ? 'postgres' : 'model';
  if (on.includes(target)) return [target];
  throw wrongUsage(
    `--on: ${design.name} is a design ${kind === 'sql' ? 'in SQL, which runs on postgres' : 'in process, which runs on model'}`,
    `seatproof run --design ${text} --on ${target}`,
  );
}

function filesOf({ reporter, out }: RunFlags): readonly string[] {
  const names = reporter.flatMap((name) => (name === 'terminal' ? [] : [REPORT_NAMES[name]]));
  return names.length === 0 ? [] : [...names, 'histories/'].map((name) => `${out.replace(/\/+$/, '')}/${name}`);
}

function isExpected(error: unknown): boolean {
  return (
    isUsageError(error) || isEnvironmentError(error) || error instanceof UsageErrors || error instanceof Interrupted
  );
}
