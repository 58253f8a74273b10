/** How long the network holds messages up, and when. */
import type { Instant } from '../core/time.ts';
import type { Evidence } from './evidence.ts';

type Messages = 'requests' | 'answers';

/** The delays of the messages of one actor in one direction. */
export class Delay {
  readonly #changes: { readonly from: Instant; readonly by: number }[] = [];

  /** Faults add up, and only the last one is recorded: as long as there is any, the others may still last. */
  change(from: Instant, faulty: boolean, by: number): void {
    this.#changes.push({ from, by: faulty ? (this.#changes.at(-1)?.by ?? 0) + by : 0 });
  }

  /** The longest that a message can be held up that leaves at this time. */
  at(time: Instant): number {
    return this.#changes.findLast(({ from }) => from <= time)?.by ?? 0;
  }

  /** Whether any message that leaves in this time can be held up. */
  between(from: number, to: number): boolean {
    return this.#changes.some(
      (change, i) => change.by > 0 && change.from <= to && (this.#changes[i + 1]?.from ?? to) >= from,
    );
  }
}

export class Delays {
  readonly #ways = new Map<string, Delay>();

  of(messages: Messages, actor: string): Delay {
    const key = `${messages} ${actor}`;
    let way = this.#ways.get(key);
    if (way === undefined) this.#ways.set(key, (way = new Delay()));
    return way;
  }
}

export function delaysIn({ incidents }: Evidence): Delays {
  const delays = new Delays();
  for (const event of incidents) {
    if (event.type !== 'network-changed') continue;
    const by = event.now?.type === 'slow' ? event.now.by : 0;
    delays.of(event.messages, event.actor).change(event.at, event.now !== null, by);
  }
  return delays;
}
