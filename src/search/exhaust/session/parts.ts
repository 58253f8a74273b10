/** Parts as numbers: what becomes of them, and what can, each case worked out once. */
import { numberOfKind, OWN, STARTS } from './actions.ts';
import { Interner, once, onceForEach, oncePerPair } from './interner.ts';
import { MOST_MESSAGES, type Part } from './part.ts';
import type { Changed, PartRules } from './part-rules.ts';
import type { Rules } from './rules.ts';
import type { FaultKind } from './scene.ts';
import { NAMES } from './seats.ts';

/** What each kind of action costs. */
const COST: Readonly<Partial<Record<(typeof OWN)[number]['type'], FaultKind>>> = {
  stop: 'stop',
  crash: 'crash',
  sleep: 'sleep',
  cut: 'cut',
  lose: 'loss',
  duplicate: 'duplicate',
  fail: 'store-failure',
  interrupt: 'server-restart',
  delay: 'delay',
};

/** Of each action of a process, the kind of fault that it costs; null where it costs none. */
export const COST_OF: readonly (FaultKind | null)[] = OWN.map(({ type }) => COST[type] ?? null);

/** Processes of one device. */
const MOST_PROCESSES = 2;

/** What is not worked out yet, and what is not possible. */
const UNKNOWN = -2;
export const IMPOSSIBLE = -1;

/** A part and whether a request was sent, as one number. */
export const partAfter = (changed: number): number => changed >> 1;
export const hasSent = (changed: number): boolean => changed >= 0 && (changed & 1) === 1;

export class Parts {
  readonly #rules: Rules;
  readonly #partRules: PartRules;
  readonly #may: Readonly<Record<FaultKind, boolean>>;
  readonly #interner: Interner<Part>;
  readonly #after: Int32Array[] = [];
  readonly #started: Int32Array[] = [];

  constructor(rules: Rules, partRules: PartRules, may: Readonly<Record<FaultKind, boolean>>) {
    this.#rules = rules;
    this.#partRules = partRules;
    this.#may = may;
    this.#interner = new Interner<Part>('part', rules.numbering);
  }

  part = (number: number): Part => this.#interner.valueOf(number);

  fresh(processes: number): number {
    return this.#interner.numberOf(this.#partRules.fresh(processes));
  }

  /** After one unit; `IMPOSSIBLE` where something must come before. */
  readonly older = once((number: number): number => {
    const part = this.#partRules.older(this.part(number));
    return part === null ? IMPOSSIBLE : this.#interner.numberOf(part);
  });

  readonly afterGrant = onceForEach((number: number, granted: number): number =>
    this.#interner.numberOf(this.#partRules.afterGrant(this.part(number), granted)),
  );

  /** With an answer, or -1 for none, in place of the message in a slot; after a grant of the seats in `granted`. */
  answered(number: number, which: number, slot: number, answer: number, granted: number): number {
    return this.#answered(number, (((answer + 1) * 4 + granted) * MOST_MESSAGES + slot) * MOST_PROCESSES + which);
  }

