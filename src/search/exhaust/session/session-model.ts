/** The session model: the server's rule and the client's in discrete time, with messages, faults and users around them. */
import { formatDuration, type Duration } from '../../../core/time.ts';
import { describe, OF_MESSAGE, OF_PROCESS, PER_PROCESS, sessionActions, type SessionAction } from './actions.ts';
import { add, drop, eachMessage } from './bag.ts';
import { devicesAlike } from './alike.ts';
import { always, maximum, sometimes, type Law } from '../laws.ts';
import type { Model } from '../model.ts';
import type { Grid } from './grid.ts';
import { ENDING, layoutOf, MOST_MESSAGES, read16, RESTS, WORKS, write16, type Layout } from './layout.ts';
import type { ServerRule } from './server-rule.ts';
import { LAST_REQUEST } from './normal.ts';
import { INPUT, NAMES, Rules, type Turn } from './rules.ts';

/** What can go wrong, each time at the cost of one fault. */
export const FAULTS = ['cut', 'loss', 'delay', 'duplicate', 'crash', 'sleep', 'store-failure', 'stop'] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface SessionWorld {
  readonly name: string;
  readonly grid: Grid;
  readonly rule: ServerRule;
  /** From 1 to 3 devices. Of the first, a launcher and a bot run where `launcher` is true; of the others one process. */
  readonly devices: number;
  readonly launcher: boolean;
  /** How many faults there are at most, of which kinds. */
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  /** How long devices may work at once; null where that is not judged. */
  readonly allowed: Duration | null;
  /** What is counted over time: each makes for more states. Where overlap is judged it is counted. */
  readonly counts: readonly Count[];
}

/** For how long devices have worked at once, an orphan has blocked the seat, a victim has worked on. */
export type Count = 'overlap' | 'blocked' | 'astray';

const COUNTED: Readonly<Record<Count, string>> = {
  overlap: 'devices work at once',
  blocked: 'a session that nobody has blocks others',
  astray: 'a victim works on',
};

/** No byte counts further. */
const LARGEST_COUNT = 250;

/** Where counting stops, in units: what lasts twice as long as a session and every wait after it has no bound of ours. */
export function mostUnits({ policy, unit }: Grid): number {
  const wait = Math.max(
    policy.grace.afterExpiry,
    policy.grace.afterTakeover,
    policy.cleanUp.type === 'swept' ? policy.cleanUp.every : 0,
  );
  return Math.min(LARGEST_COUNT, Math.ceil((2 * (policy.timeout + wait)) / unit) + 2);
}

/** A user starts no process that has more messages under way. */
const MOST_AT_START = 1;

export interface SessionModel extends Model {
  readonly rules: Rules;
  readonly layout: Layout;
  /** The device of each process. */
  readonly deviceOf: readonly number[];
  readonly table: readonly SessionAction[];
}

