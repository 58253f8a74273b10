/** What becomes of what is of one device alone, whatever the others do. */
import { LAST_REQUEST } from '../numbers/normal.ts';
import { INPUT, startInput, type Rules, type Turn } from '../numbers/rules.ts';
import type { KindOfMessage, KindOfProcess } from './actions.ts';
import {
  draftOf,
  ENDING,
  MOST_MESSAGES,
  partOf,
  RESTS,
  WORKS,
  type Draft,
  type Part,
  type ProcessDraft,
} from './part.ts';

/** A user starts no process that has more messages under way. */
const MOST_AT_START = 1;

const ALL_REQUESTS = (1 << (LAST_REQUEST + 1)) - 1;

export interface Changed {
  readonly part: Part;
  /** Whether a request was sent. */
  readonly sent: boolean;
}

interface Figures {
  /** In units: the longest for which work comes to rest. */
  readonly restUnits: number;
  /** Whether a process that sleeps has a clock that runs on. */
  readonly clockRunsAsleep: boolean;
}

export class PartRules {
  readonly #rules: Rules;
  readonly #restUnits: number;
  readonly #clockRunsAsleep: boolean;

  constructor(rules: Rules, { restUnits, clockRunsAsleep }: Figures) {
    this.#rules = rules;
    this.#restUnits = restUnits;
    this.#clockRunsAsleep = clockRunsAsleep;
  }

  fresh(processes: number): Part {
    const process = { agent: this.#rules.agents.fresh, work: RESTS, mail: [] };
    return { asleep: false, cut: false, processes: Array.from({ length: processes }, () => process) };
  }

  /** After one unit; null where something must come before. */
  older(part: Part): Part | null {
    const rules = this.#rules;
    const draft = draftOf(part);
    const runs = !part.asleep || this.#clockRunsAsleep ? 1 : 0;
    for (const process of draft.processes) {
      const isDue = rules.isDue(process.agent) || process.work >= ENDING + this.#restUnits;
      if ((isDue && !part.asleep) || process.mail.some((message) => rules.mail.isUrgent(message))) return null;
      if (runs === 1) process.agent = rules.agents.older(process.agent);
      if (process.work >= ENDING && !part.asleep) process.work++;
      process.mail = process.mail.map((message) => rules.mail.older(message, runs));
    }
    return this.#tidied(draft);
  }

  afterGrant(part: Part, granted: number): Part {
    const draft = draftOf(part);
    this.#grant(draft, granted);
    return this.#tidied(draft);
  }

  /** The message in a slot is one no more; in its place there is an answer, or -1 for none, after a grant of the seats in `granted`. */
  answered(part: Part, which: number, slot: number, answer: number, granted: number): Part {
    const draft = draftOf(part);
    draft.processes[which]!.mail.splice(slot, 1);
    this.#grant(draft, granted);
    if (answer >= 0) draft.processes[which]!.mail.push(answer);
    return this.#tidied(draft);
  }

  mayStart({ asleep, processes }: Part, which: number, symbol: number, takeOver: boolean): boolean {
    const { agent, mail } = processes[which]!;
    if (this.#rules.agents.phase(agent) !== 'idle' || asleep || mail.length > MOST_AT_START) return false;
    return !takeOver || this.#rules.agents.mayTakeOver(agent, symbol);
  }

  /** Its session gets that name. */
  started(part: Part, which: number, symbol: number, takeOver: boolean, name: number): Changed {
    const draft = draftOf(part);
    const process = draft.processes[which]!;
    this.#take(draft, process, this.#rules.input(process.agent, startInput(name, symbol, takeOver)));
    return this.#changed(draft);
  }

  /** What a process does, or what befalls it. Null where that is not possible. */
  happened(part: Part, which: number, kind: KindOfProcess): Changed | null {
    const draft = draftOf(part);
    return this.#happens(draft, which, kind) ? this.#changed(draft) : null;
  }

  /** What becomes of the message in a slot, where a request reaches nobody; the same. */
  passed(part: Part, which: number, slot: number, kind: KindOfMessage): Changed | null {
    const draft = draftOf(part);
    return this.#passes(draft, which, slot, kind) ? this.#changed(draft) : null;
  }

  #happens(draft: Draft, which: number, kind: KindOfProcess): boolean {
    const rules = this.#rules;
    const process = draft.processes[which]!;
    const phase = rules.agents.phase(process.agent);
    if (kind === 'wake') return draft.asleep && which === 0 && this.#wake(draft);
    if (kind === 'cut') {
      if (draft.cut || !draft.processes.some(({ mail }) => mail.length > 0)) return false;
      draft.cut = true;
      return true;
    }
    if (kind === 'heal') {
      if (!draft.cut || which !== 0) return false;
      draft.cut = false;
      return true;
    }
    if (draft.asleep) return false;
    switch (kind) {
      case 'stop':
        if (phase === 'idle' || phase === 'stopping') return false;
        this.#take(draft, process, rules.input(process.agent, INPUT.stop));
        return true;
      case 'time':
        if (!rules.isDue(process.agent)) return false;
        this.#take(draft, process, rules.input(process.agent, INPUT.time));
        return true;
      case 'at-rest':
        if (process.work < ENDING) return false;
        this.#comeToRest(draft, process);
        return true;
      case 'crash':
        if (process.agent === rules.agents.fresh) return false;
        process.agent = rules.agents.fresh;
        process.work = RESTS;
        process.mail = process.mail
          .map((message) => rules.mail.orphaned(message))
          .filter((message) => message !== null);
        return true;
      case 'sleep':
        // What its clock counts stands still.
        if (phase === 'idle') return false;
        draft.asleep = true;
        return true;
      default:
        return false;
    }
  }

  #wake(draft: Draft): true {
    draft.asleep = false;
    for (const process of draft.processes) {
      if (process.work >= ENDING) this.#comeToRest(draft, process);
      this.#take(draft, process, this.#rules.input(process.agent, INPUT.wake), true);
    }
    return true;
  }

