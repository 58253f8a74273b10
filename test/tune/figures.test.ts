/** The closed forms, against figures and formulas that were worked out elsewhere. */
import { beforeAll, describe, expect, test } from 'vitest';
import { minutes, NO_TIME, seconds } from '../../src/core/time.ts';
import { USUAL, type Conditions } from '../../src/tune/conditions/conditions.ts';
import { figuresOf, gridOf, honestWait, type Figures } from '../../src/tune/forms/figures.ts';
import { longestFence } from '../../src/tune/forms/fence.ts';
import { ready } from '../../src/tune/forms/latency.ts';
import { modelOf } from '../../src/tune/forms/model.ts';

beforeAll(() => ready);

/** Heartbeat and timeout in seconds. */
function at(heartbeat: number, timeout: number, conditions: Partial<Conditions> = {}): Figures {
  return figuresOf(modelOf({ ...USUAL, ...conditions }), { heartbeat: seconds(heartbeat), timeout: seconds(timeout) });
}

const NO_NETWORK = { loss: { type: 'independent', share: 0 }, latency: { type: 'constant', at: 0 } } as const;
const exponential = { latency: { type: 'exponential', mean: 150 } } as const;

/** ((1−p)²/h)·Σₖ pᵏ·P(D′−D ≥ T−(k+1)h) a day, where D′−D is Laplace's for exponential latencies. Seconds. */
function byFormula(h: number, T: number, p: number, mean: number): number {
  const beyond = (x: number): number => (x >= 0 ? 0.5 * Math.exp(-x / mean) : 1 - 0.5 * Math.exp(x / mean));
  let sum = 0;
  for (let k = 0; k < 200; k++) sum += p ** k * beyond(T - (k + 1) * h);
  return ((1 - p) ** 2 / h) * sum * 86_400;
}

describe('false expiries', () => {
  test.each([
    [20, 40, 21.6],
    [30, 60, 14.4],
    [20, 50, 0.43],
    [20, 60, 0.22],
    [30, 120, 0.0014],
  ])('at %d/%d s, 1 %% lost and exponential latencies with a mean of 150 ms: %d a day', (h, T, perDay) => {
    const digits = perDay === 0.0014 || perDay === 0.43 || perDay === 0.22 ? 2 : 3;
    expect(Number(at(h, T, exponential).falseExpiries.toPrecision(digits))).toBe(perDay);
  });

  test.each([0.001, 0.01, 0.1, 0.4])(
    'are those of the formula when %d of the messages are lost one by one',
    (share) => {
      for (const [h, T] of [
        [5, 8],
        [5, 10],
        [5, 14.9],
        [20, 40],
        [20, 41],
        [20, 79],
        [20, 81],
      ] as const) {
        const { falseExpiries } = at(h, T, { ...exponential, loss: { type: 'independent', share } });
        expect(falseExpiries / byFormula(h, T, share, 0.15)).toBeCloseTo(1, 3);
      }
    },
  );

  test('there are none where nothing is lost and nothing is late', () => {
    const figures = at(20, 40, NO_NETWORK);
    // At exactly the timeout a session has expired, and a heartbeat that is due then comes too late.
    expect(at(20, 20.001, NO_NETWORK).falseExpiries).toBe(0);
    expect(figures.falseExpiries).toBe(0);
    expect(figures.mistakeLasts).toBeNull();
  });

  test('every loss is one where the timeout is two heartbeats and the latency constant', () => {
    const { falseExpiries } = at(20, 40, { ...NO_NETWORK, loss: { type: 'independent', share: 0.01 } });
    expect(falseExpiries).toBeCloseTo((0.99 * 0.01 * 86_400) / 20, 6);
  });

  test('retries take away what one loss does', () => {
    expect(at(20, 60, { retries: 2 }).falseExpiries).toBeLessThan(1e-6 * at(20, 60).falseExpiries * 1e3);
  });

  test('a loop that waits for its answer turns every loss at two heartbeats into an expiry', () => {
    const [timer, sequential] = [at(20, 40), at(20, 40, { loop: 'sequential' })];
    expect(sequential.falseExpiries / timer.falseExpiries).toBeGreaterThan(1.9);
  });

  test('the same loss in bursts is worse for long timeouts', () => {
    const bursty = { type: 'gilbert-elliott', good: 0, bad: 0.5, goodFor: 980_000, badFor: 20_000 } as const;
    expect(at(20, 80, { loss: bursty }).falseExpiries).toBeGreaterThan(100 * at(20, 80).falseExpiries);
  });

  test.each([
    [20, 40, 0],
    [20, 60, 1],
    [20, 45, 1],
    [30, 120, 2],
    [20, 20.5, -1],
  ])('%d/%d s tolerates %d missed heartbeats', (h, T, misses) => {
    expect(at(h, T).missesTolerated).toBe(misses);
  });
});

