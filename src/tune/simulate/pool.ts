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
    minThreads: workers,
    maxThreads: workers,
    execArgv: isSource ? ['--import', 'tsx'] : [],
  });
  return {
    workers,
    doPiece: (piece) => pool.run(piece),
    close: () => pool.destroy(),
  };
}
