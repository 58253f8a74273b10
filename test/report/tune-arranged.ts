/** A report on heartbeats and timeouts as one might come out, small enough to be read. */
import type { TuneReport, TuneRow } from '../../src/report/tune-report.ts';

function row(heartbeat: number, timeout: number, falseExpiries: number): TuneRow {
  return {
    heartbeat: heartbeat * 1000,
    timeout: timeout * 1000,
    falseExpiries,
    isBound: false,
    betweenMistakes: 86_400_000 / falseExpiries,
    mistakeLasts: 547.07,
    missesTolerated: Math.ceil(timeout / heartbeat) - 2,
    detection: {
      mean: (timeout - heartbeat / 2) * 1000,
      p95: (timeout - 0.05 * heartbeat) * 1000,
      max: timeout * 1000,
    },
    recovery: { mean: (timeout - heartbeat / 2) * 1000, p95: (timeout - 0.05 * heartbeat) * 1000, max: timeout * 1000 },
    writes: 1000 / heartbeat,
    bytes: 500_000 / heartbeat,
    fence: timeout * 1000 - 1025,
    fenceStops: falseExpiries * 4,
    overlap: 0,
    outageLeast: (timeout - heartbeat) * 1000 - 1025,
    outageMost: timeout * 1000 - 1025,
    waitLeast: (timeout - heartbeat) * 1000,
    waitMost: timeout * 1000,
    takeoverMean: heartbeat * 500 + 1300,
    takeoverMost: timeout * 1000 - 13,
  };
}

const chosen = row(20, 65, 0.00216);
const unfenced: TuneRow = {
  ...row(20, 40, 21.6),
  fence: null,
  fenceStops: 0,
  overlap: Infinity,
  outageLeast: Infinity,
  outageMost: Infinity,
  takeoverMost: Infinity,
};

export const found: TuneReport = {
  tool: 'seatproof 0.0.0',
  seed: 0x5eed01,
  conditions: [
    ['network', '1 % lost; latency one way exponential, mean 150ms; clocks up to 200 ppm off'],
    ['server', 'the next start sees an expiry'],
  ],
  wishes: ['false-expiry<=1/day', 'recovery-max<=90s'],
  wishesAreUsual: true,
  heartbeats: [20_000, 30_000],
  timeouts: [40_000, 65_000],
  grid: [unfenced, chosen],
  front: [unfenced, chosen],
  choice: {
    type: 'found',
    chosen,
    candidates: 2,
    tightest: { wish: 'recovery-max<=90s', spare: 1.385 },
    neighbours: [
      {
        heartbeat: 20_000,
        timeout: 40_000,
        step: 'shorter timeout',
        breaks: [{ wish: 'false-expiry<=1/day', value: '21.6/day' }],
        worse: [],
        better: [{ metric: 'recovery-max', from: '65s', to: '40s' }],
      },
      {
        heartbeat: 20_000,
        timeout: 70_000,
        step: 'longer timeout',
        breaks: [],
        worse: [{ metric: 'recovery-max', from: '65s', to: '70s' }],
        better: [],
      },
    ],
  },
  approximations: [],
  simulated: [
    {
      heartbeat: 20_000,
      timeout: 40_000,
      method: 'plain',
      heartbeats: 2_000_000,
      closed: 21.6,
      falseExpiries: { value: 21.5, low: 21.1, high: 21.9 },
      mistakeLasts: { value: 548, low: 520, high: 575 },
      fenceStops: { value: 84.2, low: 83.6, high: 84.9 },
      detectionMean: { value: 29_959, low: 29_900, high: 30_010 },
      detectionP95: { value: 39_140, low: 39_100, high: 39_180 },
    },
    {
      heartbeat: 20_000,
      timeout: 65_000,
      method: 'splitting',
      heartbeats: 2_100_000,
      closed: 0.00216,
      falseExpiries: { value: null, low: 0, high: 0.003 },
      mistakeLasts: null,
      fenceStops: null,
      detectionMean: { value: 54_959, low: 54_900, high: 55_010 },
      detectionP95: null,
    },
  ],
  claims: {
    before: row(30, 60, 14.4),
    after: unfenced,
    claims: [
      { claim: 'a crash is detected a third faster', verdict: 'true', why: 'at most 40s instead of 60s' },
      {
        claim: 'heartbeats rise by 33 %',
        verdict: 'not true',
        why: 'an interval a third shorter is half as many again: +50 %',
      },
    ],
  },
  observed: {
    source: 'heartbeats.csv, 39,216 lines',
    found: [['loss', '1.94 % (1.81 to 2.08 %), 774 of 39,888, one by one']],
    fits: [
      { name: 'lognormal', distance: 0.00438 },
      { name: 'weibull', distance: 0.0639 },
    ],
    quantiles: [{ share: 0.5, observed: 80.2, fitted: 80.9 }],
    warnings: ['<b> is no device'],
  },
  warnings: [],
  again: 'npx seatproof tune --seed 0x005eed01',
};

export const none: TuneReport = {
  ...found,
  wishes: ['recovery-max<=20s', 'writes<=50/s'],
  wishesAreUsual: false,
  choice: {
    type: 'none',
    relaxations: [
      {
        wishes: [
          { wish: 'recovery-max<=20s', to: 'recovery-max<=65s', change: '+225 %' },
          { wish: 'overlap=0', to: null, change: '' },
        ],
        pair: chosen,
      },
    ],
  },
  front: [unfenced, { ...chosen, isBound: true }],
  warnings: ['65s is the longest timeout that was compared'],
  observed: null,
  simulated: found.simulated.slice(0, 1),
  approximations: ['the closed forms know nothing of pauses'],
};