describe('recovery after a crash', () => {
  test('is T − h/2 on average, T − 0.05h for 95 of 100, and T at most, where clean-up is lazy', () => {
    const { detection, recovery } = at(20, 60, NO_NETWORK);
    expect(recovery).toEqual(detection);
    expect(recovery.mean).toBeCloseTo(50_000, 0);
    expect(recovery.p95).toBeCloseTo(59_000, -1);
    expect(recovery.max).toBe(60_000);
  });

  test.each([
    [20, 60, 30],
    [20, 60, 120],
    [30, 60, 300],
  ])('with a sweep, %d/%d s swept every %d s: + C/2, T + C − √(0.1hC), T + C', (h, T, C) => {
    const { recovery } = at(h, T, { ...NO_NETWORK, sweep: seconds(C) });
    expect(recovery.mean).toBeCloseTo((T - h / 2 + C / 2) * 1000, 0);
    expect(recovery.p95 / 1000).toBeCloseTo(T + C - Math.sqrt(0.1 * h * C), 0);
    expect(recovery.max).toBe((T + C) * 1000);
  });

  test('with a sweep far longer than the heartbeat, 95 of 100 are back within T − h/2 + 0.95C', () => {
    const { recovery } = at(10, 60, { ...NO_NETWORK, sweep: seconds(300) });
    expect(recovery.p95 / 1000).toBeCloseTo(60 - 5 + 0.95 * 300, 0);
  });

  test('grace and the period at which a refused user tries again are added', () => {
    const { recovery } = at(20, 60, { ...NO_NETWORK, grace: seconds(5), callerRetry: seconds(10) });
    expect(recovery.mean).toBeCloseTo(60_000, 0);
    expect(recovery.max).toBe(75_000);
    expect(recovery.p95).toBeGreaterThan(recovery.mean);
  });

  test('lost heartbeats make it shorter and latencies longer: the session counts from the last that arrived', () => {
    const lossy = at(20, 60, { ...NO_NETWORK, loss: { type: 'independent', share: 0.1 } });
    expect(lossy.detection.mean).toBeCloseTo(50_000 - (20_000 * 0.1) / 0.9, -2);
    const slow = at(20, 60, { ...NO_NETWORK, latency: { type: 'constant', at: 1000 } });
    expect(slow.detection.mean).toBeCloseTo(51_000, 0);
  });

  test('where messages under way at the crash come long after it, at most is no less than for 95 of 100', () => {
    const slow = at(20, 60, { latency: { type: 'exponential', mean: 3_600_000 }, sweep: seconds(30) });
    expect(slow.detection.max).toBe(slow.detection.p95);
    expect(slow.recovery.max).toBe(slow.recovery.p95);
    expect(slow.missesTolerated).toBe(-1);
  });
});

