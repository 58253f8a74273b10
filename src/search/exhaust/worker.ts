/** One thread of a team: makes the model anew, then expands the blocks it is given. */
import { parentPort, workerData } from 'node:worker_threads';
import { readTypeScript } from '../../scenario/load.ts';
import { dropBefore, type Chunks } from './arena.ts';
import { Expander, roomFor } from './expander.ts';
import { Machine } from './machine.ts';
import { modelFrom, outlineOf, type ThreadData } from './source.ts';
import type { Answer, Block } from './team.ts';

function say(answer: Answer): void {
  parentPort?.postMessage(answer);
}

try {
  const { seatproofModel: source } = workerData as ThreadData;
  if (/\.[cm]?ts$/.test(source.module)) await readTypeScript();
  const model = await modelFrom(source);
  const machine = new Machine(model);
  const expander = new Expander(machine, true);
  const chunks: Chunks = [];
  parentPort?.on('message', ({ from, to, table, newChunks, newEntries, room }: Block) => {
    try {
      chunks.push(...newChunks);
      dropBefore(chunks, from);
      model.dictionary?.follow(newEntries);
      const { words, used, made, peaks } = expander.expand(chunks, from, to, table, room ?? roomFor(machine));
      say({ type: 'expanded', words, used, made, peaks });
    } catch (error) {
      say({ type: 'failed', error });
    }
  });
  say({ type: 'ready', outline: outlineOf(model) });
} catch (error) {
  say({ type: 'failed', error });
}
