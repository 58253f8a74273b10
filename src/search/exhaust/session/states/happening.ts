/** What becomes of a state when something happens: each changes it in place and says true, or says false and leaves it. */
import type { FaultKind } from '../faults.ts';
import { KIND, OWN, ownOf, processOf, SLOT_OF, type OwnAction } from './actions.ts';
import type { Forgetting } from './forgetting.ts';
import type { Lasting } from './lasting.ts';
import { read16, write16, writePart } from './layout.ts';
import type { Moment } from './moment.ts';
import { COST_OF, hasSent, IMPOSSIBLE, partAfter } from './parts.ts';
import type { Scene } from './scene.ts';

interface Keepers {
  readonly forgetting: Forgetting;
  readonly lasting: Lasting;
  readonly moment: Moment;
}

type Start = Extract<OwnAction, { type: 'start' }>;

export class Happening {
  readonly #scene: Scene;
  readonly #forgetting: Forgetting;
  readonly #lasting: Lasting;
  readonly #moment: Moment;
  readonly #older: Int32Array;

  constructor(scene: Scene, { forgetting, lasting, moment }: Keepers) {
    this.#scene = scene;
    this.#forgetting = forgetting;
    this.#lasting = lasting;
    this.#moment = moment;
    this.#older = new Int32Array(scene.devices);
  }

  step(state: Uint8Array, action: number): boolean {
    switch (action) {
      case KIND.tick:
        return this.#tick(state);
      case KIND.sweep:
        return this.#sweep(state);
      case KIND['server-down']:
        return this.#serverDown(state);
      case KIND['server-up']:
        return this.#serverUp(state);
      default:
        return this.#ofProcess(state, processOf(action), ownOf(action));
    }
  }

