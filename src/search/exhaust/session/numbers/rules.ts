/** The server's rule and the client's, over parts that are numbers: each case is worked out by the design or by `agent` once. */
import { agent, dueAt } from '../../../../core/agent.ts';
import type { AgentEffect, AgentInput } from '../../../../core/agent/state.ts';
import type { ClientRequest, Command } from '../../../../core/command.ts';
import type { RuleReply } from '../../../../core/reply.ts';
import type { Scope } from '../../../../core/seat.ts';
import type { Grid } from '../grid.ts';
import { symbolFor } from '../scopes.ts';
import type { ServerRule } from '../server-rule.ts';
import { Agents } from './agents.ts';
import { hasBit, Numbering, once, oncePerPair } from './interner.ts';
import { Mail } from './mail.ts';
import { afterGrant, bare, type Message } from './messages.ts';
import { changedAgent, CURRENT, LAST_REQUEST, NOW } from './normal.ts';
import { letter, NAMES, Seats } from './seats.ts';

/** What a client's rule says to one input. */
export interface Turn {
  readonly agent: number;
  /** New messages, in order. */
  readonly sends: readonly number[];
  readonly begins: boolean;
  readonly stops: boolean;
}

/** What the server's rule says to one request. */
export interface Served {
  readonly seat: number;
  readonly answer: number;
  /** The seats that have a new term, a bit each, so that all other terms of theirs are one older. */
  readonly granted: number;
}

/** Inputs without a message; those from 8 on are starts. */
export const INPUT = { stop: 0, time: 1, wake: 2, atRest: 3, start: 8 } as const;

const OTHER_INPUTS = [INPUT.stop, INPUT.time, INPUT.wake, INPUT.atRest];

/** Inputs of one moment that are tried to see whether they make a client heed an answer. */
const AHEAD = 2;

/** The user starts a process for a symbol; its session gets that name. */
export const startInput = (name: number, symbol: number, takeOver: boolean): number =>
  INPUT.start + (2 * symbol + (takeOver ? 1 : 0)) * NAMES + name;

export class Rules {
  readonly numbering = new Numbering();
  readonly seats: Seats;
  readonly agents: Agents;
  readonly mail: Mail;
  private readonly grid: Grid;
  private readonly rule: ServerRule;
  /** What the seats of the license are for. */
  readonly scopes: readonly Scope[];
  /** A start for each symbol, plain and as a takeover, under a name that none in use has. */
  private readonly starts: readonly number[];

  constructor(grid: Grid, rule: ServerRule, scopes: readonly Scope[]) {
    this.rule = rule;
    this.scopes = scopes;
    this.starts = scopes.flatMap((_, symbol) =>
      [false, true].map((takeOver) => startInput(NAMES - 1, symbol, takeOver)),
    );
    this.grid = grid;
    const { client, unit, latency } = grid;
    const horizon = Math.max(client.fence ?? 0, client.heartbeat, client.requestTimeout, 4 * latency) + 2 * unit;
    this.agents = new Agents(grid, scopes, horizon, this.numbering);
    this.mail = new Mail(grid, horizon, this.numbering);
    this.seats = new Seats(grid, rule, scopes, this.numbering);
  }

  /** A request of device `pair.b` is served. */
  private readonly served = oncePerPair((seat: number, request: number): Served => {
    const message = this.mail.message(request >>> 2);
    const device = request & 3;
    const command = asServerSees(message.body as ClientRequest, device);
    const decision = this.rule(this.seats.seats(seat), this.scopes, command, letter(device), NOW);
    const granted = decision.seats.reduce((bits, { term }, symbol) => bits | (term > CURRENT ? 1 << symbol : 0), 0);
    const answer = answerTo(message, decision.reply);
    return {
      seat: this.seats.keep(decision.seats),
      answer: this.mail.numberOf(hasBit(granted, answer.symbol) ? afterGrant(answer) : answer),
      granted,
    };
  });

  serve(seat: number, device: number, message: number): Served {
    return this.served(seat, (message << 2) | device);
  }

  /** The store fails, so nothing is done; what the sender is told is the design's own affair. */
  readonly failed = oncePerPair((message: number, device: number): number => {
    const request = this.mail.message(message);
    const command = asServerSees(request.body as ClientRequest, device);
    const seats = this.seats.seats(this.seats.fresh);
    const { reply } = this.rule(seats, this.scopes, command, letter(device), NOW, 'fails');
    return this.mail.numberOf(answerTo(request, reply));
  });

  readonly input = oncePerPair((state: number, kind: number): Turn => {
    if (kind >= INPUT.start) {
      const session = String(kind % NAMES);
      const which = Math.floor((kind - INPUT.start) / NAMES);
      const scope = this.scopes[which >> 1]!;
      return this.turn(state, { type: 'start', scope, session, device: '', takeOver: (which & 1) === 1 });
    }
    return this.turn(state, { type: (['stop', 'time', 'wake', 'at-rest'] as const)[kind]! });
  });

  readonly answer = oncePerPair((state: number, number: number): Turn => {
    const { request, sentAt, body } = this.mail.message(number);
    return this.turn(state, { type: 'answer', request, sentAt, reply: body as RuleReply });
  });