  readonly #answered = oncePerPair((number: number, code: number): number => {
    const which = code % MOST_PROCESSES;
    const slot = Math.floor(code / MOST_PROCESSES) % MOST_MESSAGES;
    const rest = Math.floor(code / (MOST_PROCESSES * MOST_MESSAGES));
    return this.#interner.numberOf(
      this.#partRules.answered(this.part(number), which, slot, Math.floor(rest / 4) - 1, rest % 4),
    );
  });

  /** What comes of one of `OWN` that is no start, where a request reaches nobody: a part and whether it sent something, or `IMPOSSIBLE`. */
  after(number: number, which: number, own: number): number {
    const row = (this.#after[number] ??= new Int32Array(MOST_PROCESSES * OWN.length).fill(UNKNOWN));
    const at = which * OWN.length + own;
    const known = row[at]!;
    return known === UNKNOWN ? (row[at] = this.#workOut(number, which, own)) : known;
  }

  #workOut(number: number, which: number, own: number): number {
    const action = OWN[own]!;
    if (action.type === 'start') return IMPOSSIBLE;
    const part = this.part(number);
    return this.#numberOf(
      'slot' in action
        ? this.#partRules.passed(part, which, action.slot, action.type)
        : this.#partRules.happened(part, which, action.type),
    );
  }

  /** What comes of a start, whose session gets that name; the same. */
  started(number: number, which: number, own: number, name: number): number {
    const row = (this.#started[number] ??= new Int32Array(MOST_PROCESSES * STARTS * NAMES).fill(UNKNOWN));
    const at = (which * STARTS + own) * NAMES + name;
    const known = row[at]!;
    if (known !== UNKNOWN) return known;
    const action = OWN[own]!;
    const isPossible = action.type === 'start' && this.#mayStart(number, which, action);
    return (row[at] = isPossible
      ? this.#numberOf(this.#partRules.started(this.part(number), which, action.symbol, action.takeOver, name))
      : IMPOSSIBLE);
  }

  #mayStart(
    number: number,
    which: number,
    { symbol, takeOver }: Extract<(typeof OWN)[number], { symbol: number }>,
  ): boolean {
    return symbol < this.#rules.scopes.length && this.#partRules.mayStart(this.part(number), which, symbol, takeOver);
  }

  #numberOf(changed: Changed | null): number {
    return changed === null ? IMPOSSIBLE : this.#interner.numberOf(changed.part) * 2 + (changed.sent ? 1 : 0);
  }

  /** The request in a slot, where it is one and its device reaches the server; -1 otherwise. */
  requestAt(number: number, which: number, slot: number): number {
    const { cut, processes } = this.part(number);
    const { mail } = processes[which]!;
    const message = mail[slot];
    // Of two that are the same, either will do.
    if (message === undefined || cut || mail[slot - 1] === message) return -1;
    return this.#rules.isRequest(message) ? message : -1;
  }

  readonly hasMail = once((number: number): boolean => this.part(number).processes.some(({ mail }) => mail.length > 0));

  /** Which of `OWN` a process may do, or may befall it, as far as its part can tell; `faults`: whether one is left. */
  possible(number: number, which: number, faults: boolean): readonly number[] {
    return this.#possible(number, which * 2 + (faults ? 1 : 0));
  }

  readonly #possible = onceForEach((number: number, code: number): readonly number[] =>
    [...OWN.keys()].filter((own) => this.#isPossible(number, code >> 1, own, (code & 1) === 1)),
  );

  #isPossible(number: number, which: number, own: number, faults: boolean): boolean {
    const action = OWN[own]!;
    const cost = COST_OF[own]!;
    if (which >= this.part(number).processes.length || (cost !== null && !(faults && this.#may[cost]))) return false;
    if (action.type === 'start') return this.#mayStart(number, which, action);
    if (action.type === 'heal' && !this.mayHeal(number, faults)) return false;
    if (action.type === 'fail' || action.type === 'interrupt') return this.requestAt(number, which, action.slot) >= 0;
    return this.after(number, which, own) !== IMPOSSIBLE;
  }

  /** Whether it matters that a device reaches the server again: there is a message, or may be one right after. */
  mayHeal(number: number, faults: boolean): boolean {
    return this.hasMail(number) || this.#maySend(number, faults ? 1 : 0);
  }

  readonly #maySend = onceForEach((number: number, faults: number): boolean => {
    const { asleep, processes } = this.part(number);
    if (asleep) return false;
    return processes.some(({ agent }, which) => {
      if (this.#rules.phase(agent) === 'idle' || (this.#may.stop && faults === 1)) return true;
      return [numberOfKind('time'), numberOfKind('at-rest')].some((own) => hasSent(this.after(number, which, own)));
    });
  });
}
