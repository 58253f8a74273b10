/** A statement of a call that the proxy has parked and that waits for its turn. */
import type { Release, WireReply, WireStep } from '../../wire/step.ts';
import type { Footprint } from './footprint.ts';
import type { Session } from './session.ts';
import type { Access } from './statement.ts';
import type { Step, StepEnd } from './step.ts';

/** What a step needs to know of the other calls and the database. */
export interface StepSurroundings {
  /** What the statement does to the database; null for transaction control and settings. */
  readonly access: (sql: string) => Access | null;
  /** Whether another call waits for this one already, so that a circle closes when it waits. */
  readonly closesCircle: () => boolean;
}

/** What the client of a call that has crashed receives, once the execution is over. */
const CRASHED: Release = {
  type: 'fail',
  error: { code: '57P01', message: 'the caller has crashed in this order of the race' },
};

export class StatementStep implements Step {
  readonly kind = 'statement';
  readonly first = false;
  readonly what: string;
  readonly session: Session;
  readonly #statements: WireStep['statements'];
  /** How the proxy is to release the step. */
  readonly released: Promise<Release>;
  readonly #sql: string;
  readonly #around: StepSurroundings;
  #release: (release: Release) => void = () => undefined;
  #answer: (reply: WireReply) => void = () => undefined;
  readonly #reply: Promise<WireReply>;
  #deliver: () => void = () => undefined;
  #discarded = false;

  constructor(step: WireStep, session: Session, around: StepSurroundings) {
    this.session = session;
    this.#statements = step.statements;
    this.#sql = textOf(step);
    this.what = inOneLine(this.#sql);
    this.#around = around;
    this.released = new Promise((resolve) => (this.#release = resolve));
    this.#reply = new Promise((resolve) => (this.#answer = resolve));
  }

  get key(): string {
    return JSON.stringify(this.#statements.map(({ parameters }) => parameters));
  }

  /** The reply has arrived at the proxy; the client receives it when this resolves. */
  answer(reply: WireReply): Promise<void> {
    if (this.#discarded) return Promise.resolve();
    const delivered = new Promise<void>((resolve) => (this.#deliver = resolve));
    this.#answer(reply);
    return delivered;
  }

  lasting(): boolean {
    return this.session.lasting(this.#sql);
  }

  access(): Access | null {
    return this.#around.access(this.what);
  }

  async begin(): Promise<StepEnd> {
    const sent = await this.session.send(this.#sql, this.#around.closesCircle(), () => {
      this.#release({ type: 'forward' });
      return this.#reply;
    });
    return { ...sent, deliver: () => this.#deliver() };
  }

  wanted(): Footprint {
    return this.session.wanted(this.#sql);
  }

  pid(): number | null {
    return this.session.connection.pid;
  }

  async cut(): Promise<StepEnd> {
    const footprint = await this.session.rollBack();
    const message = 'the connection was lost';
    return {
      outcome: { type: 'failed', code: 'lost', message },
      footprint,
      deliver: () => this.session.reset(),
    };
  }

  discard(): void {
    this.#discarded = true;
    this.#release(CRASHED);
    this.#deliver();
  }
}

/** Several statements of one step execute together, as one text. */
function textOf({ statements, kind }: WireStep): string {
  const [first, ...others] = statements;
  if (first === undefined) return 'Sync';
  if (others.length === 0) return kind === 'copy' ? `${first.text} (end of its data)` : first.text;
  return statements.map(({ text }) => text).join('; ');
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
