/** Writes Histories by hand, a line an event: who calls what, what is answered, and what the store then holds. */
import type { Command } from '../../src/core/command.ts';
import type { Policy } from '../../src/core/policy.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Granted, Gone, Holder, Refused, Reply } from '../../src/core/reply.ts';
import type { Scope, Seat, Standing } from '../../src/core/seat.ts';
import { milliseconds, parseDuration, type DurationText, type Instant } from '../../src/core/time.ts';
import type { StopReason } from '../../src/core/agent/state.ts';
import { clientOf, type ClientConfig } from '../../src/core/client.ts';
import type {
  Actor,
  Clock,
  ClockName,
  DesignFailed,
  History,
  HistoryEvent,
  StoreFault,
  Statements,
  StorePromise,
} from '../../src/history/history.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import type { Verdict } from '../../src/laws/law.ts';

const SEAT: Scope = { license: 'L1', symbol: '' };

/** Timeout 60 s, expiry at it, refusing, lazy, without grace: the policy of most cases. */
export const PLAIN: Policy = {
  ...recommended,
  name: 'plain',
  onConflict: 'refuse',
  grace: { afterExpiry: milliseconds(0), afterTakeover: milliseconds(0) },
};

export const CAST: readonly Actor[] = ['laptop', 'desktop', 'tablet'].map((name) => ({
  name,
  device: name,
  fingerprint: fingerprintOf(name),
  client: null,
}));

/** One call: when, by whom, what; and what is answered. */
export type Line = (to: Writer) => void;

export function historyOf(policy: Policy, lines: readonly Line[]): History {
  const writer = new Writer(policy);
  for (const line of lines) line(writer);
  return {
    title: 'by hand',
    on: 'hand',
    policy,
    cast: writer.cast,
    clocks: writer.clocks,
    stores: writer.stores,
    events: [...writer.events, { type: 'end', at: writer.now }],
  };
}

/** The verdict on one law. */
export function verdictOn(code: string, history: History): Verdict {
  const verdict = judgeHistory(history).find((one) => one.code === code);
  if (verdict === undefined) throw new Error(`no verdict on ${code}`);
  return verdict;
}

export class Writer {
  readonly events: HistoryEvent[] = [];
  readonly policy: Policy;
  now = 0 as Instant;
  cast = CAST;
  clocks: readonly Clock[] = [];
  stores: StorePromise | null = null;
  #calls = 0;
  #steps = 0;

  constructor(policy: Policy) {
    this.policy = policy;
  }

  call(actor: string | null, command: Command, step = this.#steps++, sent = this.now): number {
    const call = this.#calls++;
    this.events.push({
      type: 'called',
      at: this.now,
      sent,
      call,
      actor,
      step: actor === null ? null : step,
      action: 0,
      command,
    });
    return call;
  }

  answer(call: number, reply: Reply, arrived = true): void {
    this.events.push({ type: 'answered', at: this.now, call, storeTime: this.now, reply, arrived });
  }

  add(event: HistoryEvent): void {
    this.events.push(event);
  }
}

/** What a line says, once it is known under which policy and when. */
type Says = (at: Instant, policy: Policy) => Reply;
type Asks = readonly [actor: string | null, command: Command];

/** `at('20s', heartbeats('laptop', 'a', 1), renewed(1))`: a call with its answer, nothing else under way. */
export function at(when: DurationText, [actor, command]: Asks, says: Says, ...more: readonly Line[]): Line {
  return (to) => {
    to.now = instantOf(when);
    to.answer(to.call(actor, command), says(to.now, to.policy));
    for (const line of more) line(to);
  };
}

/** Calls that are all sent before the first of them is answered; the answers come in the order of the list. */
export function together(when: DurationText, ...calls: readonly (readonly [Asks, Says])[]): Line {
  return (to) => {
    to.now = instantOf(when);
    const sent = calls.map(([[actor, command]]) => to.call(actor, command, 1000 + to.now));
    calls.forEach(([, says], i) => to.answer(sent[i] ?? 0, says(to.now, to.policy)));
  };
}

