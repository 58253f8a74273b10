/** What becomes of a state when something happens: each changes it in place and says true, or says false and leaves it. */
import type { ActionOfProcess, KindOfMessage, SessionAction } from './actions.ts';
import { add, drop, eachMessage } from './bag.ts';
import type { Forgetting } from './forgetting.ts';
import { ENDING, MOST_MESSAGES, read16, RESTS, WORKS, write16 } from './layout.ts';
import type { Lasting } from './lasting.ts';
import type { Moment } from './moment.ts';
import { INPUT, startInput, type Turn } from './rules.ts';
import type { FaultKind, Scene } from './scene.ts';

/** A user starts no process that has more messages under way. */
const MOST_AT_START = 1;

/** What may make a process send something, or lets it do so at once. */
const MAY_SEND: ReadonlySet<SessionAction['type']> = new Set([
  'start',
  'take-over',
  'stop',
  'time',
  'at-rest',
  'wake',
  'heal',
  'deliver',
]);

interface Parts {
  readonly forgetting: Forgetting;
  readonly lasting: Lasting;
  readonly moment: Moment;
  /** Whether a process that sleeps has a clock that runs on. */
  readonly clockRunsAsleep: boolean;
}

export class Happening {
  readonly #scene: Scene;
  readonly #forgetting: Forgetting;
  readonly #lasting: Lasting;
  readonly #moment: Moment;
  readonly #clockRunsAsleep: boolean;
  /** What the last action did: sent a request; had one arrive at the server. */
  #sent = false;
  #served = false;

  constructor(scene: Scene, { forgetting, lasting, moment, clockRunsAsleep }: Parts) {
    this.#scene = scene;
    this.#forgetting = forgetting;
    this.#lasting = lasting;
    this.#moment = moment;
    this.#clockRunsAsleep = clockRunsAsleep;
  }

