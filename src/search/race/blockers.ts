/** Asks the server who waits for whom, on a connection that is for nothing else. */
import type { Client } from 'pg';

export class Blockers {
  readonly #client: Client;
  #looking: Promise<void> = Promise.resolve();

  constructor(client: Client) {
    this.#client = client;
  }

  /** By process: the processes that it waits for; none for one that does not wait. */
  async of(pids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    // One after another: an answer may come while a look is on its way, and then the next one is asked for.
    const before = this.#looking;
    let over: () => void = () => undefined;
    this.#looking = new Promise((resolve) => (over = resolve));
    await before;
    try {
      return await this.#look(pids);
    } finally {
      over();
    }
  }

  async end(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  async #look(pids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    const { rows } = await this.#client.query<{ pid: number; blockers: number[] }>({
      name: 'seatproof:blockers',
      text: 'SELECT pid, pg_blocking_pids(pid) AS blockers FROM unnest($1::int[]) AS pid',
      values: [pids],
    });
    return new Map(rows.map(({ pid, blockers }) => [pid, blockers]));
  }
}