  /** Whether an answer changes nothing: neither as things are, nor if its client is started or does something else before. */
  readonly isVoid = oncePerPair((state: number, number: number): boolean => this.isIgnored(state, number, AHEAD));

  private isIgnored(state: number, number: number, ahead: number): boolean {
    if (!this.isHeedless(state, number)) return false;
    if (ahead === 0) return true;
    const inputs = this.agents.phase(state) === 'idle' ? this.starts : OTHER_INPUTS;
    return inputs.every((each) => {
      const { agent: after, sends } = this.input(state, each);
      return after === state || this.isIgnored(after, this.mail.afterRequests(number, sends.length), ahead - 1);
    });
  }

  private isHeedless(state: number, number: number): boolean {
    const { agent: after, sends, begins, stops } = this.answer(state, number);
    return after === state && sends.length === 0 && !begins && !stops;
  }

  /** Whether it makes no difference to a client which of two answers comes first. */
  comeInAnyOrder(state: number, one: number, other: number): boolean {
    // One that is late need not come yet.
    if (![one, other].every((each) => !this.mail.isRequest(each) && this.mail.isUrgent(each))) return false;
    const after = this.afterBoth(state, one, other);
    return after !== null && after === this.afterBoth(state, other, one);
  }

  /** What a client is after two answers, and whether it works on; null where it says something, or both begins and stops. */
  private afterBoth(state: number, first: number, second: number): string | null {
    const earlier = this.answer(state, first);
    const last = this.answer(earlier.agent, second);
    const [begins, stops] = [earlier.begins || last.begins, earlier.stops || last.stops];
    if (earlier.sends.length + last.sends.length > 0 || (begins && stops)) return null;
    return [this.agents.amongRequests(last.agent, 0), begins, stops].join();
  }

  /** What a start of an idle client leaves of it where it is refused, and the seats are as they were; -1 otherwise. `who` is its state, its device and the symbol. */
  private readonly refused = oncePerPair((seat: number, who: number): number => {
    const state = who >>> 3;
    const { agent: starting, sends } = this.input(state, startInput(NAMES - 1, who & 1, false));
    if (sends.length !== 1) return -1;
    const { seat: after, answer, granted } = this.serve(seat, (who >>> 1) & 3, sends[0]!);
    if (after !== seat || granted !== 0 || this.mail.isError(answer)) return -1;
    const answered = this.answer(starting, answer);
    return answered.sends.length === 0 && !answered.begins ? this.agents.amongRequests(answered.agent, 0) : -1;
  });

  /** Whether a start of an idle client comes to nothing: it is refused, and all is as it was. */
  isFutile(seat: number, state: number, device: number, symbol: number): boolean {
    return this.refused(seat, (state << 3) | (device << 1) | symbol) === state;
  }

  /** Whether all that a start of an idle client comes to is that it knows who has the seat. */
  learnsOnly(seat: number, state: number, device: number, symbol: number): boolean {
    const after = this.refused(seat, (state << 3) | (device << 1) | symbol);
    return after >= 0 && after !== state && this.agents.unlearnt(after) === state;
  }

  private turn(state: number, input: AgentInput): Turn {
    const { state: next, effects } = agent(this.agents.agent(state), input, this.grid.client, NOW);
    const sent = next.sent - LAST_REQUEST;
    const request = (each: number): number => Math.max(0, each - sent);
    return {
      agent: this.agents.keep(changedAgent(next, { request })),
      sends: effects.flatMap((effect) => (effect.type === 'send' ? [this.sent(effect, request(effect.request))] : [])),
      begins: effects.some(({ type }) => type === 'begin-work'),
      stops: effects.some(({ type }) => type === 'stop-work'),
    };
  }

  private sent({ command }: Extract<AgentEffect, { type: 'send' }>, request: number): number {
    return this.mail.numberOf({
      way: 'request',
      request,
      sentAt: NOW,
      underWay: 0,
      late: false,
      orphan: false,
      symbol: symbolFor(this.scopes, command.scope),
      body: command,
    });
  }

  /** Whether a client must be told that time has passed before more of it does. */
  readonly isDue = once((state: number): boolean => {
    const due = dueAt(this.agents.agent(state), this.grid.client);
    return due !== null && due <= NOW;
  });

  /** Whether what is due then is its own affair, and sends nothing. */
  readonly isDueAlone = once(
    (state: number): boolean => this.isDue(state) && this.input(state, INPUT.time).sends.length === 0,
  );
  readonly restsAlone = once((state: number): boolean => this.input(state, INPUT.atRest).sends.length === 0);
}

function asServerSees(command: ClientRequest, device: number): Command {
  const session = letter(device) + command.session;
  return { ...command, session, device: letter(device) };
}

function answerTo(request: Message, reply: RuleReply): Message {
  return { ...request, way: 'answer', underWay: 0, late: false, body: bare(asClientSees(reply)) };
}

function asClientSees(reply: RuleReply): RuleReply {
  return reply.type === 'granted' ? { ...reply, session: reply.session.slice(1) } : reply;
}