/** A call whose answer does not reach its sender. */
export function lost(when: DurationText, [actor, command]: Asks, says: Says): Line {
  return (to) => {
    to.now = instantOf(when);
    to.answer(to.call(actor, command), says(to.now, to.policy), false);
  };
}

/** A call that is never answered: nobody knows what came of it. */
export function unanswered(when: DurationText, [actor, command]: Asks): Line {
  return (to) => {
    to.now = instantOf(when);
    to.call(actor, command);
  };
}

/** A call that is answered later, while others go on in between. */
export function during(
  from: DurationText,
  answered: DurationText,
  [actor, command]: Asks,
  says: Says,
  ...lines: readonly Line[]
): Line {
  return (to) => {
    to.now = instantOf(from);
    const call = to.call(actor, command);
    for (const line of lines) line(to);
    to.now = instantOf(answered);
    to.answer(call, says(to.now, to.policy));
  };
}

/** A call that is under way for a while, to the server and there. */
export function exchange(
  [sent, arrives, answers]: readonly [DurationText, DurationText, DurationText],
  [actor, command]: Asks,
  says: Says,
  arrived = true,
): Line {
  return (to) => {
    to.now = instantOf(arrives);
    const call = to.call(actor, command, undefined, instantOf(sent));
    to.now = instantOf(answers);
    to.answer(call, says(to.now, to.policy), arrived);
  };
}

/** The same calls with the statements that each of them took, in the order of their answers. */
export function observed(line: Line, ...taken: readonly Statements[]): Line {
  return (to) => {
    const from = to.events.length;
    line(to);
    const rest = [...taken];
    for (let i = from; i < to.events.length; i += 1) {
      const event = to.events[i];
      const own = event?.type === 'answered' ? rest.shift() : undefined;
      if (event?.type === 'answered' && own !== undefined) to.events[i] = { ...event, statements: own };
    }
  };
}

/** The same calls, answered by these app servers without a statement of their store. */
export function fromMemoryOf(server: number, line: Line): Line {
  return (to) => {
    const from = to.events.length;
    line(to);
    for (let i = from; i < to.events.length; i += 1) {
      const event = to.events[i];
      if (event?.type === 'answered') to.events[i] = { ...event, fromMemoryOf: server };
    }
  };
}

/** Some statements of a call, as positions among those of the run; the last one writes unless `lastWrite` says otherwise. */
export function statements(count: number, first: number, last: number, lastWrite: number | null = last): Statements {
  return { count, first, last, lastWrite };
}

/** What happens besides calls, at this instant. */
function happens(when: DurationText, event: (at: Instant) => HistoryEvent): Line {
  return (to) => {
    to.now = instantOf(when);
    to.add(event(to.now));
  };
}

/** Everyone runs a client: that of the policy, but for these values. */
export function clients(changes: Partial<ClientConfig> = {}): Line {
  return (to) => {
    to.cast = to.cast.map((actor) => ({ ...actor, client: { ...clientOf(to.policy), ...changes } }));
  };
}
export function clock(name: ClockName, { offset = 0, drift = 0 }: Partial<Clock>): Line {
  return (to) => {
    to.clocks = [...to.clocks, { clock: name, offset, drift }];
  };
}
export function promises(agreeWithin: DurationText, reconcileWithin: DurationText): Line {
  return (to) => {
    to.stores = { agreeWithin: parseDuration(agreeWithin), reconcileWithin: parseDuration(reconcileWithin) };
  };
}