  #passes(draft: Draft, which: number, slot: number, kind: KindOfMessage): boolean {
    const rules = this.#rules;
    const process = draft.processes[which]!;
    const message = process.mail[slot];
    // Of two that are the same, either will do.
    if (message === undefined || process.mail[slot - 1] === message) return false;
    switch (kind) {
      case 'deliver':
        process.mail.splice(slot, 1);
        if (!rules.mail.isRequest(message) && !draft.cut && !draft.asleep) {
          this.#take(draft, process, rules.answer(process.agent, message));
        }
        return true;
      case 'lose':
        if (draft.cut) return false;
        process.mail.splice(slot, 1);
        return true;
      case 'duplicate':
        if (!rules.mail.isRequest(message) || process.mail.length === MOST_MESSAGES) return false;
        process.mail.push(message);
        return true;
      case 'delay':
        if (rules.mail.isLate(message)) return false;
        process.mail[slot] = rules.mail.delayed(message);
        return true;
      default:
        // Of the server it takes more to know.
        return false;
    }
  }

  /** Carries out what the client's rule says. `rests`: its work stands still already. */
  #take(draft: Draft, process: ProcessDraft, { agent, sends, begins, stops }: Turn, rests = false): void {
    const rules = this.#rules;
    process.agent = agent;
    if (sends.length > 0) {
      draft.sent = true;
      const after = (message: number): number =>
        rules.mail.isOrphan(message) ? message : rules.mail.afterRequests(message, sends.length);
      process.mail = [...process.mail.map(after), ...sends];
    }
    if (begins) process.work = WORKS;
    if (!stops) return;
    process.work = ENDING;
    if (rests || this.#restUnits === 0) this.#comeToRest(draft, process);
  }

  #comeToRest(draft: Draft, process: ProcessDraft): void {
    process.work = RESTS;
    this.#take(draft, process, this.#rules.input(process.agent, INPUT.atRest));
  }

  #grant(draft: Draft, granted: number): void {
    const rules = this.#rules;
    if (granted === 0) return;
    for (const process of draft.processes) {
      process.agent = rules.agents.afterGrant(process.agent, granted);
      process.mail = process.mail.map((message) => rules.mail.afterGrant(message, granted));
    }
  }

  #changed(draft: Draft): Changed {
    return { part: this.#tidied(draft), sent: draft.sent };
  }

  /** Without what makes no difference any more. */
  #tidied(draft: Draft): Part {
    for (const process of draft.processes) this.#number(process);
    return partOf(draft);
  }

  /** Numbers the requests of a process anew where there are gaps between them: only their order counts. */
  #number(process: ProcessDraft): void {
    const rules = this.#rules;
    const bitsOf = (mail: readonly number[]): number =>
      mail.reduce((bits, message) => bits | rules.mail.requestIn(message), 0);
    process.agent = rules.agents.amongRequests(
      process.agent,
      bitsOf(process.mail.filter((each) => !rules.mail.isOrphan(each))),
    );
    if (process.mail.length === 0) return;
    const bits = (1 << LAST_REQUEST) | rules.agents.requestsIn(process.agent) | bitsOf(process.mail);
    const gaps = ~bits & ALL_REQUESTS;
    // Where those that are missing are the lowest there are no gaps.
    if ((gaps & (gaps + 1)) === 0) return;
    process.agent = rules.agents.withOrder(process.agent, bits);
    process.mail = process.mail.map((message) => rules.mail.withOrder(message, bits));
  }
}
