/** Parts as numbers: what becomes of them, and what can, each case worked out once. */
import type { FaultKind } from '../faults.ts';
import { Interner, once, oncePerCell, oncePerPair, onceForEach } from '../numbers/interner.ts';
import type { Rules } from '../numbers/rules.ts';
import { NAMES } from '../numbers/seats.ts';
import { numberOfKind, OWN, SLOT_OF, STARTS, type OwnAction } from './actions.ts';
import type { Changed, PartRules } from './part-rules.ts';
import { MOST_MESSAGES, type Part } from './part.ts';

/** What each kind of action costs. */
const COST: Readonly<Partial<Record<OwnAction['type'], FaultKind>>> = {
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

/** Combinations of seats of a license. */
const GRANTS = 4;

export const IMPOSSIBLE = -1;

/** A part and whether a request was sent, as one number. */
export const partAfter = (changed: number): number => changed >> 1;
export const hasSent = (changed: number): boolean => changed >= 0 && (changed & 1) === 1;

/** `which` is which process of the device, `own` one of `OWN` by its number. */
export class Parts {
  readonly #rules: Rules;
  readonly #partRules: PartRules;
  readonly #may: Readonly<Record<FaultKind, boolean>>;
  readonly #interner: Interner<Part>;

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
  older(number: number): number {
    return this.#older(number, 0);
  }

  readonly #older = oncePerCell(1, (number) => {
    const part = this.#partRules.older(this.part(number));
    return part === null ? IMPOSSIBLE : this.#interner.numberOf(part);
  });

  readonly afterGrant = oncePerCell(GRANTS, (number, granted) =>
    this.#interner.numberOf(this.#partRules.afterGrant(this.part(number), granted)),
  );

  /** With an answer, or -1 for none, in place of the message in a slot; after a grant of the seats in `granted`. */
  answered(number: number, which: number, slot: number, answer: number, granted: number): number {
    return this.#answered(number, (((answer + 1) * GRANTS + granted) * MOST_MESSAGES + slot) * MOST_PROCESSES + which);
  }

  readonly #answered = oncePerPair((number: number, code: number): number => {
    const which = code % MOST_PROCESSES;
    const slot = Math.floor(code / MOST_PROCESSES) % MOST_MESSAGES;
    const rest = Math.floor(code / (MOST_PROCESSES * MOST_MESSAGES));
    const [answer, granted] = [Math.floor(rest / GRANTS) - 1, rest % GRANTS];
    return this.#interner.numberOf(this.#partRules.answered(this.part(number), which, slot, answer, granted));
  });

  /** What comes of an action that is no start, where a request reaches nobody: a part and whether it sent something, or `IMPOSSIBLE`. */
  after(number: number, which: number, own: number): number {
    return this.#after(number, which * OWN.length + own);
  }

  readonly #after = oncePerCell(MOST_PROCESSES * OWN.length, (number, column) => {
    const which = Math.floor(column / OWN.length);
    const action = OWN[column % OWN.length]!;
    if (action.type === 'start') return IMPOSSIBLE;
    const part = this.part(number);
    return this.#numberOf(
      'slot' in action
        ? this.#partRules.passed(part, which, action.slot, action.type)
        : this.#partRules.happened(part, which, action.type),
    );
  });

  /** What comes of a start, whose session gets that name; the same. */
  started(number: number, which: number, own: number, name: number): number {
    return this.#started(number, (which * STARTS + own) * NAMES + name);
  }

  readonly #started = oncePerCell(MOST_PROCESSES * STARTS * NAMES, (number, column) => {
    const name = column % NAMES;
    const own = Math.floor(column / NAMES) % STARTS;
    const which = Math.floor(column / (NAMES * STARTS));
    const start = OWN[own] as Extract<OwnAction, { type: 'start' }>;
    if (!this.#mayStart(number, which, start)) return IMPOSSIBLE;
    const { symbol, takeOver } = start;
    return this.#numberOf(this.#partRules.started(this.part(number), which, symbol, takeOver, name));
  });

  #mayStart(number: number, which: number, { symbol, takeOver }: Extract<OwnAction, { type: 'start' }>): boolean {
    return symbol < this.#rules.scopes.length && this.#partRules.mayStart(this.part(number), which, symbol, takeOver);
  }

  #numberOf(changed: Changed | null): number {
    return changed === null ? IMPOSSIBLE : this.#interner.numberOf(changed.part) * 2 + (changed.sent ? 1 : 0);
  }

  /** The request in a slot, where it is one and its device reaches the server; -1 otherwise. */
  requestAt(number: number, which: number, slot: number): number {
    return this.#requestAt(number, which * MOST_MESSAGES + slot);
  }

  readonly #requestAt = oncePerCell(MOST_PROCESSES * MOST_MESSAGES, (number, column) => {
    const { cut, processes } = this.part(number);
    const { mail } = processes[Math.floor(column / MOST_MESSAGES)]!;
    const slot = column % MOST_MESSAGES;
    const message = mail[slot];
    // Of two that are the same, either will do.
    if (message === undefined || cut || mail[slot - 1] === message) return -1;
    return this.#rules.mail.isRequest(message) ? message : -1;
  });

  readonly hasMail = once((number: number): boolean => this.part(number).processes.some(({ mail }) => mail.length > 0));

  /** What a process may do, or may befall it, as far as its part can tell; `faults`: whether one is left. */
  possible(number: number, which: number, faults: boolean): readonly number[] {
    return this.#possible(number, which * 2 + (faults ? 1 : 0));
  }

  readonly #possible = onceForEach((number: number, code: number): readonly number[] =>
    [...OWN.keys()].filter((own) => this.#isPossible(number, code >> 1, own, (code & 1) === 1)),
  );

  #isPossible(number: number, which: number, own: number, faults: boolean): boolean {
    const action = OWN[own]!;
    const cost = COST_OF[own]!;
    if (cost !== null && !(faults && this.#may[cost])) return false;
    if (action.type === 'start') return this.#mayStart(number, which, action);
    if (action.type === 'heal' && !this.mayHeal(number, faults)) return false;
    if (action.type === 'fail' || action.type === 'interrupt') return this.requestAt(number, which, SLOT_OF[own]!) >= 0;
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
      if (this.#rules.agents.phase(agent) === 'idle' || (this.#may.stop && faults === 1)) return true;
      return [numberOfKind('time'), numberOfKind('at-rest')].some((own) => hasSent(this.after(number, which, own)));
    });
  });
}
