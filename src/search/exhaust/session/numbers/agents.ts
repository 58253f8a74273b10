/** Clients as numbers: what becomes of them by themselves, and what they are, each case worked out once. */
import { FRESH_AGENT, type AgentState } from '../../../../core/agent/state.ts';
import type { Scope } from '../../../../core/seat.ts';
import type { Grid } from '../grid.ts';
import { symbolFor } from '../scopes.ts';
import { hasBit, Interner, once, onceForEach, oncePerPair, type Numbering } from './interner.ts';
import { changedAgent, later, namesIn, older, placeIn } from './normal.ts';
import { amongRequests, attemptsOf, simplestAgent } from './same-agents.ts';

export class Agents {
  readonly fresh: number;
  private readonly interner: Interner<AgentState>;
  private readonly grid: Grid;
  private readonly scopes: readonly Scope[];
  /** Past it, nothing depends on how long ago something was. */
  private readonly horizon: number;

  constructor(grid: Grid, scopes: readonly Scope[], horizon: number, numbering: Numbering) {
    this.interner = new Interner<AgentState>('agent', numbering);
    this.grid = grid;
    this.scopes = scopes;
    this.horizon = horizon;
    this.fresh = this.interner.numberOf(changedAgent(FRESH_AGENT, {}));
  }

  agent = (number: number): AgentState => this.interner.valueOf(number);

  /** Without what decides nothing, and what this policy never asks for. */
  keep(state: AgentState): number {
    const simple = simplestAgent(state, this.grid.client);
    const asks = this.grid.policy.onConflict === 'ask';
    return this.interner.numberOf(simple.phase === 'idle' && !asks ? { ...simple, refusedBy: null } : simple);
  }

  /** After one unit. */
  readonly older = once((state: number): number =>
    this.keep(changedAgent(this.agent(state), { time: later(this.grid.unit, this.horizon) })),
  );

  /** The requests that it tells apart by number, a bit each. */
  readonly requestsIn = once((state: number): number => {
    let bits = attemptsOf(this.agent(state), this.grid.client);
    changedAgent(this.agent(state), {
      request(each) {
        bits |= 1 << each;
        return each;
      },
    });
    return bits;
  });

  /** Only the order of requests counts; of those in `bits` the last keeps its number, and each other comes next below. */
  readonly withOrder = oncePerPair((state: number, bits: number): number =>
    this.interner.numberOf(changedAgent(this.agent(state), { request: (each) => placeIn(bits, each) })),
  );

  /** Beside its requests that are under way, a bit each. */
  readonly amongRequests = oncePerPair((state: number, underWay: number): number =>
    this.interner.numberOf(amongRequests(this.agent(state), underWay)),
  );

  /** After a grant of the seats in `granted`. */
  readonly afterGrant = onceForEach((state: number, granted: number): number =>
    this.interner.numberOf(
      changedAgent(this.agent(state), {
        term: (term, scope) => (hasBit(granted, symbolFor(this.scopes, scope)) ? older(term) : term),
      }),
    ),
  );

  /** The session names of its device that it mentions, a bit each. */
  readonly namesIn = once((state: number): number => namesIn(this.agent(state)));

  readonly phase = once((state: number): AgentState['phase'] => this.agent(state).phase);

  /** Whether its user may agree to take over, on a symbol. */
  readonly mayTakeOver = onceForEach((state: number, symbol: number): boolean => {
    const { onConflict } = this.grid.policy;
    const one = this.agent(state);
    if (onConflict !== 'ask' || one.phase !== 'idle' || one.refusedBy === null) return false;
    return symbolFor(this.scopes, one.refusedBy.scope) === symbol;
  });

  /** Whether an idle client knows of no refusal that it could. */
  readonly mayLearn = once((state: number): boolean => {
    const one = this.agent(state);
    return this.grid.policy.onConflict === 'ask' && one.phase === 'idle' && one.refusedBy === null;
  });

  /** The same without what it knows. */
  readonly unlearnt = once((state: number): number => {
    const one = this.agent(state);
    return one.phase === 'idle' ? this.interner.numberOf({ ...one, refusedBy: null }) : state;
  });

  /** The session name that a client believes to have; -1 for none. */
  readonly leaseOf = once((state: number): number => {
    const one = this.agent(state);
    return 'lease' in one ? Number(one.lease.session) : -1;
  });

  /** The symbol that it has that session for; the first one where it has none. */
  readonly symbolOf = once((state: number): number => {
    const one = this.agent(state);
    return 'lease' in one ? symbolFor(this.scopes, one.lease.scope) : 0;
  });
}
