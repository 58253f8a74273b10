/** A pool of worker threads that do pieces of a simulation. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Piece, PieceResult } from './piece.ts';

export interface Pool {
  readonly workers: number;
  readonly doPiece: (piece: Piece) => Promise<PieceResult>;
  close(): Promise<void>;
}

export function openPool(workers: number = availableParallelism()): Pool {
  // From the sources the worker is TypeScript as well, and needs the loader that runs it.
  const isSource = import.meta.url.endsWith('.ts');
  const filename = fileURLToPath(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url));
  const pool = new Piscina<Piece, PieceResult>({
    filename,
    // None before there is work.
    minThreads: 0,
    maxThreads: workers,
    execArgv: isSource ? ['--import', loaderOfModules()] : [],
  });
  return {
    workers,
    doPiece: (piece) => pool.run(piece),
    close: () => pool.destroy(),
  };
}

/**
 * A module that has the sources loaded as modules: required, as a pool tries first, they are several times as slow. The
 * loader is told by its place, because a worker would look for the name where the command was given.
 */
function loaderOfModules(): string {
  const register = `import { register } from '${import.meta.resolve('tsx/esm/api')}'; register();`;
  return `data:text/javascript,${encodeURIComponent(register)}`;
}
