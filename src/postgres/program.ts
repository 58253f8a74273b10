/** The programs of a server of our own: started, listened to, and ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server is given to stop. */
const STOP_LIMIT_MS = 2_000;

/** Who the server's processes run as; empty for ourselves. */
export type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>;

export interface Launched {
  readonly process: ChildProcess;
  /** What it wrote last. */
  log(): string;
  /** Resolves with true once it has written this. */
  says(text: string): Promise<boolean>;
}

/** Starts a program. */
export function launch(program: string, args: readonly string[], identity: Identity, cwd: string): Launched {
  const child = spawn(program, args, {
    ...identity,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Messages in English, because we read them; a known time zone, because looking for the machine's takes initdb long.
    env: { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' },
  });
  let log = '';
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer | string) => {
    log = (log + chunk.toString()).slice(-4_000);
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.on('error', (error) => hear(error.message));
  return {
    process: child,
    log: () => log.trim(),
    says: (text) =>
      new Promise((resolve) => {
        const listener = () => {
          if (log.includes(text)) resolve(true);
        };
        listeners.add(listener);
        listener();
      }),
  };
}

/** Its exit code; null when it was killed, or could not be run. */
export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('close', (code) => resolve(code));
    // A program that cannot be run at all has no end to wait for.
    child.once('error', () => resolve(null));
  });
}

/**
 * Asks a server to disconnect everyone and stop, having woken it should somebody have stopped it. Whether it has ended
 * within some seconds.
 */
export async function stop(server: ChildProcess): Promise<boolean> {
  const over = ended(server).then(() => true);
  server.kill('SIGCONT');
  server.kill('SIGINT');
  return Promise.race([over, sleep(STOP_LIMIT_MS, false, { ref: false })]);
}
