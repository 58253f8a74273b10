/** Threads that expand states at once, and hand over what they find in the order in which it was given out. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { UsageError } from '../../core/failures.ts';
import type { Chunks } from './arena.ts';
import type { Peaks, Proposals } from './expander.ts';
import type { Dictionary, Model } from './model.ts';
import { outlineOf, type ModelSource, type ThreadData } from './source.ts';

/** States `from` to before `to`, to be expanded. */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly table: Int32Array;
  /** Those that the thread was not told of before. */
  readonly newChunks: Readonly<Chunks>;
  /** What was numbered since. */
  readonly newEntries: readonly string[];
  /** To write proposals into; null where there is none to spare. */
  readonly room: Int32Array | null;
}

/** What a thread says: how its model looks, once; then its answer to each block. */
export type Answer =
  | { readonly type: 'ready'; readonly outline: string }
  | { readonly type: 'failed'; readonly error: unknown }
  | {
      readonly type: 'expanded';
      readonly words: Int32Array;
      readonly used: number;
      readonly made: number;
      readonly peaks: Peaks;
    };

interface Member {
  readonly worker: Worker;
  /** Resolved in the order in which blocks were given. */
  readonly waiting: { readonly resolve: (proposals: Proposals) => void; readonly reject: (error: unknown) => void }[];
  /** How many of each it was told of. */
  chunks: number;
  entries: number;
}

/** Starts the threads, and throws `UsageError` if what they make is not the model. */
export async function openTeam(model: Model, source: ModelSource, threads: number): Promise<Team> {
  const members = Array.from({ length: threads }, () => startMember(source));
  try {
    // Listening to all from the start: none may speak before it is heard.
    const first = await Promise.all(members.map(({ worker }) => once(worker, 'message')));
    for (const [answer] of first as [Answer][]) {
      if (answer.type === 'failed') throw answer.error;
      if (answer.type !== 'ready' || answer.outline !== outlineOf(model)) {
        throw new UsageError(
          `${source.name} of ${source.module} makes another model than the one to be searched, '${model.name}'; give it the same arguments in source.args`,
        );
      }
    }
  } catch (error) {
    await Promise.all(members.map(({ worker }) => worker.terminate()));
    throw error;
  }
  return new Team(members);
}

export class Team {
  private readonly members: readonly Member[];
  private readonly given: { readonly to: number; readonly proposals: Promise<Proposals> }[] = [];
  private readonly spare: Int32Array[] = [];

  constructor(members: readonly Member[]) {
    this.members = members;
    for (const member of members) listen(member);
  }

  /** Blocks given and not yet handed over. */
  get ahead(): number {
    return this.given.length;
  }

  give(
    chunks: Readonly<Chunks>,
    from: number,
    to: number,
    table: Int32Array,
    dictionary: Dictionary | undefined,
  ): void {
    const member = this.members.reduce((best, each) => (each.waiting.length < best.waiting.length ? each : best));
    const block: Block = {
      from,
      to,
      table,
      newChunks: chunks.slice(member.chunks),
      newEntries: dictionary?.entries(member.entries) ?? [],
      room: this.spare.pop() ?? null,
    };
    member.chunks = chunks.length;
    member.entries = dictionary?.size ?? 0;
    const proposals = new Promise<Proposals>((resolve, reject) => member.waiting.push({ resolve, reject }));
    // Its failure is heard when its turn comes; until then nobody waits for it.
    proposals.catch(() => undefined);
    this.given.push({ to, proposals });
    member.worker.postMessage(block);
  }

  /** What came of the block that was given first. */
  async next(): Promise<{ readonly proposals: Proposals; readonly to: number }> {
    const first = this.given.shift();
    if (first === undefined) throw new Error('no block was given');
    return { to: first.to, proposals: await first.proposals };
  }

  /** What was handed over is done with, and can be written into again. */
  giveBack(room: Int32Array): void {
    this.spare.push(room);
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map(({ worker }) => worker.terminate()));
  }
}

function startMember(source: ModelSource): Member {
  const data: ThreadData = { seatproofModel: source };
  const worker = import.meta.url.endsWith('.ts')
    ? startFromSources(data)
    : new Worker(new URL('./worker.js', import.meta.url), { workerData: data });
  return { worker, waiting: [], chunks: 0, entries: 0 };
}

/** A thread is not under the TypeScript loader of the thread that starts it, and needs one before its own file is read. */
function startFromSources(data: ThreadData): Worker {
  const [loader, file] = [import.meta.resolve('tsx/esm/api'), new URL('./worker.ts', import.meta.url).href];
  const text = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(text, { eval: true, workerData: data, execArgv: ['--conditions=seatproof-source'] });
}

function listen({ worker, waiting }: Member): void {
  const fail = (error: unknown): void => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (answer: Answer) => {
    if (answer.type === 'expanded') waiting.shift()?.resolve(answer);
    else fail(answer.type === 'failed' ? answer.error : new Error('a thread made its model twice'));
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`a thread of the search ended with exit code ${code}`)));
}
