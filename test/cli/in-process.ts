/** Gives the program a command line within this process: quicker, where neither the process nor a file of the user's is the subject. */
import { vi } from 'vitest';
import { failureOf } from '../../src/cli/failures.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Ended, Surroundings } from './seatproof.ts';

/** Runs it to its end. One at a time: the streams, the folder and the environment are those of the process. */
export async function inProcess(
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: Surroundings = {},
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const home = process.cwd();
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  process.chdir(cwd);
  try {
    let code: number | null = null;
    await runProgram(args, (given) => {
      code = given;
    });
    return { code, ...said };
  } catch (error) {
    const { code, text } = failureOf(error);
    return { code, stdout: said.stdout, stderr: said.stderr + text };
  } finally {
    process.chdir(home);
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  }
}