export function begins(when: DurationText, actor: string, session: string, term: number, scope: Scope = SEAT): Line {
  return happens(when, (now) => ({ type: 'work-began', at: now, actor, scope, session, term }));
}
export function stopping(when: DurationText, actor: string, why: StopReason): Line {
  return happens(when, (now) => ({ type: 'work-stopping', at: now, actor, why }));
}
export function stops(when: DurationText, actor: string): Line {
  return happens(when, (now) => ({ type: 'work-stopped', at: now, actor }));
}
export function pauses(when: DurationText, actor: string, why: 'hang' | 'sleep' = 'sleep'): Line {
  return happens(when, (now) => ({ type: 'paused', at: now, actor, why }));
}
export function resumes(when: DurationText, actor: string): Line {
  return happens(when, (now) => ({ type: 'resumed', at: now, actor }));
}
export function vanishes(when: DurationText, [actor, command]: Asks): Line {
  return happens(when, (now) => ({ type: 'request-lost', at: now, actor: actor ?? '', command }));
}
export function tries(when: DurationText, actor: string, term: number, accepted: boolean): Line {
  return happens(when, (now) => ({ type: 'effect-tried', at: now, actor, scope: SEAT, term, accepted }));
}
export function sets(when: DurationText, name: ClockName, by: number): Line {
  return happens(when, (now) => ({ type: 'clock-set', at: now, clock: name, by }));
}
export function slows(when: DurationText, actor: string, by: DurationText): Line {
  const network = { type: 'slow', by: parseDuration(by) } as const;
  return happens(when, (now) => ({ type: 'network-changed', at: now, actor, messages: 'answers', now: network }));
}
export function holdsUp(when: DurationText, actor: string, by: DurationText): Line {
  const network = { type: 'slow', by: parseDuration(by) } as const;
  return happens(when, (now) => ({ type: 'network-changed', at: now, actor, messages: 'requests', now: network }));
}
export function serverCrash(when: DurationText): Line {
  return happens(when, (now) => ({ type: 'server-crashed', at: now, server: 1 }));
}
export function designFails(when: DurationText, call: number | null, how: DesignFailed['how'], message = ''): Line {
  return happens(when, (now) => ({ type: 'design-failed', at: now, call, how, message }));
}
/** Nothing happens any more until then. */
export function until(when: DurationText): Line {
  return (to) => {
    to.now = instantOf(when);
  };
}

/** What one of several stores holds from here on; nobody without a session. */
export function storeHolds(when: DurationText, store: string, latest: Holder | null, standing?: Standing): Line {
  return (to) => {
    to.now = instantOf(when);
    const { timeout } = to.policy;
    const session =
      latest === null
        ? null
        : {
            id: latest.session,
            device: latest.device,
            startedAt: to.now,
            timeout,
            closedUntil: null,
            standing: standing ?? ({ type: 'held', lastHeartbeat: to.now } as const),
          };
    const seat = { term: latest?.term ?? 0, latest: session, previous: null };
    to.add({ type: 'held', at: to.now, store, atRest: true, seats: [{ scope: SEAT, seat }] });
  };
}

export function crash(when: DurationText, actor: string): Line {
  return (to) => {
    to.now = instantOf(when);
    to.add({ type: 'crashed', at: to.now, actor });
  };
}

export function restart(when: DurationText): Line {
  return (to) => {
    to.now = instantOf(when);
    to.add({ type: 'server-restarted', at: to.now, server: 1 });
  };
}

export function fault(when: DurationText, kind: StoreFault | null): Line {
  return (to) => {
    to.now = instantOf(when);
    to.add({ type: 'store-faulted', at: to.now, fault: kind });
  };
}

export function emptied(when: DurationText): Line {
  return (to) => {
    to.now = instantOf(when);
    to.add({ type: 'store-emptied', at: to.now });
  };
}

/** The store's row, as it is from here on: `row(2, 'b', 'desktop', heldAt('60s'))`. */
export function row(term: number, id: string, device: string, standing: Standing, scope: Scope = SEAT): Line {
  return (to) => {
    const latest = {
      id,
      device: fingerprintOf(device),
      startedAt: to.now,
      timeout: to.policy.timeout,
      closedUntil: null,
      standing,
    };
    rowIs({ term, latest, previous: null }, scope)(to);
  };
}

export function emptyRow(scope: Scope = SEAT): Line {
  return rowIs({ term: 0, latest: null, previous: null }, scope);
}

