/** The folder for reports: checked before the work, and written so that each file is either whole or not there. */
import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '../core/failures.ts';

export interface ReportFile {
  /** Below the folder, with `/`. */
  readonly name: string;
  readonly text: string;
}

interface Told {
  readonly what: string;
  readonly example: string;
}

export interface ReportFolder {
  readonly path: string;
  /** Writes all of them, or none and throws `EnvironmentError`. Histories of an earlier run that are not among them are removed. */
  write(files: readonly ReportFile[]): Promise<void>;
  /** The same, and leaves everything else as it is. */
  add(files: readonly ReportFile[]): Promise<void>;
}

const REPORTS = { what: 'the reports', example: 'seatproof run --out /tmp/reports' };

/**
 * Tries the folder, and leaves it as it was: it is made for good when something is written. Throws `EnvironmentError` when
 * nothing can be written there, and says then what was to be written, and a command line that writes it elsewhere.
 */
export async function openReportFolder(folder: string, told: Told = REPORTS): Promise<ReportFolder> {
  const root = path.resolve(folder);
  await attempt(folder, told, async () => {
    const made = await makeFolder(root);
    const probe = temporaryName(path.join(root, 'probe'));
    try {
      await writeFile(probe, 'can this be written?\n');
    } finally {
      await rm(probe, { force: true });
      if (made !== undefined) removeEmpty(root, made);
    }
  });
  return {
    path: folder,
    write: (files) =>
      attempt(folder, told, async () => {
        await writeAll(root, files);
        await removeFormerHistories(root, new Set(files.map(({ name }) => path.join(root, name))));
      }),
    add: (files) => attempt(folder, told, () => writeAll(root, files)),
  };
}

/**
 * Makes the folder and those above it, and returns the first that it made; undefined for none. Level by level, because
 * Node's own `recursive` never returns where a file system makes no folders, such as /proc.
 */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return undefined;
    const above = path.dirname(folder);
    // Where the folder above is there, it is this one that cannot be made.
    if (code !== 'ENOENT' || above === folder || existsSync(above)) throw error;
    const made = await makeFolder(above);
    await mkdir(folder);
    return made ?? folder;
  }
}

/** First every file under another name, so that a full disk is met before anything is replaced. */
async function writeAll(root: string, files: readonly ReportFile[]): Promise<void> {
  const staged = files.map(({ name, text }) => {
    const target = path.join(root, name);
    return { target, text, temporary: temporaryName(target) };
  });
  const made: (readonly [folder: string, from: string])[] = [];
  // An exit in the middle, as by a second Ctrl-C, leaves none of them behind, nor a folder that was made for them.
  const removeAll = (): void => {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    for (const [folder, from] of made.toReversed()) removeEmpty(folder, from);
  };
  process.once('exit', removeAll);
  try {
    for (const folder of new Set([root, ...staged.map(({ target }) => path.dirname(target))])) {
      const first = await makeFolder(folder);
      if (first !== undefined) made.push([folder, first]);
    }
    for (const { temporary, text } of staged) await writeFile(temporary, text);
    for (const { target, temporary } of staged) await rename(temporary, target);
  } finally {
    removeAll();
    process.off('exit', removeAll);
  }
}

/** Where histories are kept, below the folder. */
export const HISTORIES = 'histories';

async function removeFormerHistories(root: string, written: ReadonlySet<string>): Promise<void> {
  const folder = path.join(root, HISTORIES);
  const names = await readdir(folder).catch(() => []);
  const former = names
    .filter((name) => /\.(model|postgres)\.jsonl$/.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => !written.has(file));
  await Promise.all(former.map((file) => rm(file, { force: true })));
}

/** Beside its target, because only within one file system can a file be renamed. */
function temporaryName(target: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
}

/** Up from the folder to the first one that was made for it, as long as they are empty. */
function removeEmpty(root: string, made: string): void {
  for (let folder = root; folder.length >= made.length; folder = path.dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

async function attempt<T>(folder: string, { what, example }: Told, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
    const reason = REASONS[error.code] ?? error.message;
    throw new EnvironmentError(
      `${what} cannot be written to '${folder}': ${reason}. Name another folder, for example ${example}`,
      { cause: error },
    );
  }
}

const REASONS: Record<string, string> = {
  ENOTDIR: 'a part of that path is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the disk quota of this user is used up',
  ENOENT: 'no folder can be made there',
};
