/** The connections of the calls on one database: which call has which, which are lent, and whom they may keep waiting. */
import type { Actor } from './actor.ts';
import { RaceFault } from './fault.ts';
import { together, UNTOUCHED, type Footprint } from './footprint.ts';
import { takesLocks, type Access, type Deed } from './statement.ts';
import type { Wire } from './wire.ts';

/** Connections that one call may have at once. */
const MOST_WIRES = 4;

/** Where a handle gets its connections from. */
export interface Wires {
  /** One that is free; opened where there is none. */
  take(): Promise<Wire>;
  giveBack(wire: Wire): void;
  /** Whether somebody waits for this call already, so that it would close a circle by waiting for them. */
  closesCircle(): boolean;
  /** Ends the connection of one wire for certain. */
  cut(wire: Wire): Promise<Footprint>;
  /** Whether the statement would last by itself on a connection without a transaction. */
  lasting(sql: string): boolean;
  /** What the statement does to the database; null for transaction control and settings. */
  access(sql: string): Access | null;
  wanted(sql: string): Footprint;
  readonly count: { readonly total: number; readonly idle: number };
}

/** A connection, and whether its call has it in use. */
interface Lent {
  readonly wire: Wire;
  lent: boolean;
}

export class WirePool {
  readonly #open: () => Promise<Wire>;
  /** By actor. */
  readonly #lent = new Map<number, Lent[]>();
  readonly #actors = new Map<number, number>();

  constructor(open: () => Promise<Wire>) {
    this.#open = open;
  }

  get all(): readonly Wire[] {
    return [...this.#lent.values()].flat().map(({ wire }) => wire);
  }

  actorOf(pid: number): number | null {
    return this.#actors.get(pid) ?? null;
  }

  of({ index }: Actor): readonly Wire[] {
    return this.#of(index).map(({ wire }) => wire);
  }

  countOf({ index }: Actor): { readonly total: number; readonly idle: number } {
    const mine = this.#of(index);
    return { total: mine.length, idle: mine.filter(({ lent }) => !lent).length };
  }

  async take(actor: Actor): Promise<Wire> {
    const alive = this.#of(actor.index).filter(({ wire }) => !wire.dead);
    const free = alive.find(({ lent }) => !lent);
    if (free !== undefined) {
      free.lent = true;
      return free.wire;
    }
    if (alive.length >= MOST_WIRES) {
      const fault = tooManyConnections(actor);
      actor.accuse(fault);
      throw fault;
    }
    const wire = await this.#open();
    this.#actors.set(wire.pid, actor.index);
    this.#of(actor.index).push({ wire, lent: true });
    return wire;
  }

  giveBack({ index }: Actor, wire: Wire): void {
    const mine = this.#of(index);
    const at = mine.findIndex((each) => each.wire === wire);
    const found = mine[at];
    if (found === undefined) return;
    if (wire.dead) mine.splice(at, 1);
    else found.lent = false;
  }

  /** Whether somebody holds what a statement of this actor may have to wait for. `pid` is that of its own connection. */
  mayWait({ index }: Actor, deed: Deed, pid: number | null): boolean {
    const locks = takesLocks(deed);
    for (const [other, wires] of this.#lent) {
      const holds = wires.some(({ wire }) => {
        // What the connection itself holds is no obstacle; what a second one of the same call holds is.
        if (wire.pid === pid) return false;
        return wire.holdsAnything || (locks && (wire.holdsLocks || (other !== index && wire.busy)));
      });
      if (holds) return true;
    }
    return false;
  }

  /** For everybody else it is as if the connection had ended: what it held is let go of. */
  async cut({ index }: Actor, wire: Wire): Promise<Footprint> {
    if (wire.dead) return UNTOUCHED;
    const footprint = wire.cut();
    const others = this.#of(index).filter((each) => each.wire !== wire);
    this.#lent.set(index, [...others, { wire: await wire.anew(), lent: false }]);
    return footprint;
  }

  /** Every connection of the actor but one that is in the middle of a statement. */
  async cutAll(actor: Actor): Promise<Footprint> {
    const gone: Footprint[] = [];
    for (const wire of this.of(actor)) if (!wire.busy) gone.push(await this.cut(actor, wire));
    return together(gone);
  }

  /** What is wrong with how the actor leaves its connections; null where nothing is. */
  leftOpen({ index }: Actor): string | null {
    const alive = this.#of(index).filter(({ wire }) => !wire.dead);
    if (alive.some(({ wire }) => wire.inTransaction)) return 'leaves a transaction open when it answers';
    return alive.some(({ lent }) => lent) ? 'does not release its client' : null;
  }

  /** Forgets who had which; those that are dead, and these, are let go of for good. */
  takeBack(ended: readonly Wire[]): void {
    for (const [index, wires] of this.#lent) {
      const left = wires.filter(({ wire }) => !wire.dead && !ended.includes(wire));
      for (const each of left) each.lent = false;
      this.#lent.set(index, left);
    }
  }

  #of(index: number): Lent[] {
    let wires = this.#lent.get(index);
    if (wires === undefined) this.#lent.set(index, (wires = []));
    return wires;
  }
}

function tooManyConnections({ name: call, last }: Actor): RaceFault {
  return new RaceFault('too-many-connections', {
    call,
    statement: last,
    says: `asked for more than ${MOST_WIRES} connections at once${last === null ? '' : ', after'}`,
    fix: 'release each client when its work is done',
  });
}
