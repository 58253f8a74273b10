/** Takes heartbeats in, one by one, and keeps what is needed to tell loss and latency: little, however many there are. */
import { Histogram } from './histogram.ts';
import type { Fault, Row } from './rows.ts';

/** What was counted. */
export interface Collected {
  readonly rows: number;
  readonly devices: number;
  /** Rows that could not be used, by what was wrong, with the line of the first. */
  readonly faults: ReadonlyMap<Fault, { readonly count: number; readonly line: number }>;
  /** The interval at which heartbeats come, in milliseconds; null where too few came to tell. */
  readonly interval: number | null;
  /** How many gaps between arrivals were one interval, two, and so on: index 1 is one. */
  readonly gaps: readonly number[];
  /** Gaps so long, or so short, that another session must have begun. */
  readonly breaks: number;
  /** Gaps that are near no multiple of the interval. */
  readonly odd: number;
  /** One way, where sending was recorded. */
  readonly latencies: Histogram;
  /** How far gaps are from a multiple of the interval. */
  readonly deviations: Histogram;
  readonly neverArrived: number;
  readonly outOfOrder: number;
  readonly clockJumps: number;
  /** Devices whose clock runs ahead of the server's, so that heartbeats seem to arrive before they are sent. */
  readonly clocksAhead: number;
  /** The lowest latency of each device that has many. */
  readonly fastest: readonly number[];
}

/** The interval is judged by so many gaps. */
const FIRST_GAPS = 2000;
/** A silence of more intervals is another session. */
const MOST_INTERVALS = 30;
/** A clock that moves by more than this against the other has been set. */
const JUMP_MS = 60_000;

/** With more devices than this, those that have been silent for too long to matter are forgotten. */
const MANY_DEVICES = 500_000;
/** The fastest of so many messages says how far a device's clock is off, but for the latency that all have. */
const ENOUGH_MESSAGES = 20;

interface Device {
  sent: number | null;
  received: number;
  /** Whether its clock is known not to be the server's. */
  isOff: boolean;
  isAhead: boolean;
  messages: number;
  fastest: number;
}

export class Collector {
  readonly #devices = new Map<string, Device>();
  readonly #faults = new Map<Fault, { count: number; line: number }>();
  readonly #latencies = new Histogram();
  readonly #deviations = new Histogram();
  readonly #gaps: number[] = [];
  #seen = 0;
  #ahead = 0;
  #pruneAt = MANY_DEVICES;
  #waiting: number[] = [];
  #interval: number | null = null;
  #rows = 0;
  #breaks = 0;
  #odd = 0;
  #neverArrived = 0;
  #outOfOrder = 0;
  #clockJumps = 0;

  addFault(fault: Fault, line: number): void {
    this.#rows++;
    const known = this.#faults.get(fault);
    if (known === undefined) this.#faults.set(fault, { count: 1, line });
    else known.count++;
  }

  add({ device, sent, received }: Row): void {
    this.#rows++;
    if (received === null) {
      this.#neverArrived++;
      return;
    }
    const known = this.#devices.get(device);
    if (known === undefined) {
      const first: Device = { sent, received, isOff: false, isAhead: false, messages: 0, fastest: Infinity };
      this.#devices.set(device, first);
      this.#seen++;
      if (sent !== null) this.#addLatency(received - sent, first);
      if (this.#devices.size >= this.#pruneAt) this.#forgetSilent(received);
      return;
    }
    const gap = received - known.received;
    if (gap < 0) {
      // A row that came in late by a moment, or a server's clock that was set back.
      if (gap < -JUMP_MS) this.#clockJumps++;
      else this.#outOfOrder++;
      if (gap < -JUMP_MS) Object.assign(known, { sent, received });
      return;
    }
    if (sent !== null && known.sent !== null && Math.abs(sent - known.sent - gap) > JUMP_MS) {
      this.#clockJumps++;
      // Set to the server's time it may be right again; by minutes it is not.
      known.isOff = sent > received || received - sent > JUMP_MS;
    } else if (sent !== null) this.#addLatency(received - sent, known);
    known.sent = sent;
    known.received = received;
    this.#addGap(gap);
  }

  #addLatency(latency: number, device: Device): void {
    if (latency < 0) {
      device.isOff = true;
      if (!device.isAhead) this.#ahead++;
      device.isAhead = true;
    }
    // How far it is ahead nobody knows, so what its messages really took neither.
    if (device.isOff) return;
    this.#latencies.add(latency);
    device.messages++;
    device.fastest = Math.min(device.fastest, latency);
  }

  /** The next gap of such a device would be that of another session anyhow. */
  #forgetSilent(now: number): void {
    const longest = MOST_INTERVALS * (this.#interval ?? Infinity);
    for (const [name, { received }] of this.#devices) if (now - received > longest) this.#devices.delete(name);
    this.#pruneAt = Math.max(MANY_DEVICES, 2 * this.#devices.size);
  }

  /** The lowest latency of each device, which differ by little where all clocks are set alike. */
  #fastest(): readonly number[] {
    return [...this.#devices.values()]
      .filter(({ isOff, messages }) => !isOff && messages >= ENOUGH_MESSAGES)
      .map(({ fastest }) => fastest);
  }

  #addGap(gap: number): void {
    if (this.#interval === null) {
      this.#waiting.push(gap);
      if (this.#waiting.length >= FIRST_GAPS) this.#judgeInterval();
      return;
    }
    const intervals = Math.round(gap / this.#interval);
    if (intervals < 1 || intervals > MOST_INTERVALS) {
      this.#breaks++;
      return;
    }
    const deviation = Math.abs(gap - intervals * this.#interval);
    if (deviation > 0.25 * this.#interval) {
      this.#odd++;
      return;
    }
    this.#gaps[intervals] = (this.#gaps[intervals] ?? 0) + 1;
    this.#deviations.add(deviation);
  }

  /** The median of the gaps: most heartbeats arrive. */
  #judgeInterval(): void {
    const gaps = this.#waiting.filter((gap) => gap > 0).toSorted((a, b) => a - b);
    const waiting = this.#waiting;
    this.#waiting = [];
    if (gaps.length === 0) return;
    this.#interval = gaps[gaps.length >> 1] ?? null;
    for (const gap of waiting) this.#addGap(gap);
  }

  finish(): Collected {
    if (this.#interval === null) this.#judgeInterval();
    return {
      rows: this.#rows,
      devices: this.#seen,
      faults: this.#faults,
      interval: this.#interval,
      gaps: Array.from({ length: this.#gaps.length }, (_, index) => this.#gaps[index] ?? 0),
      breaks: this.#breaks,
      odd: this.#odd,
      latencies: this.#latencies,
      deviations: this.#deviations,
      neverArrived: this.#neverArrived,
      outOfOrder: this.#outOfOrder,
      clockJumps: this.#clockJumps,
      clocksAhead: this.#ahead,
      fastest: this.#fastest(),
    };
  }
}
