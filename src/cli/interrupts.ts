/** Ctrl-C and its like: the first asks the command to come to an end, a second ends it at once. */
import { constants } from 'node:os';
import { printError } from './console.ts';
import { exitNow } from './exit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** The user, or the system, asked for an end. The message is one line on what was done so far. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP. */
  readonly code: number;

  constructor(signal: Signal, soFar: string) {
    super(`interrupted by ${signal}${soFar === '' ? '' : `: ${soFar}`}`);
    this.code = exitCode(signal);
  }
}

export interface Interrupts {
  /** Throws `Interrupted` once a signal came. */
  check(): void;
  /** The promise, or `Interrupted` if a signal comes first; then the promise goes on alone. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Listens no longer. */
  dispose(): void;
}

/** How long what was interrupted may take to clean up. */
const PATIENCE_MS = 8_000;

/** `soFar` tells in one line what was done. */
export function listenForInterrupts(soFar: () => string): Interrupts {
  let came: Signal | null = null;
  const waiting = new Set<(reason: Interrupted) => void>();
  const listener = (signal: Signal): void => {
    // The servers and files of ours that are then left are removed by their guardians.
    const interrupted = new Interrupted(signal, soFar());
    if (came !== null) endAtOnce(interrupted);
    came = signal;
    // What does not come to an end by itself is not waited for.
    setTimeout(() => endAtOnce(interrupted), PATIENCE_MS).unref();
    for (const reject of waiting) reject(interrupted);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    check() {
      if (came !== null) throw new Interrupted(came, soFar());
    },
    race<T>(promise: Promise<T>) {
      return new Promise<T>((resolve, reject) => {
        if (came !== null) reject(new Interrupted(came, soFar()));
        waiting.add(reject);
        promise.then(resolve, reject).finally(() => waiting.delete(reject));
      });
    },
    dispose() {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}

function exitCode(signal: Signal): number {
  return 128 + constants.signals[signal];
}

let forced = false;

/** Whether the process is ended without waiting for what it was doing. */
export function wasForced(): boolean {
  return forced;
}

function endAtOnce({ message, code }: Interrupted): never {
  forced = true;
  printError(`${message}\n`);
  exitNow(code);
}