export function sessionModel(world: SessionWorld): SessionModel {
  const { grid, devices, launcher, kinds } = world;
  const { unit, policy } = grid;
  const deviceOf = [...(launcher ? [0] : []), ...Array.from({ length: devices }, (_, device) => device)];
  const processes = deviceOf.length;
  const rules = new Rules(grid, world.rule);
  const layout = layoutOf(processes);
  const table = sessionActions(processes);
  const restUnits = policy.stopTime / unit;
  const sweepUnits = policy.cleanUp.type === 'swept' ? policy.cleanUp.every / unit : 0;
  const most = mostUnits(grid);
  const counts = {
    overlap: world.allowed !== null || world.counts.includes('overlap'),
    blocked: world.counts.includes('blocked'),
    astray: world.counts.includes('astray'),
  };
  const may = Object.fromEntries(FAULTS.map((kind) => [kind, kinds.includes(kind)])) as Record<FaultKind, boolean>;

  const agentOf = (state: Uint8Array, process: number): number => read16(state, layout.agent(process));
  const sleeps = (state: Uint8Array, process: number): boolean =>
    ((state[layout.asleep]! >> deviceOf[process]!) & 1) === 1;
  const isCut = (state: Uint8Array, process: number): boolean => ((state[layout.cut]! >> deviceOf[process]!) & 1) === 1;
  const works = (state: Uint8Array, process: number): boolean =>
    state[layout.work(process)] !== RESTS && !sleeps(state, process);

  /** How many devices work. */
  function atWork(state: Uint8Array): number {
    let bits = 0;
    for (let process = 0; process < processes; process++) if (works(state, process)) bits |= 1 << deviceOf[process]!;
    return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);
  }

  /** Whether some process works whose session the seat has passed on. */
  function isAstray(state: Uint8Array): boolean {
    const latest = rules.latestOf(read16(state, layout.seat));
    for (let process = 0; process < processes; process++) {
      if (!works(state, process)) continue;
      if (deviceOf[process]! * NAMES + rules.leaseOf(agentOf(state, process)) !== latest) return true;
    }
    return false;
  }

  /** Whether the seat is kept from others by a session that no process knows of any more. */
  function isOrphaned(state: Uint8Array): boolean {
    const seat = read16(state, layout.seat);
    if (!rules.isBlocked(seat)) return false;
    const name = rules.rememberedOf(seat);
    if (name < 0) return true;
    const device = Math.floor(name / NAMES);
    for (let process = 0; process < processes; process++) {
      if (deviceOf[process] === device && (rules.namesInAgent(agentOf(state, process)) >> (name % NAMES)) & 1)
        return false;
    }
    return true;
  }

  /** The session names of a device that its processes and their messages mention, a bit each. */
  function mentioned(state: Uint8Array, device: number): number {
    let names = 0;
    for (let process = 0; process < processes; process++) {
      if (deviceOf[process] !== device) continue;
      names |= rules.namesInAgent(agentOf(state, process));
      for (let slot = 0; slot < MOST_MESSAGES; slot++) {
        const message = read16(state, layout.message(process, slot));
        if (message === 0) break;
        names |= rules.namesInMessage(message - 1);
      }
    }
    return names;
  }

  function isMentioned(state: Uint8Array, name: number): boolean {
    return name >= 0 && ((mentioned(state, (name / NAMES) | 0) >> (name % NAMES)) & 1) === 1;
  }

  /** Numbers the requests of a process anew where there are gaps between them. */
  function order(state: Uint8Array, process: number): void {
    let bits = (1 << LAST_REQUEST) | rules.requestsInAgent(agentOf(state, process));
    for (let slot = 0; slot < MOST_MESSAGES; slot++) {
      const message = read16(state, layout.message(process, slot));
      if (message === 0) break;
      bits |= rules.requestInMessage(message - 1);
    }
    const gaps = ~bits & ((1 << (LAST_REQUEST + 1)) - 1);
    // No gap below the last: the bits that are not there are all below those that are.
    if ((gaps & (gaps + 1)) === 0) return;
    write16(state, layout.agent(process), rules.agentWithOrder(agentOf(state, process), bits));
    eachMessage(state, layout, process, (message) => rules.messageWithOrder(message, bits));
  }

  /** Forgets what can make no difference any more, so that there are fewer states. */
  function forget(state: Uint8Array): void {
    for (let process = 0; process < processes; process++) {
      if (read16(state, layout.message(process, 0)) === 0) {
        write16(state, layout.agent(process), rules.atEase(agentOf(state, process)));
      } else order(state, process);
    }
    let seat = read16(state, layout.seat);
    if (!isMentioned(state, rules.previousOf(seat))) seat = rules.withoutPrevious(seat);
    if (!isMentioned(state, rules.rememberedOf(seat))) seat = rules.withForgotten(seat);
    write16(state, layout.seat, seat);
  }

  /** Once it is over, what is counted while it lasts begins anew. */
  function settle(state: Uint8Array): boolean {
    forget(state);
    if (state[layout.overlap] !== 0 && atWork(state) < 2) state[layout.overlap] = 0;
    if (state[layout.astray] !== 0 && !isAstray(state)) state[layout.astray] = 0;
    if (state[layout.blocked] !== 0 && !isOrphaned(state)) state[layout.blocked] = 0;
    return true;
  }

  /** One unit more of something, which may end with it: so it begins anew only when something else happens. */
  function count(state: Uint8Array, at: number, lasts: boolean): void {
    if (!lasts) state[at] = 0;
    else if (state[at]! < most) state[at]!++;
  }

  function tick(state: Uint8Array): boolean {
    for (let process = 0; process < processes; process++) {
      if (!sleeps(state, process)) {
        if (rules.isDue(agentOf(state, process))) return false;
        if (state[layout.work(process)]! >= ENDING + restUnits) return false;
      }
      for (let slot = 0; slot < MOST_MESSAGES; slot++) {
        const message = read16(state, layout.message(process, slot));
        if (message !== 0 && rules.isUrgent(message - 1)) return false;
      }
    }
    if (sweepUnits > 0 && read16(state, layout.sweep) >= sweepUnits) return false;
    if (counts.overlap) count(state, layout.overlap, atWork(state) >= 2);
    if (counts.astray) count(state, layout.astray, isAstray(state));
    if (counts.blocked) count(state, layout.blocked, isOrphaned(state));
    for (let process = 0; process < processes; process++) {
      const isAwake = !sleeps(state, process);
      const runs = isAwake || grid.client.clock === 'wall' ? 1 : 0;
      if (runs === 1) write16(state, layout.agent(process), rules.olderAgent(agentOf(state, process)));
      if (isAwake && state[layout.work(process)]! >= ENDING) state[layout.work(process)]!++;
      eachMessage(state, layout, process, (message) => rules.olderMessage(message, runs));
    }
    write16(state, layout.seat, rules.olderSeat(read16(state, layout.seat)));
    if (sweepUnits > 0) write16(state, layout.sweep, read16(state, layout.sweep) + 1);
    forget(state);
    return true;
  }

  function sweep(state: Uint8Array): boolean {
    if (sweepUnits === 0 || read16(state, layout.sweep) < sweepUnits) return false;
    write16(state, layout.sweep, 0);
    write16(state, layout.seat, rules.sweep(read16(state, layout.seat)));
    return settle(state);
  }

  let sent = false;
  let served = false;

  /** Carries out what the client's rule says. `rests`: its work stands still already. */
  function take(state: Uint8Array, process: number, { agent, sends, begins, stops }: Turn, rests = false): void {
    write16(state, layout.agent(process), agent);
    if (sends.length > 0) {
      sent = true;
      eachMessage(state, layout, process, (message) =>
        rules.isOrphan(message) ? message : rules.messageAfterRequests(message, sends.length),
      );
      for (const message of sends) add(state, layout, process, message);
    }
    if (begins) state[layout.work(process)] = WORKS;
    if (!stops) return;
    state[layout.work(process)] = ENDING;
    if (rests || restUnits === 0) comeToRest(state, process);
  }

  function comeToRest(state: Uint8Array, process: number): void {
    state[layout.work(process)] = RESTS;
    take(state, process, rules.input(agentOf(state, process), INPUT.atRest));
  }

  /** A session name of the device that nothing mentions. */
  function freeName(state: Uint8Array, device: number): number {
    const seat = read16(state, layout.seat);
    let used = mentioned(state, device);
    for (const name of [rules.rememberedOf(seat), rules.previousOf(seat)]) {
      if (Math.floor(name / NAMES) === device) used |= 1 << (name % NAMES);
    }
    const name = 31 - Math.clz32(~used & -~used);
    if (name >= NAMES) throw new Error(`more than ${NAMES} sessions of one device are in use`);
    return name;
  }

  function start(state: Uint8Array, process: number, takeOver: boolean): boolean {
    const agent = agentOf(state, process);
    if (rules.phase(agent) !== 'idle' || sleeps(state, process) || (takeOver && !rules.mayTakeOver(agent)))
      return false;
    if (read16(state, layout.message(process, MOST_AT_START)) !== 0) return false;
    const name = freeName(state, deviceOf[process]!);
    take(state, process, rules.input(agent, (takeOver ? INPUT.takeOver : INPUT.start) + name));
    return settle(state);
  }

  function stop(state: Uint8Array, process: number): boolean {
    if (!may.stop || state[layout.faults] === 0) return false;
    const agent = agentOf(state, process);
    const phase = rules.phase(agent);
    if (phase === 'idle' || phase === 'stopping' || sleeps(state, process)) return false;
    state[layout.faults]!--;
    take(state, process, rules.input(agent, INPUT.stop));
    return settle(state);
  }

  function time(state: Uint8Array, process: number): boolean {
    const agent = agentOf(state, process);
    if (sleeps(state, process) || !rules.isDue(agent)) return false;
    take(state, process, rules.input(agent, INPUT.time));
    return settle(state);
  }

  function atRest(state: Uint8Array, process: number): boolean {
    if (state[layout.work(process)]! < ENDING || sleeps(state, process)) return false;
    comeToRest(state, process);
    return settle(state);
  }

  function crash(state: Uint8Array, process: number): boolean {
    if (!may.crash || state[layout.faults] === 0 || sleeps(state, process)) return false;
    if (agentOf(state, process) === rules.freshAgent) return false;
    state[layout.faults]!--;
    write16(state, layout.agent(process), rules.freshAgent);
    state[layout.work(process)] = RESTS;
    eachMessage(state, layout, process, rules.orphaned);
    return settle(state);
  }

  /** The whole device: what its clock counts stands still. */
  function sleep(state: Uint8Array, process: number): boolean {
    if (!may.sleep || state[layout.faults] === 0 || sleeps(state, process)) return false;
    if (rules.phase(agentOf(state, process)) === 'idle') return false;
    state[layout.faults]!--;
    state[layout.asleep]! |= 1 << deviceOf[process]!;
    return settle(state);
  }

  function wake(state: Uint8Array, process: number): boolean {
    if (!sleeps(state, process) || deviceOf.indexOf(deviceOf[process]!) !== process) return false;
    state[layout.asleep]! &= ~(1 << deviceOf[process]!);
    for (let each = 0; each < processes; each++) {
      if (deviceOf[each] !== deviceOf[process]) continue;
      if (state[layout.work(each)]! >= ENDING) comeToRest(state, each);
      take(state, each, rules.input(agentOf(state, each), INPUT.wake), true);
    }
    return settle(state);
  }

  /** Whether a message from or to it is on its way: only then does it matter whether it is cut off. */
  function hasMail(state: Uint8Array, device: number): boolean {
    for (let process = 0; process < processes; process++) {
      if (deviceOf[process] === device && read16(state, layout.message(process, 0)) !== 0) return true;
    }
    return false;
  }

  /** Whether one of its processes may send something next. */
  function maySend(state: Uint8Array, device: number): boolean {
    for (let process = 0; process < processes; process++) {
      if (deviceOf[process] !== device || sleeps(state, process)) continue;
      const agent = agentOf(state, process);
      if (rules.phase(agent) === 'idle' || (may.stop && state[layout.faults] !== 0)) return true;
      if (rules.isDue(agent) && !rules.isDueAlone(agent)) return true;
      if (state[layout.work(process)]! >= ENDING && !rules.restsAlone(agent)) return true;
    }
    return false;
  }

  /** The whole device: nothing it sends arrives, and nothing that is sent to it, until the network heals. */
  function cut(state: Uint8Array, process: number): boolean {
    if (!may.cut || state[layout.faults] === 0 || isCut(state, process)) return false;
    if (!hasMail(state, deviceOf[process]!)) return false;
    state[layout.faults]!--;
    state[layout.cut]! |= 1 << deviceOf[process]!;
    return settle(state);
  }

  function heal(state: Uint8Array, process: number): boolean {
    if (!isCut(state, process) || deviceOf.indexOf(deviceOf[process]!) !== process) return false;
    if (turnOf(state) !== 0 || !(hasMail(state, deviceOf[process]!) || maySend(state, deviceOf[process]!))) return false;
    state[layout.cut]! &= ~(1 << deviceOf[process]!);
    return settle(state);
  }

  function ofMessage(state: Uint8Array, process: number, slot: number, kind: (typeof OF_MESSAGE)[number]): boolean {
    const found = read16(state, layout.message(process, slot));
    if (found === 0) return false;
    // Of two that are the same, either will do.
    if (slot > 0 && read16(state, layout.message(process, slot - 1)) === found) return false;
    const message = found - 1;
    if (kind === 'deliver') {
      drop(state, layout, process, slot);
      if (isCut(state, process)) return settle(state);
      if (!rules.isRequest(message)) {
        if (!sleeps(state, process)) take(state, process, rules.answer(agentOf(state, process), message));
      } else {
        served = true;
        serve(state, process, message);
      }
      return settle(state);
    }
    if (state[layout.faults] === 0) return false;
    if (kind === 'lose') {
      if (!may.loss) return false;
      drop(state, layout, process, slot);
    } else if (kind === 'duplicate') {
      if (!may.duplicate || !rules.isRequest(message)) return false;
      if (read16(state, layout.message(process, MOST_MESSAGES - 1)) !== 0) return false;
      add(state, layout, process, message);
    } else if (kind === 'delay') {
      if (!may.delay || rules.isLate(message)) return false;
      drop(state, layout, process, slot);
      add(state, layout, process, rules.delayed(message));
    } else {
      if (!may['store-failure'] || !rules.isRequest(message) || rules.isOrphan(message)) return false;
      drop(state, layout, process, slot);
      add(state, layout, process, rules.failed(message));
    }
    state[layout.faults]!--;
    return settle(state);
  }

  function serve(state: Uint8Array, process: number, message: number): void {
    const { seat, answer, granted } = rules.serve(read16(state, layout.seat), deviceOf[process]!, message);
    write16(state, layout.seat, seat);
    if (granted) {
      for (let each = 0; each < processes; each++) {
        write16(state, layout.agent(each), rules.agentAfterGrant(agentOf(state, each)));
        eachMessage(state, layout, each, rules.messageAfterGrant);
      }
    }
    if (!rules.isOrphan(message)) add(state, layout, process, answer);
  }

  /**
   * A process that must do something before time passes, and of which nothing is on its way to the server. What it does
   * then is its own affair: it makes no difference to the others, nor they to it, so it need not be tried in every order.
   * Chosen by what the process is like, not by its number, so that devices can change places. -1 where there is none.
   */
  function firstByItself(state: Uint8Array): number {
    let first = -1;
    for (let process = 0; process < processes; process++) {
      if (!isByItself(state, process)) continue;
      const order = first < 0 ? -1 : compare(state, process, first);
      if (order === 0) return -1;
      if (order < 0) first = process;
    }
    return first;
  }

  function choices(state: Uint8Array, into: Uint16Array): number {
    const turn = turnOf(state);
    const first = turn > 0 ? turn - 1 : firstByItself(state);
    let found = 0;
    if (first < 0) {
      into[found++] = 0;
      into[found++] = 1;
    }
    for (let process = 0; process < processes; process++) {
      if (first >= 0 && process !== first) {
        // A device that falls asleep in the turn of its bot is woken in that of its launcher.
        if (turn > 0 && deviceOf[process] === deviceOf[first]) into[found++] = 2 + process * PER_PROCESS + 7;
        continue;
      }
      const from = 2 + process * PER_PROCESS;
      let until = from + OF_PROCESS.length;
      for (let slot = 0; slot < MOST_MESSAGES; slot++) {
        if (read16(state, layout.message(process, slot)) === 0) break;
        until += OF_MESSAGE.length;
      }
      for (let action = from; action < until; action++) into[found++] = action;
    }
    return found;
  }

  /** The one thing that need be tried next; -1 where there are several. */
  function forced(state: Uint8Array): number {
    const turn = turnOf(state);
    for (let process = 0; process < processes; process++) {
      if (turn > 0 && turn - 1 !== process) continue;
      const slot = firstAnswer(state, process);
      if (slot >= 0) return 2 + process * PER_PROCESS + OF_PROCESS.length + slot * OF_MESSAGE.length;
    }
    if (state[layout.faults] !== 0) return -1;
    const process = turn > 0 ? turn - 1 : firstByItself(state);
    if (process < 0 || sleeps(state, process)) return -1;
    const agent = agentOf(state, process);
    if (rules.phase(agent) === 'idle') return -1;
    let found = -1;
    const from = 2 + process * PER_PROCESS;
    if (rules.isDue(agent)) found = from + 3;
    if (state[layout.work(process)]! >= ENDING) {
      if (found >= 0) return -1;
      found = from + 4;
    }
    const messages = countMessages(state, process);
    if (messages === 0) return found;
    if (found >= 0) return -1;
    if (messages === 1) return from + OF_PROCESS.length;
    // What was on its way before its turn came could have arrived before.
    if (turn === 0 || messages !== (state[layout.turn]! >> 3) + 1) return -1;
    for (let slot = 0; slot < messages; slot++) {
      if (rules.requestInMessage(read16(state, layout.message(process, slot)) - 1) !== 1 << LAST_REQUEST) continue;
      return from + OF_PROCESS.length + slot * OF_MESSAGE.length;
    }
    return -1;
  }

  /**
   * Where a process has an answer that may as well be the first thing to happen: one that it does not heed, now or after
   * another start; or, where no fault is left that could come before it, its only one. -1 where there is none.
   */
  function firstAnswer(state: Uint8Array, process: number): number {
    if (sleeps(state, process) || isCut(state, process)) return -1;
    const agent = agentOf(state, process);
    const isBusy =
      state[layout.faults] === 0 &&
      rules.phase(agent) !== 'idle' &&
      !rules.isDue(agent) &&
      state[layout.work(process)]! < ENDING;
    let only = -1;
    for (let slot = 0; slot < MOST_MESSAGES; slot++) {
      const message = read16(state, layout.message(process, slot)) - 1;
      if (message < 0) break;
      if (rules.isRequest(message) || !rules.isUrgent(message)) continue;
      if (rules.isVoid(agent, message)) return slot;
      only = only < 0 ? slot : MOST_MESSAGES;
    }
    return isBusy && only >= 0 && only < MOST_MESSAGES ? only : -1;
  }

  function isByItself(state: Uint8Array, process: number): boolean {
    if (launcher && deviceOf[process] === 0) return false;
    let must = false;
    for (let slot = 0; slot < MOST_MESSAGES; slot++) {
      const message = read16(state, layout.message(process, slot));
      if (message === 0) break;
      if (rules.isRequest(message - 1) && !isCut(state, process)) return false;
      must ||= rules.isUrgent(message - 1);
    }
    if (sleeps(state, process)) return must;
    if (must) return true;
    const agent = agentOf(state, process);
    return rules.isDueAlone(agent) || (state[layout.work(process)]! >= ENDING + restUnits && rules.restsAlone(agent));
  }

  function compare(state: Uint8Array, one: number, other: number): number {
    const [a, b] = [layout.agent(one), layout.agent(other)];
    for (let at = 0; at < layout.processBytes; at++) {
      if (state[a + at] !== state[b + at]) return state[a + at]! - state[b + at]!;
    }
    const [first, second] = [deviceOf[one]!, deviceOf[other]!];
    const flags = (device: number): number =>
      ((state[layout.asleep]! >> device) & 1) | (((state[layout.cut]! >> device) & 1) << 1);
    return flags(first) - flags(second);
  }

  function step(state: Uint8Array, action: number): boolean {
    if (action < 2) return action === 0 ? tick(state) : sweep(state);
    const process = Math.floor((action - 2) / PER_PROCESS);
    const kind = (action - 2) % PER_PROCESS;
    const turn = turnOf(state);
    const isPoint = turn === 0 && firstByItself(state) < 0;
    const loose = countMessages(state, process);
    sent = false;
    served = false;
    if (!fine(state, action, process, kind)) return false;
    if (turn === 0) {
      const isReady = sent && !served && awaits(state, process);
      if (isPoint && (isReady || (kind === 9 && isAboutToSend(state, process)))) {
        state[layout.turn] = (process + 1) | (loose << 3);
      }
    } else if (served || !awaits(state, turn - 1)) state[layout.turn] = 0;
    return true;
  }

  const turnOf = (state: Uint8Array): number => state[layout.turn]! & 7;

  /** A device that reaches the server again right before it sends what is due. */
  function isAboutToSend(state: Uint8Array, process: number): boolean {
    const agent = agentOf(state, process);
    const isAlone = !launcher || deviceOf[process] !== 0;
    return isAlone && !sleeps(state, process) && rules.isDue(agent) && !rules.isDueAlone(agent);
  }

  function countMessages(state: Uint8Array, process: number): number {
    let count = 0;
    while (count < MOST_MESSAGES && read16(state, layout.message(process, count)) !== 0) count++;
    return count;
  }

  /** Whether a request of it is on its way that arrives in this moment. */
  function awaits(state: Uint8Array, process: number): boolean {
    for (let slot = 0; slot < MOST_MESSAGES; slot++) {
      const message = read16(state, layout.message(process, slot));
      if (message === 0) return false;
      if (rules.isRequest(message - 1) && rules.isUrgent(message - 1)) return true;
    }
    return false;
  }

  function fine(state: Uint8Array, action: number, process: number, kind: number): boolean {
    switch (kind) {
      case 0:
        return start(state, process, false);
      case 1:
        return start(state, process, true);
      case 2:
        return stop(state, process);
      case 3:
        return time(state, process);
      case 4:
        return atRest(state, process);
      case 5:
        return crash(state, process);
      case 6:
        return sleep(state, process);
      case 7:
        return wake(state, process);
      case 8:
        return cut(state, process);
      case 9:
        return heal(state, process);
      default: {
        const which = kind - OF_PROCESS.length;
        const slot = Math.floor(which / OF_MESSAGE.length);
        return ofMessage(state, process, slot, OF_MESSAGE[which - slot * OF_MESSAGE.length]!);
      }
    }
  }

  const { allowed } = world;
  const laws: Law[] = [
    ...(allowed === null ? [] : [always('one worker', (state) => state[layout.overlap]! * unit <= allowed)]),
    sometimes('somebody works', (state) => atWork(state) > 0),
    ...world.counts.map((what) => maximum(COUNTED[what], (state) => state[layout[what]]!)),
  ];

  return {
    name: `${world.name}, ${devices} devices, ${world.faults} faults, in units of ${formatDuration(unit)}`,
    bytes: layout.bytes,
    initial() {
      const state = new Uint8Array(layout.bytes);
      write16(state, layout.seat, rules.freshSeat);
      for (let process = 0; process < processes; process++) write16(state, layout.agent(process), rules.freshAgent);
      state[layout.faults] = world.faults;
      return [state];
    },
    actions: table.length,
    choices,
    forced,
    step,
    describe: (action, before) => describe(table[action]!, before, { rules, layout, unit, deviceOf }),
    laws,
    ...(launcher || devices === 1 ? {} : { symmetry: devicesAlike(devices, layout, rules, PER_PROCESS) }),
    rules,
    layout,
    deviceOf,
    table,
  };
}
