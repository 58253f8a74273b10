/** A statement that a call has said and that waits for its turn. */
import type { QueryConfig, QueryResult } from 'pg';
import type { Footprint } from './footprint.ts';
import type { Access } from './statement.ts';
import type { Step, StepEnd } from './step.ts';
import type { Sent, Wire } from './wire.ts';
import type { Wires } from './wire-pool.ts';

export class StatementStep implements Step {
  readonly kind = 'statement';
  readonly what: string;
  readonly result: Promise<QueryResult>;
  readonly #config: QueryConfig;
  readonly #wires: Wires;
  /** That of the client on which it was said; of a statement said to the pool, null. */
  readonly #own: Wire | null;
  #used: Wire | null;
  #resolve: (result: QueryResult) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(config: QueryConfig, wires: Wires, own: Wire | null) {
    this.what = inOneLine(config.text);
    this.#config = config;
    this.#wires = wires;
    this.#own = own;
    this.#used = own;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  lasting(): boolean {
    return (this.#own ?? this.#wires).lasting(this.#config.text);
  }

  access(): Access | null {
    return this.#wires.access(this.what);
  }

  async begin(): Promise<StepEnd> {
    if (this.#used?.dead === true) return this.#end(lost(this.#used.cut()));
    if (this.#own !== null) return this.#end(await this.#send(this.#own));
    // Without a client of its own, a statement takes a free connection when its turn comes.
    const wire = await this.#wires.take();
    this.#used = wire;
    try {
      return this.#end(await this.#send(wire));
    } finally {
      this.#wires.giveBack(wire);
    }
  }

  wanted(): Footprint {
    return (this.#used ?? this.#wires).wanted(this.#config.text);
  }

  pid(): number | null {
    return this.#used?.pid ?? null;
  }

  async cut(): Promise<StepEnd> {
    this.#used ??= await this.#wires.take();
    return this.#end(lost(await this.#wires.cut(this.#used)));
  }

  #send(wire: Wire): Promise<Sent> {
    return wire.send(this.#config, this.#wires.closesCircle());
  }

  #end({ outcome, footprint, result, error }: Sent): StepEnd {
    return {
      outcome,
      footprint,
      deliver: () => (result === null ? this.#reject(error) : this.#resolve(result)),
    };
  }
}

function lost(footprint: Footprint): Sent {
  const error = new Error('Connection terminated unexpectedly');
  return { outcome: { type: 'failed', code: 'lost', message: error.message }, footprint, result: null, error };
}

/** Comments dropped, white space as one space. */
function inOneLine(sql: string): string {
  const known = lines.get(sql);
  if (known !== undefined) return known;
  if (lines.size > MOST_LINES) lines.clear();
  const line = sql
    .replaceAll(/--[^\n]*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  lines.set(sql, line);
  return line;
}

const lines = new Map<string, string>();
const MOST_LINES = 1_000;
