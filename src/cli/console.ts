/** The two streams: the report goes to standard output, progress and errors to standard error. Nothing else writes to them. */

export function print(text: string): void {
  process.stdout.write(text);
}

export function printError(text: string): void {
  process.stderr.write(text);
}

/** Makes `seatproof run | head` end like any other command: who stops reading has read enough. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Whether the report may hold escape codes: only on a terminal, and never where NO_COLOR or --no-color says otherwise. */
export function wantsColour(flag: boolean): boolean {
  const { NO_COLOR, TERM } = process.env;
  // Undefined where it is no terminal, whatever its type says; and undefined means 'as you like' to who paints.
  const isTerminal = (process.stdout.isTTY as boolean | undefined) === true;
  return flag && isTerminal && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