describe('load', () => {
  test('a thousand devices at 20 s are 50 writes and 25 kB a second, at 30 s 33.3 and 16.7', () => {
    expect(at(20, 40).writes).toBeCloseTo(50, 9);
    expect(at(20, 40).bytes).toBeCloseTo(25_000, 6);
    expect(at(30, 60).writes).toBeCloseTo(33.333, 3);
  });

  test('retries and sweeps are counted', () => {
    const { writes } = at(20, 60, {
      ...NO_NETWORK,
      loss: { type: 'independent', share: 0.1 },
      retries: 1,
      sweep: seconds(10),
    });
    // Unanswered is what is lost on the way there or back.
    expect(writes).toBeCloseTo(50 * (1 + (1 - 0.9 ** 2)) + 0.1, 6);
  });
});

describe('the fence', () => {
  test('is the longest for which F/(1−ρ) + w < T/(1+ρ)', () => {
    for (const [timeout, stop, drift] of [
      [seconds(60), seconds(2), 0.0002],
      [seconds(40), NO_TIME, 0],
      [minutes(5), seconds(1), 0.01],
    ] as const) {
      const fence = longestFence(timeout, stop, drift) ?? NO_TIME;
      const fits = (F: number): boolean => F / (1 - drift) + stop < timeout / (1 + drift);
      expect(fits(fence)).toBe(true);
      expect(fits(fence + 1)).toBe(false);
    }
    expect(longestFence(seconds(40), NO_TIME, 0)).toBe(39_999);
  });

  test('there is none where stopping takes as long as the timeout', () => {
    expect(longestFence(seconds(2), seconds(2), 0)).toBeNull();
    expect(at(1, 2, { stopTime: seconds(2) }).overlap).toBe(Infinity);
  });

  test('one of a given length overlaps by what it is too long', () => {
    expect(at(20, 60, { fence: seconds(65), stopTime: seconds(1), drift: 0 }).overlap).toBe(6000);
    expect(at(20, 60, { fence: seconds(58), stopTime: seconds(1), drift: 0 }).overlap).toBe(0);
    expect(at(20, 60, { fence: 'none' }).overlap).toBe(Infinity);
  });

  test('in an outage work goes on for the fence less the age of the last acknowledgement', () => {
    const { outageLeast, outageMost } = at(20, 60, { fence: seconds(55) });
    expect([outageLeast, outageMost]).toEqual([35_000, 55_000]);
  });

  test('a fence below two heartbeats stops a healthy client at every lost round trip', () => {
    const { fenceStops } = at(20, 60, {
      ...NO_NETWORK,
      loss: { type: 'independent', share: 0.01 },
      fence: seconds(30),
    });
    expect(fenceStops).toBeCloseTo((0.99 ** 2 * (1 - 0.99 ** 2) * 86_400) / 20, 6);
  });
});

describe('waits', () => {
  test('an honest wait is what is left of the timeout, the grace, and the time to the sweep', () => {
    expect(honestWait(seconds(40), seconds(15), NO_TIME, NO_TIME)).toBe(25_000);
    expect(honestWait(seconds(40), seconds(45), seconds(5), seconds(7))).toBe(12_000);
  });

  test('while the holder lives a rival is told from T − h up to T, grace and sweep', () => {
    const { waitLeast, waitMost } = at(20, 60, { grace: seconds(5), sweep: seconds(30) });
    expect([waitLeast, waitMost]).toEqual([45_000, 95_000]);
  });

  test('the victim of a takeover works on for h/2, a round trip and its stop time, at most for its fence', () => {
    const { takeoverMean, takeoverMost } = at(20, 60, {
      latency: { type: 'constant', at: 100 },
      fence: seconds(55),
      drift: 0,
    });
    expect(takeoverMean).toBe(10_000 + 200 + 1000);
    expect(takeoverMost).toBe(56_000);
  });
});

test('a grid leaves out what makes no sense: timeouts within the heartbeat, retries beyond it', () => {
  const pairs = gridOf([seconds(5), seconds(20)], [seconds(5), seconds(30)], { ...USUAL, retries: 2 });
  expect(pairs.map(({ heartbeat, timeout }) => [heartbeat, timeout])).toEqual([[20_000, 30_000]]);
});