  #tick(state: Uint8Array): boolean {
    const { rules, parts, layout, devices, sweepUnits } = this.#scene;
    if (this.#scene.isDown(state) || this.#isSweepDue(state)) return false;
    for (let device = 0; device < devices; device++) {
      const older = parts.older(this.#scene.part(state, device));
      if (older === IMPOSSIBLE) return false;
      this.#older[device] = older;
    }
    this.#lasting.passUnit(state);
    for (let device = 0; device < devices; device++) writePart(state, layout.part(device), this.#older[device]!);
    writePart(state, layout.seat, rules.seats.older(this.#scene.seat(state)));
    if (sweepUnits > 0) write16(state, layout.sweep, read16(state, layout.sweep) + 1);
    this.#forgetting.forget(state);
    return true;
  }

  #sweep(state: Uint8Array): boolean {
    const { rules, layout } = this.#scene;
    if (!this.#isSweepDue(state)) return false;
    write16(state, layout.sweep, 0);
    if (this.#scene.isDown(state)) return true;
    if (rules.seats.sweepFails(this.#scene.seat(state))) state[layout.unanswered] = 1;
    writePart(state, layout.seat, rules.seats.sweep(this.#scene.seat(state)));
    this.#settle(state);
    return true;
  }

  /**
   * For a part of this moment; its store keeps what it has. It matters only to a message and to a sweep, so it goes down
   * when there is one.
   */
  #serverDown(state: Uint8Array): boolean {
    if (this.#scene.isDown(state) || !(this.#isSweepDue(state) || this.#hasMail(state))) return false;
    if (!this.#spend(state, 'server-restart')) return false;
    state[this.#scene.layout.down] = 1;
    return true;
  }

  #hasMail(state: Uint8Array): boolean {
    const { parts, devices } = this.#scene;
    for (let device = 0; device < devices; device++) if (parts.hasMail(this.#scene.part(state, device))) return true;
    return false;
  }

  #isSweepDue(state: Uint8Array): boolean {
    const { sweepUnits, layout } = this.#scene;
    return sweepUnits > 0 && read16(state, layout.sweep) >= sweepUnits;
  }

  #serverUp(state: Uint8Array): boolean {
    if (!this.#scene.isDown(state)) return false;
    state[this.#scene.layout.down] = 0;
    return true;
  }

  #ofProcess(state: Uint8Array, process: number, own: number): boolean {
    const { parts, layout, deviceOf, placeOf } = this.#scene;
    const { type } = OWN[own]!;
    if (type === 'start') return this.#start(state, process, own);
    const part = this.#scene.part(state, deviceOf[process]!);
    const which = placeOf[process]!;
    const isDown = this.#scene.isDown(state);
    if (type === 'deliver' || type === 'fail' || type === 'interrupt') {
      const request = parts.requestAt(part, which, SLOT_OF[own]!);
      if (request >= 0 && !isDown) return this.#reach(state, process, own, request);
      if (type !== 'deliver') return false;
    } else if (isDown) {
      // A device is cut off, and reaches the server again, as well before or after; and what is lost anyway need not be.
      if (type === 'cut' || type === 'heal') return false;
      if (type === 'lose' && parts.requestAt(part, which, SLOT_OF[own]!) >= 0) return false;
    }
    if (type === 'heal' && !parts.mayHeal(part, state[layout.faults] !== 0)) return false;
    const changed = parts.after(part, which, own);
    if (changed === IMPOSSIBLE || !this.#pay(state, own)) return false;
    this.#change(state, process, changed, type);
    return true;
  }

  #start(state: Uint8Array, process: number, own: number): boolean {
    const { rules, parts, layout, deviceOf, placeOf } = this.#scene;
    const device = deviceOf[process]!;
    const part = this.#scene.part(state, device);
    const name = this.#forgetting.freeName(state, device);
    const changed = parts.started(part, placeOf[process]!, own, name);
    if (changed === IMPOSSIBLE) return false;
    // Without a fault that could come in between, nothing would come of it.
    const { symbol, takeOver } = OWN[own] as Start;
    if (!takeOver && state[layout.faults] === 0 && !this.#scene.isDown(state)) {
      const { cut, processes } = parts.part(part);
      const { agent, mail } = processes[placeOf[process]!]!;
      if (!cut && mail.length === 0 && rules.isFutile(this.#scene.seat(state), agent, device, symbol)) return false;
    }
    this.#change(state, process, changed, 'start');
    return true;
  }

  /** Takes up what a process has become. It is its turn if it sent something, or is about to. */
  #change(state: Uint8Array, process: number, changed: number, type: OwnAction['type']): void {
    const { parts, layout, deviceOf, placeOf, isAlone } = this.#scene;
    const device = deviceOf[process]!;
    const turn = this.#moment.turn(state);
    const heals = type === 'heal';
    // What a machine sends as it wakes cannot wait for what its other processes do first.
    const canWait = type !== 'wake' || isAlone[process]!;
    const mayBegin = turn === 0 && canWait && (heals || hasSent(changed)) && this.#moment.isOpen(state);
    const loose = mayBegin ? parts.part(this.#scene.part(state, device)).processes[placeOf[process]!]!.mail.length : 0;
    writePart(state, layout.part(device), partAfter(changed));
    this.#settle(state);
    if (turn > 0) this.#endUnlessAwaited(state);
    else if (mayBegin) {
      const isOnItsWay = hasSent(changed) && this.#moment.awaits(state, process);
      if (isOnItsWay || (heals && this.#moment.sendsNow(state, process))) this.#moment.begin(state, process, loose);
    }
  }

  /** A request reaches the server: it is served, or the store fails, or the server goes down before it answers. */
  #reach(state: Uint8Array, process: number, own: number, request: number): boolean {
    const { rules, parts, layout, devices, deviceOf, placeOf } = this.#scene;
    const { type } = OWN[own]!;
    const isOrphan = rules.mail.isOrphan(request);
    if ((isOrphan && type !== 'deliver') || !this.#pay(state, own)) return false;
    const device = deviceOf[process]!;
    const { seat, answer, granted } =
      type === 'fail'
        ? { seat: this.#scene.seat(state), answer: rules.failed(request, device), granted: 0 }
        : rules.serve(this.#scene.seat(state), device, request);
    if (type === 'interrupt') state[layout.down] = 1;
    if (rules.mail.isError(answer)) state[layout.unanswered] = 1;
    writePart(state, layout.seat, seat);
    for (let each = 0; granted !== 0 && each < devices; each++) {
      if (each === device) continue;
      writePart(state, layout.part(each), parts.afterGrant(this.#scene.part(state, each), granted));
    }
    const isAnswered = !isOrphan && type !== 'interrupt';
    const part = parts.answered(
      this.#scene.part(state, device),
      placeOf[process]!,
      SLOT_OF[own]!,
      isAnswered ? answer : -1,
      granted,
    );
    writePart(state, layout.part(device), part);
    this.#settle(state);
    if (type === 'fail') this.#endUnlessAwaited(state);
    else this.#moment.end(state);
    return true;
  }

  #endUnlessAwaited(state: Uint8Array): void {
    const turn = this.#moment.turn(state);
    if (turn > 0 && !this.#moment.awaits(state, turn - 1)) this.#moment.end(state);
  }

  #settle(state: Uint8Array): void {
    this.#forgetting.forget(state);
    this.#lasting.settle(state);
  }

  /** Takes one of the faults that are left, where an action costs one. */
  #pay(state: Uint8Array, own: number): boolean {
    const cost = COST_OF[own]!;
    return cost === null || this.#spend(state, cost);
  }

  #spend(state: Uint8Array, kind: FaultKind): boolean {
    const { layout, may } = this.#scene;
    if (!may[kind] || state[layout.faults] === 0) return false;
    state[layout.faults]!--;
    return true;
  }
}
