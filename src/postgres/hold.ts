/**
 * Holds processes of a server still and lets them go on, by signals. A process that is held keeps what it has and gets what
 * it is given; it only does nothing. Like that the order in which several go on can be chosen, which otherwise the machine
 * does. Only a server on this machine, and of our own, hears it.
 */
import type { PostgresServer } from './server.ts';

export interface Holder {
  hold(pids: readonly number[]): void;
  letGo(pids: readonly number[]): void;
}

/** Null where the processes of the server are not ours to hold. */
export function holderFor({ runsHere }: Pick<PostgresServer, 'runsHere'>): Holder | null {
  if (!runsHere) return null;
  return { hold: (pids) => signal(pids, 'SIGSTOP'), letGo: (pids) => signal(pids, 'SIGCONT') };
}

function signal(pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  }
}
