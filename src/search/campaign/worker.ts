/** A worker of a campaign: a thread that does one task after another on the design that it was begun with. */
import { parentPort, workerData } from 'node:worker_threads';
import { isEnvironmentError, isUsageError, type Place } from '../../core/failures.ts';
import { playChunk, type Chunk } from './chunk.ts';
import { breaksIn, findCounterexample, type Replayed } from './counterexample.ts';
import { openDesign, type DesignSource } from '../../scenario/design-source.ts';
import { withItsRequests } from '../../world/requests.ts';
import type { Script } from '../../world/script.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import type { Draws } from './draws.ts';
import { openPlayer } from './player.ts';
import type { Tally } from './tally.ts';
import { measure, type Measures } from '../compare/measure.ts';

export type Task =
  | { readonly type: 'open' }
  | { readonly type: 'close' }
  | { readonly type: 'play'; readonly chunk: Chunk }
  | { readonly type: 'find'; readonly draws: Draws; readonly run: number; readonly code: string }
  | { readonly type: 'replay'; readonly script: Script; readonly code: string }
  | { readonly type: 'measure'; readonly seed: number };

export interface Results {
  readonly open: null;
  readonly close: null;
  readonly play: Tally;
  readonly find: Replayed;
  /** Whether the Script broke the code. */
  readonly replay: boolean;
  readonly measure: Measures;
}

/** What comes back: errors lose their class on the way, so that it is told. */
export type Report =
  | { readonly value: Results[Task['type']] }
  | {
      readonly error: {
        readonly name: string;
        readonly message: string;
        readonly stack: string;
        readonly place: Place | null;
      };
    };

/** What a worker is begun with. Plain data. */
export interface PlayerSource {
  readonly source: DesignSource;
  /** For a design in SQL; a worker closes nothing of it. */
  readonly server: Omit<PostgresServer, 'close'> | null;
}

let player: ReturnType<typeof openPlayer> | null = null;

async function open({ source, server }: PlayerSource): ReturnType<typeof openPlayer> {
  const design = await withItsRequests(await openDesign(source));
  return openPlayer(design, server === null ? null : { ...server, close: () => Promise.resolve() });
}

async function work(task: Task): Promise<Results[Task['type']]> {
  player ??= open(workerData as PlayerSource);
  const known = await player;
  switch (task.type) {
    case 'open':
      return null;
    case 'close':
      await known.close();
      return null;
    case 'play':
      return playChunk(known, task.chunk);
    case 'find':
      return findCounterexample(known, task.draws, task.run, task.code);
    case 'replay':
      return breaksIn(known, task.script, task.code);
    case 'measure':
      return measure(known.design, task.seed);
  }
}

async function reportOf(task: Task): Promise<Report> {
  try {
    return { value: await work(task) };
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const name = isUsageError(known) || isEnvironmentError(known) ? known.name : 'Error';
    const place = isUsageError(known) ? known.place : null;
    return { error: { name, message: known.message, stack: known.stack ?? known.message, place } };
  }
}

parentPort?.on('message', (task: Task) => {
  void reportOf(task).then((report) => parentPort?.postMessage(report));
});
