/** Many positive figures in little room: counts in bins a half per cent wide, and the sums that fits are made of. */

const LEAST = 0.01;
const STEP = Math.log(1.005);
/** From 10 µs to 116 days. */
const BINS = Math.ceil(Math.log(1e12) / STEP);

export class Histogram {
  count = 0;
  sum = 0;
  sumOfLogs = 0;
  sumOfSquaredLogs = 0;
  readonly #bins = new Float64Array(BINS);

  add(value: number): void {
    const log = Math.log(Math.max(LEAST, value) / LEAST);
    this.count++;
    this.sum += value;
    this.sumOfLogs += log + Math.log(LEAST);
    this.sumOfSquaredLogs += (log + Math.log(LEAST)) ** 2;
    const bin = Math.min(BINS - 1, Math.floor(log / STEP));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
  }

  /** Each bin that is not empty: the value in its middle, its upper edge, and how many are in it. */
  *bins(): Iterable<{ readonly value: number; readonly edge: number; readonly count: number }> {
    for (let bin = 0; bin < BINS; bin++) {
      const count = this.#bins[bin] ?? 0;
      if (count > 0) {
        yield { value: LEAST * Math.exp((bin + 0.5) * STEP), edge: LEAST * Math.exp((bin + 1) * STEP), count };
      }
    }
  }

  /** The value that a share of all lie below. */
  quantile(share: number): number {
    let below = 0;
    for (const { value, count } of this.bins()) {
      below += count;
      if (below >= share * this.count) return value;
    }
    return Number.NaN;
  }
}
