/** The network between the actors and the server: what becomes of each message. */
import { NO_TIME, type Duration, type Instant } from '../core/time.ts';
import type { NetworkFault } from '../history/history.ts';
import type { Recorder } from './recorder.ts';
import type { TrueTime } from './time.ts';

export type Messages = 'requests' | 'answers';

export interface Message {
  /** Once, and again each time it is repeated. */
  arrive(): void;
  /** At most once, when it is certain. */
  lost(): void;
}

/** One way of one actor, with what is wrong with it now. */
interface Way {
  readonly faults: NetworkFault[];
  cut: boolean;
  slowBy: Duration;
  /** How much later a message comes again: once for each fault that repeats it. */
  repeatsAfter: readonly Duration[];
}

export class Network {
  readonly #time: TrueTime;
  readonly #recorder: Recorder;
  readonly #latency: Duration;
  readonly #ways = { requests: new Map<string, Way>(), answers: new Map<string, Way>() };

  constructor(time: TrueTime, recorder: Recorder, latency: Duration) {
    this.#time = time;
    this.#recorder = recorder;
    this.#latency = latency;
  }

  carry(actor: string, messages: Messages, message: Message): void {
    const way = this.#ways[messages].get(actor);
    if (way === undefined) {
      this.#time.in(this.#latency, () => message.arrive());
      return;
    }
    if (way.cut) {
      message.lost();
      return;
    }
    const underWay = (this.#latency + way.slowBy) as Duration;
    this.#time.in(underWay, () => (way.cut ? message.lost() : message.arrive()));
    for (const later of way.repeatsAfter) {
      this.#time.in((underWay + later) as Duration, () => {
        if (!way.cut) message.arrive();
      });
    }
  }

  /** Begins a fault, and ends it after a while where it has an end. Faults add up. */
  disturb(actor: string, messages: Messages | 'both', fault: NetworkFault, lasts: Duration | null): void {
    for (const each of messages === 'both' ? (['requests', 'answers'] as const) : [messages]) {
      const way = this.#way(actor, each);
      way.faults.push(fault);
      this.#changed(actor, each, way);
      if (lasts === null) continue;
      this.#time.in(lasts, () => {
        way.faults.splice(way.faults.indexOf(fault), 1);
        this.#changed(actor, each, way);
      });
    }
  }

  #way(actor: string, messages: Messages): Way {
    let way = this.#ways[messages].get(actor);
    if (way === undefined) {
      way = { faults: [], cut: false, slowBy: NO_TIME, repeatsAfter: [] };
      this.#ways[messages].set(actor, way);
    }
    return way;
  }

  #changed(actor: string, messages: Messages, way: Way): void {
    way.cut = way.faults.some(({ type }) => type === 'cut');
    way.slowBy = way.faults.reduce((sum, fault) => (fault.type === 'slow' ? sum + fault.by : sum), 0) as Duration;
    way.repeatsAfter = way.faults.flatMap((fault) => (fault.type === 'repeated' ? [fault.after] : []));
    const at: Instant = this.#time.now;
    this.#recorder.add({ type: 'network-changed', at, actor, messages, now: way.faults.at(-1) ?? null });
  }
}
