/** What a deployment's heartbeats say of loss and latency, how sure that is, and what to beware of. */
import { incbi } from 'cephes';
import { UsageError } from '../../core/failures.ts';
import { formatNumber, formatTime } from '../../core/quantity.ts';
import type { LatencySpec, LossSpec } from '../conditions/conditions.ts';
import { describeLatency } from '../conditions/read-latency.ts';
import { latencyOf } from '../forms/latency.ts';
import type { Collected } from './collect.ts';
import { fitLatencies, type Fit } from './fit-latency.ts';

export interface Fitted {
  readonly loss: LossSpec;
  readonly latency: LatencySpec;
  readonly found: readonly (readonly [string, string])[];
  readonly fits: readonly { readonly name: string; readonly distance: number }[];
  readonly quantiles: readonly { readonly share: number; readonly observed: number; readonly fitted: number }[];
  readonly warnings: readonly string[];
}

/** Fewer heartbeats than this say too little of loss and of latency. */
const ENOUGH_HEARTBEATS = 10_000;
const ENOUGH_LOST = 10;
const ENOUGH_LATENCIES = 1000;
/** A fit further off than this is none. */
const NEAR_ENOUGH = 0.05;

/** Throws `UsageError` where nothing can be told at all. */
export function fitObserved(collected: Collected, source: string): Fitted {
  const { rows, devices, interval, gaps } = collected;
  const bad = [...collected.faults.values()].reduce((sum, { count }) => sum + count, 0);
  const arrived = gaps.reduce((sum, count) => sum + count, 0);
  if (rows === 0)
    throw new UsageError(
      `${source} has no heartbeats; each is a line such as: laptop-1,2026-01-31T12:00:00.000Z,2026-01-31T12:00:00.150Z`,
    );
  if (bad === rows) throw new UsageError(`${source}: no line can be used: ${faultsText(collected)}`);
  if (collected.outOfOrder + collected.clockJumps > rows / 2) {
    throw new UsageError(
      `${source} is not in the order of time; sort it by received_at, for example with: order by received_at`,
    );
  }
  if (interval === null || arrived === 0) {
    throw new UsageError(`${source}: no device has two heartbeats one after the other, so nothing can be said of them`);
  }
  const loss = lossOf(collected, interval);
  const latency = latencyFits(collected);
  const [best] = latency.fits;
  if (best === undefined) throw new Error('some distribution can always be fitted');
  const fitted = latencyOf(best.spec);
  return {
    loss: loss.spec,
    latency: best.spec,
    found: [
      [
        'heartbeats',
        `${formatNumber(arrived + devices)} arrived of ${formatNumber(devices)} devices, one every ${formatTime(interval)}`,
      ],
      ['loss', loss.text],
      ['latency', `${describeLatency(best.spec)}, ${latency.from}`],
    ],
    // Without the times of sending nothing was measured that a fit could be off by.
    fits: latency.seen === null ? [] : latency.fits.map(({ spec, distance }) => ({ name: spec.type, distance })),
    quantiles:
      latency.seen === null
        ? []
        : [0.5, 0.9, 0.95, 0.99, 0.999].map((share) => ({
            share,
            observed: latency.seen?.quantile(share) ?? Number.NaN,
            fitted: fitted.above(1 - share),
          })),
    warnings: [...loss.warnings, ...latency.warnings, ...warningsOf(collected, bad, arrived)],
  };
}

interface LossFit {
  readonly spec: LossSpec;
  readonly text: string;
  readonly warnings: readonly string[];
}

/** A gap of k intervals is k − 1 heartbeats lost in a row. */
function lossOf({ gaps }: Collected, interval: number): LossFit {
  let [sent, lost, followed] = [0, 0, 0];
  for (const [intervals, count] of gaps.entries()) {
    sent += intervals * count;
    lost += Math.max(0, intervals - 1) * count;
    followed += Math.max(0, intervals - 2) * count;
  }
  const share = lost / sent;
  const [low, high] = [lost === 0 ? 0 : incbi(lost, sent - lost + 1, 0.025), incbi(lost + 1, sent - lost, 0.975)];
  const range = `${formatNumber(share * 100)} % (${formatNumber(low * 100)} to ${formatNumber(high * 100)} %), ${formatNumber(lost)} of ${formatNumber(sent)}`;
  const warnings =
    lost < ENOUGH_LOST
      ? [
          `only ${lost} lost heartbeats were seen, so the loss may be anything up to ${formatNumber(high * 100)} %; this is what is assumed, to be on the safe side`,
        ]
      : [];
  const assumed = lost < ENOUGH_LOST ? high : share;
  const again = lost === 0 ? 0 : followed / lost;
  // Four standard deviations more than chance would have it.
  if (lost >= 30 && followed > share * lost + 4 * Math.sqrt(share * lost) + 4) {
    // In bursts everything is lost; the memory of the channel is what a loss says of the next.
    const memory = Math.min(0.999, (again - share) / (1 - share));
    const rate = -Math.log(memory) / interval;
    const [goodFor, badFor] = [1 / (rate * share), 1 / (rate * (1 - share))];
    return {
      spec: { type: 'gilbert-elliott', good: 0, bad: 1, goodFor, badFor },
      text: `${range}, in bursts: ${formatNumber(again * 100)} % of the losses are followed by another; outages of ${formatTime(badFor)} every ${formatTime(goodFor + badFor)}`,
      warnings,
    };
  }
  return { spec: { type: 'independent', share: assumed }, text: `${range}, one by one`, warnings };
}

