/** What is shown while a command works: one line that changes, and only on a terminal. */
import type { Ora } from 'ora';

export interface Progress {
  show(text: string): void;
  /** Takes the line away. Can be called twice. */
  stop(): void;
}

/** Below this many columns a line says nothing; a terminal that does not know its width says 0, and ora loops for ever. */
const NARROWEST = 20;

/** Shows nothing where standard error is no terminal. */
export async function openProgress(): Promise<Progress> {
  const { isTTY, columns } = process.stderr;
  if (!isTTY || columns < NARROWEST) return { show: () => undefined, stop: () => undefined };
  const { default: ora } = await import('ora');
  // Left alone, standard input turns a Ctrl-C into the signal that we wait for.
  const spinner: Ora = ora({ stream: process.stderr, discardStdin: false, color: false });
  return {
    show(text) {
      // Room for the spinner, so that the line never wraps.
      const width = Math.max(NARROWEST, process.stderr.columns) - 4;
      spinner.text = text.length > width ? `${text.slice(0, width - 1)}…` : text;
      if (!spinner.isSpinning) spinner.start();
    },
    stop() {
      if (spinner.isSpinning) spinner.stop();
    },
  };
}
