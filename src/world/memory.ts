/** What each process of the cast remembers: its sessions, and whom its last refusal named. */
import type { EndRequest, HeartbeatRequest, StartCommand } from '../core/command.ts';
import { UsageError } from '../core/failures.ts';
import type { StartReply } from '../core/reply.ts';
import type { Scope, SessionId, Term } from '../core/seat.ts';
import type { Actor } from '../history/history.ts';
import type { Action, SessionChoice } from './script.ts';

interface Known {
  readonly session: SessionId;
  readonly term: Term | null;
}

interface OnScope {
  /** What it was granted, oldest first; null stands for a crash, after which there is no latest session. */
  readonly granted: (Known | null)[];
  lastStart: SessionId | null;
  refusedBy: Term | 'any' | null;
}

export class Memory {
  readonly #actors: ReadonlyMap<string, Actor>;
  readonly #known = new Map<string, Map<string, OnScope>>();
  readonly #started = new Map<string, number>();

  constructor(cast: readonly Actor[]) {
    this.#actors = new Map(cast.map((actor) => [actor.name, actor]));
  }

  /** The command that this action sends. Throws `UsageError` where the actor has nothing to name in it. */
  startCommand(action: Extract<Action, { type: 'start' }>): StartCommand {
    const known = this.#on(action.actor, action.scope);
    const session = action.how === 'retry' ? known.lastStart : this.#newSession(action.actor);
    if (session === null) {
      throw new UsageError(`${action.actor} has no start to retry; begin with at('0s', ${action.actor}.starts())`);
    }
    const takeOver = action.how === 'take-over' ? known.refusedBy : null;
    if (action.how === 'take-over' && takeOver === null) {
      throw new UsageError(
        `${action.actor} has no refusal that names whom to take over; write ${action.actor}.starts() and expect refused() first`,
      );
    }
    known.lastStart = session;
    return { type: 'start', scope: action.scope, session, device: this.#fingerprint(action.actor), takeOver };
  }

  /** The command that this action sends. Throws `UsageError` where the actor has no such session. */
  namingCommand(action: Extract<Action, { type: 'heartbeat' | 'end' }>): HeartbeatRequest | EndRequest {
    const session = this.#choose(action.actor, action.scope, action.of);
    if (session === null) {
      throw new UsageError(
        `${action.actor} has no ${action.of} session on ${describe(action.scope)} to name: none was granted to it, its answer was lost, or it crashed`,
      );
    }
    return { type: action.type, scope: action.scope, ...session };
  }

  learn(actor: string, scope: Scope, reply: StartReply): void {
    const known = this.#on(actor, scope);
    if (reply.type === 'granted') {
      const latest = known.granted.at(-1);
      const session = reply.session ?? known.lastStart;
      const { term = latest?.session === session ? latest.term : null } = reply;
      if (session !== null && (latest?.session !== session || latest.term !== term)) {
        known.granted.push({ session, term });
      }
    } else if (reply.type === 'refused') {
      known.refusedBy = reply.holder?.term ?? 'any';
    }
  }

  forget(actor: string): void {
    for (const known of this.#known.get(actor)?.values() ?? []) {
      if (known.granted.at(-1) !== null) known.granted.push(null);
      known.lastStart = null;
      known.refusedBy = null;
    }
  }

  #choose(actor: string, scope: Scope, choice: SessionChoice): Known | null {
    const { granted } = this.#on(actor, scope);
    if (choice === 'latest') return granted.at(-1) ?? null;
    return granted.slice(0, -1).findLast((session) => session !== null) ?? null;
  }

  #newSession(actor: string): SessionId {
    const number = (this.#started.get(actor) ?? 0) + 1;
    this.#started.set(actor, number);
    return `${actor}-${number}`;
  }

  #fingerprint(name: string): string {
    const actor = this.#actors.get(name);
    if (actor === undefined)
      throw new UsageError(`'${name}' is not in the cast (${[...this.#actors.keys()].join(', ')})`);
    return actor.fingerprint;
  }

  #on(actor: string, scope: Scope): OnScope {
    let scopes = this.#known.get(actor);
    if (scopes === undefined) this.#known.set(actor, (scopes = new Map()));
    const key = JSON.stringify([scope.license, scope.symbol]);
    let known = scopes.get(key);
    if (known === undefined) scopes.set(key, (known = { granted: [], lastStart: null, refusedBy: null }));
    return known;
  }
}

function describe(scope: Scope): string {
  return scope.symbol === '' ? scope.license : `${scope.license}/${scope.symbol}`;
}