function latencyFits({ latencies, deviations, fastest }: Collected): {
  readonly fits: readonly Fit[];
  readonly from: string;
  readonly seen: Collected['latencies'] | null;
  readonly warnings: readonly string[];
} {
  if (latencies.count === 0) {
    // The difference of two exponential latencies is as far from zero, on average, as their mean.
    const mean = Math.max(0.1, deviations.sum / deviations.count);
    return {
      fits: [{ spec: { type: 'exponential', mean }, distance: 0 }],
      from: 'from how much the gaps vary',
      seen: null,
      warnings: [
        'without the times of sending only the variation of the latency can be told; it is taken for exponential. A column sent_at would tell the rest',
      ],
    };
  }
  const fits = fitLatencies(latencies);
  const [best] = fits;
  return {
    fits,
    from: `from ${formatNumber(latencies.count)} messages`,
    seen: latencies,
    warnings: [
      ...(latencies.count < ENOUGH_LATENCIES
        ? [
            `${latencies.count} latencies say little of the rare long ones; ${formatNumber(ENOUGH_LATENCIES)} would be a beginning`,
          ]
        : []),
      ...clocksDiffer(fastest, latencies.quantile(0.5)),
      ...(best !== undefined && best.distance > NEAR_ENOUGH
        ? [
            `no distribution fits well: the best is off by ${formatNumber(best.distance * 100)} %. Compare the quantiles, and give --latency yourself where the fit is too kind`,
          ]
        : []),
    ],
  };
}

/** Where the fastest message takes much longer for some devices than for others, it is their clocks that differ. */
function clocksDiffer(fastest: readonly number[], median: number): readonly string[] {
  const sorted = fastest.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor(sorted.length * 0.05)], sorted[Math.floor(sorted.length * 0.95)]];
  if (sorted.length < 5 || low === undefined || high === undefined || high - low < Math.max(median, 20)) return [];
  return [
    `the fastest message took ${formatTime(low)} for some devices and ${formatTime(high)} for others, so their clocks are not those of the server: the latency is wrong by as much. Set the clocks, or leave sent_at out`,
  ];
}

function warningsOf(collected: Collected, bad: number, arrived: number): readonly string[] {
  const { rows, odd, outOfOrder, clockJumps, clocksAhead, breaks, neverArrived } = collected;
  const percent = (count: number, of: number): string =>
    `${formatNumber(count)} (${formatNumber((100 * count) / of)} %)`;
  return [
    ...(bad > 0 ? [`${percent(bad, rows)} of the lines were left out: ${faultsText(collected)}`] : []),
    ...(arrived < ENOUGH_HEARTBEATS
      ? [`${formatNumber(arrived)} heartbeats are few: what happens once in ten thousand has hardly been seen`]
      : []),
    ...(odd > 0.1 * arrived
      ? [
          `${percent(odd, arrived + odd)} of the gaps are near no multiple of the interval: the devices do not all heartbeat alike, so the loss is a guess`,
        ]
      : []),
    ...(outOfOrder > 0
      ? [`${percent(outOfOrder, rows)} of the lines came a moment before the one above them; their gaps were left out`]
      : []),
    ...(clockJumps > 0
      ? [
          `clocks jumped ${formatNumber(clockJumps)} times by more than a minute; what was measured across a jump was left out`,
        ]
      : []),
    ...(clocksAhead > 0
      ? [
          `the clocks of ${formatNumber(clocksAhead)} devices are ahead of the server's, so what their messages took is not known and was left out`,
        ]
      : []),
    ...(neverArrived > 0
      ? [`${formatNumber(neverArrived)} lines without a received time: counted by the gaps that they leave`]
      : []),
    ...(breaks > 0
      ? [`${formatNumber(breaks)} gaps were too long or too short for heartbeats of one session, and were left out`]
      : []),
  ];
}

function faultsText({ faults }: Collected): string {
  return [...faults]
    .map(([fault, { count, line }]) => `${fault} (${formatNumber(count)}, the first on line ${line})`)
    .join(', ');
}