  step(state: Uint8Array, action: SessionAction): boolean {
    if (action.type === 'tick') return this.#tick(state);
    if (action.type === 'sweep') return this.#sweep(state);
    if (action.type === 'server-down') return this.#serverDown(state);
    if (action.type === 'server-up') return this.#serverUp(state);
    const { process } = action;
    const turn = this.#moment.turn(state);
    const isOpen = turn === 0 && MAY_SEND.has(action.type) && this.#moment.isOpen(state);
    const loose = this.#scene.countMessages(state, process);
    this.#sent = false;
    this.#served = false;
    if (!this.#happens(state, action)) return false;
    this.#forgetting.forget(state);
    this.#lasting.settle(state);
    if (turn > 0) {
      if (this.#served || !this.#scene.awaits(state, turn - 1)) this.#moment.end(state);
    } else if (isOpen && !this.#served) {
      const isOnItsWay = this.#sent && this.#scene.awaits(state, process);
      if (isOnItsWay || (action.type === 'heal' && this.#sendsNow(state, process))) {
        this.#moment.begin(state, process, loose);
      }
    }
    return true;
  }

  #happens(state: Uint8Array, action: ActionOfProcess): boolean {
    const { process } = action;
    switch (action.type) {
      case 'start':
      case 'take-over':
        return this.#start(state, action);
      case 'stop':
        return this.#stop(state, process);
      case 'time':
        return this.#time(state, process);
      case 'at-rest':
        return this.#atRest(state, process);
      case 'crash':
        return this.#crash(state, process);
      case 'sleep':
        return this.#sleep(state, process);
      case 'wake':
        return this.#wake(state, process);
      case 'cut':
        return this.#cut(state, process);
      case 'heal':
        return this.#heal(state, process);
      default:
        return this.#ofMessage(state, process, action.slot, action.type);
    }
  }

  #tick(state: Uint8Array): boolean {
    const { rules, layout, processes, restUnits, sweepUnits } = this.#scene;
    for (let process = 0; process < processes; process++) {
      if (!this.#scene.sleeps(state, process)) {
        if (rules.isDue(this.#scene.agent(state, process))) return false;
        if (state[layout.work(process)]! >= ENDING + restUnits) return false;
      }
      for (let slot = 0; ; slot++) {
        const message = this.#scene.message(state, process, slot);
        if (message < 0) break;
        if (rules.isUrgent(message)) return false;
      }
    }
    if (this.#scene.isDown(state)) return false;
    const sinceSweep = read16(state, layout.sweep);
    if (sweepUnits > 0 && sinceSweep >= sweepUnits) return false;
    this.#lasting.passUnit(state);
    for (let process = 0; process < processes; process++) {
      const isAwake = !this.#scene.sleeps(state, process);
      const runs = isAwake || this.#clockRunsAsleep ? 1 : 0;
      if (runs === 1) write16(state, layout.agent(process), rules.olderAgent(this.#scene.agent(state, process)));
      if (isAwake && state[layout.work(process)]! >= ENDING) state[layout.work(process)]!++;
      eachMessage(state, layout, process, (message) => rules.olderMessage(message, runs));
    }
    write16(state, layout.seat, rules.seats.older(this.#scene.seat(state)));
    if (sweepUnits > 0) write16(state, layout.sweep, sinceSweep + 1);
    this.#forgetting.forget(state);
    return true;
  }

  #sweep(state: Uint8Array): boolean {
    const { rules, layout, sweepUnits } = this.#scene;
    if (sweepUnits === 0 || read16(state, layout.sweep) < sweepUnits) return false;
    write16(state, layout.sweep, 0);
    if (this.#scene.isDown(state)) return true;
    write16(state, layout.seat, rules.seats.sweep(this.#scene.seat(state)));
    this.#forgetting.forget(state);
    this.#lasting.settle(state);
    return true;
  }

  /**
   * For a part of this moment; its store keeps what it has. It matters only to a message, so it goes down when there is
   * one.
   */
  #serverDown(state: Uint8Array): boolean {
    if (this.#scene.isDown(state) || !this.#scene.hasAnyMail(state)) return false;
    if (!this.#spend(state, 'server-restart')) return false;
    state[this.#scene.layout.down] = 1;
    return true;
  }

  #serverUp(state: Uint8Array): boolean {
    if (!this.#scene.isDown(state)) return false;
    state[this.#scene.layout.down] = 0;
    return true;
  }

  #start(state: Uint8Array, { type, process, symbol }: Extract<SessionAction, { symbol: number }>): boolean {
    const { rules, layout, deviceOf, symbols } = this.#scene;
    if (symbol >= symbols) return false;
    const takeOver = type === 'take-over';
    const agent = this.#scene.agent(state, process);
    if (rules.phase(agent) !== 'idle' || this.#scene.sleeps(state, process)) return false;
    if (takeOver && !rules.mayTakeOver(agent, symbol)) return false;
    const mail = this.#scene.countMessages(state, process);
    if (mail > MOST_AT_START) return false;
    const device = deviceOf[process]!;
    // Without a fault that could come in between, nothing would come of it.
    const isReached = !this.#scene.isCut(state, process) && !this.#scene.isDown(state);
    const isPlain = !takeOver && mail === 0 && state[layout.faults] === 0 && isReached;
    if (isPlain && rules.isFutile(this.#scene.seat(state), agent, device, symbol)) return false;
    const name = this.#forgetting.freeName(state, device);
    this.#take(state, process, rules.input(agent, startInput(name, symbol, takeOver)));
    return true;
  }

  #stop(state: Uint8Array, process: number): boolean {
    const { rules } = this.#scene;
    const agent = this.#scene.agent(state, process);
    const phase = rules.phase(agent);
    if (phase === 'idle' || phase === 'stopping' || this.#scene.sleeps(state, process)) return false;
    if (!this.#spend(state, 'stop')) return false;
    this.#take(state, process, rules.input(agent, INPUT.stop));
    return true;
  }

  #time(state: Uint8Array, process: number): boolean {
    const { rules } = this.#scene;
    const agent = this.#scene.agent(state, process);
    if (this.#scene.sleeps(state, process) || !rules.isDue(agent)) return false;
    this.#take(state, process, rules.input(agent, INPUT.time));
    return true;
  }

  #atRest(state: Uint8Array, process: number): boolean {
    if (state[this.#scene.layout.work(process)]! < ENDING || this.#scene.sleeps(state, process)) return false;
    this.#comeToRest(state, process);
    return true;
  }

  #crash(state: Uint8Array, process: number): boolean {
    const { rules, layout } = this.#scene;
    if (this.#scene.sleeps(state, process) || this.#scene.agent(state, process) === rules.freshAgent) return false;
    if (!this.#spend(state, 'crash')) return false;
    write16(state, layout.agent(process), rules.freshAgent);
    state[layout.work(process)] = RESTS;
    eachMessage(state, layout, process, rules.orphaned);
    return true;
  }

  /** The whole device: what its clock counts stands still. */
  #sleep(state: Uint8Array, process: number): boolean {
    const { layout, deviceOf } = this.#scene;
    if (this.#scene.sleeps(state, process) || this.#scene.isIdle(state, process)) return false;
    if (!this.#spend(state, 'sleep')) return false;
    state[layout.asleep]! |= 1 << deviceOf[process]!;
    return true;
  }

  #wake(state: Uint8Array, process: number): boolean {
    const { rules, layout, deviceOf, processes, isFirst } = this.#scene;
    if (!this.#scene.sleeps(state, process) || !isFirst[process]!) return false;
    state[layout.asleep]! &= ~(1 << deviceOf[process]!);
    for (let each = 0; each < processes; each++) {
      if (deviceOf[each] !== deviceOf[process]) continue;
      if (state[layout.work(each)]! >= ENDING) this.#comeToRest(state, each);
      this.#take(state, each, rules.input(this.#scene.agent(state, each), INPUT.wake), true);
    }
    return true;
  }

  /**
   * The whole device: nothing it sends arrives, and nothing that is sent to it, until the network heals. It matters only
   * to a message, so it comes when there is one.
   */
  #cut(state: Uint8Array, process: number): boolean {
    const { layout, deviceOf } = this.#scene;
    const device = deviceOf[process]!;
    if (this.#scene.isCut(state, process) || this.#scene.isDown(state)) return false;
    if (!this.#scene.hasMail(state, device)) return false;
    if (!this.#spend(state, 'cut')) return false;
    state[layout.cut]! |= 1 << device;
    return true;
  }

  /** For the same reason it heals when there is a message, or right before there may be one. */
  #heal(state: Uint8Array, process: number): boolean {
    const { layout, deviceOf, isFirst } = this.#scene;
    const device = deviceOf[process]!;
    if (!this.#scene.isCut(state, process) || !isFirst[process]! || this.#moment.turn(state) > 0) return false;
    if (this.#scene.isDown(state)) return false;
    if (!this.#scene.hasMail(state, device) && !this.#maySend(state, device)) return false;
    state[layout.cut]! &= ~(1 << device);
    return true;
  }

  #maySend(state: Uint8Array, device: number): boolean {
    const { rules, layout, deviceOf, processes, may } = this.#scene;
    for (let process = 0; process < processes; process++) {
      if (deviceOf[process] !== device || this.#scene.sleeps(state, process)) continue;
      if (this.#scene.isIdle(state, process) || (may.stop && state[layout.faults] !== 0)) return true;
      const agent = this.#scene.agent(state, process);
      if (rules.isDue(agent) && !rules.isDueAlone(agent)) return true;
      if (state[layout.work(process)]! >= ENDING && !rules.restsAlone(agent)) return true;
    }
    return false;
  }

  /** Whether a process that reaches the server again is about to send something. */
  #sendsNow(state: Uint8Array, process: number): boolean {
    const { rules, isAlone } = this.#scene;
    if (!isAlone[process]! || this.#scene.sleeps(state, process)) return false;
    const agent = this.#scene.agent(state, process);
    return rules.isDue(agent) && !rules.isDueAlone(agent);
  }

  #ofMessage(state: Uint8Array, process: number, slot: number, kind: KindOfMessage): boolean {
    const message = this.#scene.message(state, process, slot);
    if (message < 0) return false;
    // Of two that are the same, either will do.
    if (slot > 0 && this.#scene.message(state, process, slot - 1) === message) return false;
    switch (kind) {
      case 'deliver':
        this.#deliver(state, process, slot, message);
        return true;
      case 'lose':
        if (this.#scene.isLost(state, process, message)) return false;
        if (!this.#spend(state, 'loss')) return false;
        drop(state, this.#scene.layout, process, slot);
        return true;
      case 'duplicate':
        return this.#duplicate(state, process, message);
      case 'fail':
        return this.#fail(state, process, slot, message);
      case 'interrupt':
        return this.#interrupt(state, process, slot, message);
      case 'delay':
        if (this.#scene.rules.isLate(message) || !this.#spend(state, 'delay')) return false;
        this.#replace(state, process, slot, this.#scene.rules.delayed(message));
        return true;
    }
  }

  #deliver(state: Uint8Array, process: number, slot: number, message: number): void {
    const { rules, layout } = this.#scene;
    const isLost = this.#scene.isLost(state, process, message);
    drop(state, layout, process, slot);
    if (isLost) return;
    if (rules.isRequest(message)) this.#serve(state, process, message);
    else if (!this.#scene.sleeps(state, process)) {
      this.#take(state, process, rules.answer(this.#scene.agent(state, process), message));
    }
  }

  #serve(state: Uint8Array, process: number, message: number): void {
    const answer = this.#decide(state, process, message);
    if (!this.#scene.rules.isOrphan(message)) add(state, this.#scene.layout, process, answer);
  }

  /** Lets the server do what a request asks for; what it answers. */
  #decide(state: Uint8Array, process: number, message: number): number {
    const { rules, layout, deviceOf, processes } = this.#scene;
    this.#served = true;
    const { seat, answer, granted } = rules.serve(this.#scene.seat(state), deviceOf[process]!, message);
    write16(state, layout.seat, seat);
    if (granted !== 0) {
      for (let each = 0; each < processes; each++) {
        write16(state, layout.agent(each), rules.agentAfterGrant(this.#scene.agent(state, each), granted));
        eachMessage(state, layout, each, (one) => rules.messageAfterGrant(one, granted));
      }
    }
    return answer;
  }

  #duplicate(state: Uint8Array, process: number, message: number): boolean {
    if (!this.#scene.rules.isRequest(message) || this.#scene.countMessages(state, process) === MOST_MESSAGES)
      return false;
    if (!this.#spend(state, 'duplicate')) return false;
    add(state, this.#scene.layout, process, message);
    return true;
  }

  #fail(state: Uint8Array, process: number, slot: number, message: number): boolean {
    const { rules } = this.#scene;
    if (!rules.isRequest(message) || rules.isOrphan(message)) return false;
    if (this.#scene.isLost(state, process, message) || !this.#spend(state, 'store-failure')) return false;
    this.#replace(state, process, slot, rules.failed(message, this.#scene.deviceOf[process]!));
    return true;
  }

  /** The server does what is asked, and goes down before it answers. */
  #interrupt(state: Uint8Array, process: number, slot: number, message: number): boolean {
    const { rules, layout } = this.#scene;
    if (!rules.isRequest(message) || rules.isOrphan(message) || this.#scene.isLost(state, process, message))
      return false;
    if (!this.#spend(state, 'server-restart')) return false;
    drop(state, layout, process, slot);
    this.#decide(state, process, message);
    state[layout.down] = 1;
    return true;
  }

  #replace(state: Uint8Array, process: number, slot: number, message: number): void {
    drop(state, this.#scene.layout, process, slot);
    add(state, this.#scene.layout, process, message);
  }

  /** Takes one of the faults that are left. */
  #spend(state: Uint8Array, kind: FaultKind): boolean {
    const { layout, may } = this.#scene;
    if (!may[kind] || state[layout.faults] === 0) return false;
    state[layout.faults]!--;
    return true;
  }

  /** Carries out what the client's rule says. `rests`: its work stands still already. */
  #take(state: Uint8Array, process: number, { agent, sends, begins, stops }: Turn, rests = false): void {
    const { rules, layout, restUnits } = this.#scene;
    write16(state, layout.agent(process), agent);
    if (sends.length > 0) {
      this.#sent = true;
      eachMessage(state, layout, process, (message) =>
        rules.isOrphan(message) ? message : rules.messageAfterRequests(message, sends.length),
      );
      for (const message of sends) add(state, layout, process, message);
    }
    if (begins) state[layout.work(process)] = WORKS;
    if (!stops) return;
    state[layout.work(process)] = ENDING;
    if (rests || restUnits === 0) this.#comeToRest(state, process);
  }

  #comeToRest(state: Uint8Array, process: number): void {
    const { rules, layout } = this.#scene;
    state[layout.work(process)] = RESTS;
    this.#take(state, process, rules.input(this.#scene.agent(state, process), INPUT.atRest));
  }
}
