/** What is wished of a pair, as data, and how people write it: `false-expiry<=1/day, recovery-max<=60s, writes<=100/s, overlap=0`. */
import { UsageError } from '../../core/failures.ts';
import type { Unit } from '../../core/quantity.ts';
import { suggest } from '../../core/suggest.ts';
import { parseDuration } from '../../core/time.ts';
import type { Figures } from '../forms/figures.ts';

export interface Wish {
  readonly metric: MetricName;
  readonly relation: '<=' | '<' | '>=' | '>' | '=';
  /** In the unit of the metric. */
  readonly bound: number;
  /** As it was written. */
  readonly text: string;
}

export interface Metric {
  readonly about: string;
  readonly unit: Unit;
  /** Whether less is better, or more. */
  readonly better: 'less' | 'more';
  of(figures: Figures): number;
}

/** Everything that can be wished for, by the name it has in a wish. */
export const METRICS = {
  'false-expiry': {
    about: 'healthy sessions taken for dead',
    unit: 'per-day',
    better: 'less',
    of: (f) => f.falseExpiries,
  },
  'fence-stops': {
    about: 'healthy clients stopped by their fence',
    unit: 'per-day',
    better: 'less',
    of: (f) => f.fenceStops,
  },
  'mistake-duration': {
    about: 'how long a live session is held for dead',
    unit: 'ms',
    better: 'less',
    of: (f) => f.mistakeLasts ?? 0,
  },
  misses: {
    about: 'missed heartbeats in a row that are tolerated',
    unit: 'count',
    better: 'more',
    of: (f) => f.missesTolerated,
  },
  'detection-mean': {
    about: 'from a crash to the expiry, on average',
    unit: 'ms',
    better: 'less',
    of: (f) => f.detection.mean,
  },
  'detection-max': {
    about: 'from a crash to the expiry, at most',
    unit: 'ms',
    better: 'less',
    of: (f) => f.detection.max,
  },
  'recovery-mean': {
    about: 'from a crash to a start that succeeds, on average',
    unit: 'ms',
    better: 'less',
    of: (f) => f.recovery.mean,
  },
  'recovery-p95': { about: 'the same, for 95 of 100', unit: 'ms', better: 'less', of: (f) => f.recovery.p95 },
  'recovery-max': { about: 'the same, at most', unit: 'ms', better: 'less', of: (f) => f.recovery.max },
  writes: { about: 'writes of the whole fleet', unit: 'per-second', better: 'less', of: (f) => f.writes },
  bytes: {
    about: 'bytes on the wire of the whole fleet',
    unit: 'bytes-per-second',
    better: 'less',
    of: (f) => f.bytes,
  },
  outage: { about: 'how long work surely goes on in an outage', unit: 'ms', better: 'more', of: (f) => f.outageLeast },
  overlap: { about: 'how long two devices can work at once', unit: 'ms', better: 'less', of: (f) => f.overlap },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

/** What is wished for where nothing is said: a write for each device in ten seconds is what a server is spared. */
export function usualWishes(devices: number): string {
  return `false-expiry<=0.1/day, recovery-max<=90s, writes<=${Number((devices / 10).toPrecision(3))}/s, overlap=0`;
}

const EXAMPLE = `for example --want 'false-expiry<=1/day, recovery-max<=60s, writes<=100/s, overlap=0'`;

/** Throws `UsageError` for an unknown metric, a bound in the wrong unit, and wishes that contradict each other. */
export function readWishes(text: string): readonly Wish[] {
  const parts = text.split(',').map((each) => each.trim());
  const wishes = parts.filter((each) => each !== '').map(readWish);
  if (wishes.length === 0) throw new UsageError(`--want: nothing is wished for; write ${EXAMPLE}`);
  for (const wish of wishes) rejectContradiction(wish, wishes);
  return wishes;
}

/** A number that a wish holds; a figure that is not known keeps no wish. */
export function keeps({ metric, relation, bound }: Wish, figures: Figures): boolean {
  const value = METRICS[metric].of(figures);
  switch (relation) {
    case '<=':
      return value <= bound;
    case '<':
      return value < bound;
    case '>=':
      return value >= bound;
    case '>':
      return value > bound;
    case '=':
      return value === bound;
  }
}

/** The wish that these figures keep in the place of one that they break, its bound rounded to three digits; null for a figure without end. */
export function relaxTo({ metric, relation, bound }: Wish, figures: Figures): Wish | null {
  const value = METRICS[metric].of(figures);
  if (!Number.isFinite(value)) return null;
  const isUpper = relation === '=' ? value > bound : relation.startsWith('<');
  const near = roundOutwards(value, isUpper);
  const to = METRICS[metric].unit !== 'ms' ? near : isUpper ? Math.ceil(near) : Math.floor(near);
  const sign = isUpper ? '<=' : '>=';
  return { metric, relation: sign, bound: to, text: `${metric}${sign}${writeBound(metric, to)}` };
}

/** To three digits, never to the side on which the value would break the bound. */
function roundOutwards(value: number, isUpper: boolean): number {
  const near = Number(value.toPrecision(3));
  if (value === 0 || (isUpper ? near >= value : near <= value)) return near;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
  return Number((near + (isUpper ? step : -step)).toPrecision(3));
}

/** As `readBound` reads it. */
function writeBound(metric: MetricName, bound: number): string {
  switch (METRICS[metric].unit) {
    case 'ms':
      return bound < 1000 ? `${bound}ms` : `${bound / 1000}s`;
    case 'per-day':
      return `${bound}/day`;
    case 'per-second':
      return `${bound}/s`;
    case 'bytes-per-second':
      return bound >= 1000 && (bound / 1000) * 1000 === bound ? `${bound / 1000}kB/s` : `${bound}B/s`;
    case 'count':
      return String(bound);
  }
}

function readWish(text: string): Wish {
  const match = /^([a-z][a-z0-9-]*)\s*(<=|>=|<|>|=|≤|≥)\s*(.+)$/i.exec(text);
  if (match === null) {
    throw new UsageError(`--want: '${text}' is no wish; write a figure, <= or >=, and a bound, ${EXAMPLE}`);
  }
  const [, name = '', sign = '', bound = ''] = match;
  const metric = Object.keys(METRICS).find((known) => known === name.toLowerCase()) as MetricName | undefined;
  if (metric === undefined) {
    const nearest = suggest(name, Object.keys(METRICS));
    const meant = nearest === null ? '' : `. Did you mean '${nearest}'?`;
    throw new UsageError(`--want: there is no figure '${name}'; there are ${Object.keys(METRICS).join(', ')}${meant}`);
  }
  const relation = sign === '≤' ? '<=' : sign === '≥' ? '>=' : (sign as Wish['relation']);
  return { metric, relation, bound: readBound(metric, bound.trim()), text };
}

const PER = {
  s: 86_400,
  second: 86_400,
  minute: 1440,
  hour: 24,
  day: 1,
  week: 1 / 7,
  month: 1 / 30,
  year: 1 / 365,
} as const;
const BYTES = { b: 1, kb: 1000, mb: 1e6 } as const;

function readBound(metric: MetricName, text: string): number {
  const { unit } = METRICS[metric];
  switch (unit) {
    case 'ms': {
      if (text === '0') return 0;
      try {
        return parseDuration(text);
      } catch {
        throw new UsageError(`--want: ${metric} is a time, and '${text}' is none; write for example ${metric}<=60s`);
      }
    }
    case 'per-day': {
      const match = /^(\d+(?:\.\d+)?(?:e-?\d+)?)(?:\/([a-z]+))?$/i.exec(text);
      const per = PER[(match?.[2]?.toLowerCase() ?? 'day') as keyof typeof PER] as number | undefined;
      if (match === null || per === undefined) {
        throw new UsageError(
          `--want: ${metric} is a number of times, and '${text}' is none; write for example ${metric}<=1/day or ${metric}<=1/week`,
        );
      }
      return Number(match[1]) * per;
    }
    case 'per-second': {
      const match = /^(\d+(?:\.\d+)?)(?:\/s)?$/i.exec(text);
      if (match === null)
        throw new UsageError(`--want: ${metric} is a rate, and '${text}' is none; write for example ${metric}<=100/s`);
      return Number(match[1]);
    }
    case 'bytes-per-second': {
      const match = /^(\d+(?:\.\d+)?)\s*(b|kb|mb)?(?:\/s)?$/i.exec(text);
      if (match === null)
        throw new UsageError(`--want: ${metric} is a rate, and '${text}' is none; write for example ${metric}<=50kB/s`);
      return Number(match[1]) * BYTES[(match[2]?.toLowerCase() ?? 'b') as keyof typeof BYTES];
    }
    case 'count': {
      if (!/^-?\d+$/.test(text))
        throw new UsageError(
          `--want: ${metric} is a whole number, and '${text}' is none; write for example ${metric}>=1`,
        );
      return Number(text);
    }
  }
}

function rejectContradiction(wish: Wish, wishes: readonly Wish[]): void {
  const atMost = (each: Wish): boolean => each.relation.startsWith('<') || each.relation === '=';
  const atLeast = (each: Wish): boolean => each.relation.startsWith('>') || each.relation === '=';
  for (const other of wishes) {
    if (other === wish || other.metric !== wish.metric) continue;
    if (
      atMost(wish) &&
      atLeast(other) &&
      (wish.bound < other.bound ||
        (wish.bound === other.bound && wish.relation.length + other.relation.length === 2 && wish.relation !== '='))
    ) {
      throw new UsageError(`--want: '${wish.text}' and '${other.text}' cannot both hold; leave one out`);
    }
  }
}
