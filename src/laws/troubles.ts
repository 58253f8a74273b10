/** When the store failed, a server was down, or the store's clock was set. */
import type { Instant } from '../core/time.ts';
import type { StoreFault } from '../history/history.ts';
import type { Incident } from './evidence.ts';

/** From `from` to `to`, both included. True time; `to` is infinite where it lasted to the end. */
export interface Trouble {
  readonly from: Instant;
  readonly to: Instant;
  /** Null where it was not the store that failed. */
  readonly fault: StoreFault | null;
}

export class Troubles {
  readonly all: readonly Trouble[];

  constructor(incidents: readonly Incident[]) {
    this.all = troublesIn(incidents);
  }

  /** Whether there was any trouble in this time. */
  between(from: number, to: number): boolean {
    return this.all.some((trouble) => trouble.from <= to && trouble.to >= from);
  }
}

type Open = { -readonly [K in keyof Trouble]: Trouble[K] };

const NEVER = Infinity as Instant;

function troublesIn(incidents: readonly Incident[]): readonly Trouble[] {
  const troubles: Open[] = [];
  let store: Open | null = null;
  const servers = new Map<number, Open>();
  for (const event of incidents) {
    switch (event.type) {
      case 'store-faulted':
        if (store !== null) store.to = event.at;
        store = event.fault === null ? null : { from: event.at, to: NEVER, fault: event.fault };
        if (store !== null) troubles.push(store);
        break;
      case 'store-emptied':
        if (store !== null) store.to = event.at;
        store = null;
        troubles.push({ from: event.at, to: event.at, fault: null });
        break;
      case 'server-crashed': {
        const down = { from: event.at, to: NEVER, fault: null };
        servers.set(event.server, down);
        troubles.push(down);
        break;
      }
      case 'server-restarted': {
        const down = servers.get(event.server);
        if (down === undefined || down.to !== NEVER) troubles.push({ from: event.at, to: event.at, fault: null });
        else down.to = event.at;
        break;
      }
      case 'clock-set':
        if (event.clock === 'store') troubles.push({ from: event.at, to: event.at, fault: null });
        break;
      default:
    }
  }
  return troubles;
}