function rowIs(seat: Seat, scope: Scope): Line {
  return (to) => to.add({ type: 'held', at: to.now, store: 'hand', atRest: true, seats: [{ scope, seat }] });
}

export const heldAt = (when: DurationText): Standing => ({ type: 'held', lastHeartbeat: instantOf(when) });
export const sweptAt = (when: DurationText): Standing => ({ type: 'swept', lastHeartbeat: instantOf(when) });
export const RELEASED: Standing = { type: 'released' };

export function starts(actor: string, session: string, takeOver: number | null = null, scope: Scope = SEAT): Asks {
  return [actor, { type: 'start', scope, session, device: fingerprintOf(actor), takeOver }];
}
export function heartbeats(actor: string, session: string, term: number, scope: Scope = SEAT): Asks {
  return [actor, { type: 'heartbeat', scope, session, term, device: fingerprintOf(actor) }];
}
/** The same request with the credential that its sender has. */
export function presenting(credential: string, [actor, command]: Asks): Asks {
  return [actor, command.type === 'heartbeat' || command.type === 'end' ? { ...command, credential } : command];
}
/** The same request of a client that was told no term. */
export function withoutTerm([actor, command]: Asks): Asks {
  return [actor, command.type === 'heartbeat' || command.type === 'end' ? { ...command, term: null } : command];
}
export function ends(actor: string, session: string, term: number, scope: Scope = SEAT): Asks {
  return [actor, { type: 'end', scope, session, term, device: fingerprintOf(actor) }];
}
export function asks(actor: string, scope: Scope = SEAT): Asks {
  return [actor, { type: 'status', scope }];
}
export const SWEEP: Asks = [null, { type: 'sweep' }];

export function holder(session: string, device: string, term: number): Holder {
  return { session, device: fingerprintOf(device), term };
}

export function granted(session: string, term: number, more: Partial<Granted> = {}): Says {
  return (now, policy) => ({
    type: 'granted',
    session,
    term,
    expiry: expiryAt(now, policy),
    replaced: null,
    notice: null,
    ...more,
  });
}
export function refused(by: Holder, retryAfter: DurationText, more: Partial<Refused> = {}): Says {
  const wait = parseDuration(retryAfter);
  const notice = `License in use. You can start in ${Math.ceil(wait / 1000)} seconds.`;
  return () => ({
    type: 'refused',
    reason: 'other-device',
    holder: by,
    retryAfter: wait,
    replaced: null,
    notice,
    ...more,
  });
}
export function renewed(term: number, more: { readonly expiry?: Instant } = {}): Says {
  return (now, policy) => ({ type: 'renewed', term, expiry: expiryAt(now, policy), ...more });
}
export function gone(why: NonNullable<Gone['why']>, by: string | null = null): Says {
  return () => ({ type: 'gone', why, by: by === null ? null : fingerprintOf(by) });
}
export const ended: Says = () => ({ type: 'ended' });
export const failed: Says = () => ({ type: 'failed', why: 'store', message: 'the database said no' });
export function active(by: Holder, since: DurationText): Says {
  return (_, policy) => ({ type: 'active', holder: by, expiry: expiryAt(instantOf(since), policy) });
}
export function idle(retryAfter: DurationText = '0s'): Says {
  return () => ({ type: 'idle', retryAfter: parseDuration(retryAfter), notice: '' });
}
export function swept(...sessions: readonly Holder[]): Says {
  return () => ({ type: 'swept', sessions: sessions.map((session) => ({ ...session, scope: SEAT })) });
}

export function instantOf(when: DurationText): Instant {
  return parseDuration(when) as number as Instant;
}

export function fingerprintOf(device: string): string {
  return device
    .split('')
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(16, '0')
    .slice(0, 16);
}

function expiryAt(now: Instant, { timeout, expiry }: Policy): Instant {
  return (now + timeout + (expiry === 'at' ? 0 : 1)) as Instant;
}
