/** A deployment that can be interrupted: between two steps it lets the process hear signals, and stops when one came. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Deployment } from '../service/port.ts';

/** How long a run may go on without a turn of the event loop. */
const LONGEST_MS = 50;

/** `onTurn` is called at each turn, at most every 50 ms; what it throws ends the run. */
export function steady(deployment: Deployment, onTurn: () => void): Deployment {
  const { overlap, alone } = deployment;
  let last = performance.now();
  const turn = async (): Promise<void> => {
    await nextTurn();
    last = performance.now();
    onTurn();
  };
  return {
    name: deployment.name,
    concurrent: deployment.concurrent,
    // Looked up at each use, because a reset may replace it.
    get service() {
      return deployment.service;
    },
    reset: (licenses) => deployment.reset(licenses),
    setClock(now) {
      if (performance.now() - last < LONGEST_MS) return deployment.setClock(now);
      return turn().then(() => deployment.setClock(now));
    },
    ...(overlap === undefined ? {} : { overlap }),
    ...(alone === undefined
      ? {}
      : {
          async alone(now, command) {
            if (performance.now() - last >= LONGEST_MS) await turn();
            return alone(now, command);
          },
        }),
    held: () => deployment.held(),
    fault: (fault) => deployment.fault(fault),
    empty: () => deployment.empty(),
    restart: () => deployment.restart(),
    close: () => deployment.close(),
  };
}
