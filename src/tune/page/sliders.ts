/** The sliders: what each of them moves, and how it reads. */
import { formatNumber, formatTime } from '../../core/quantity.ts';
import type { Duration } from '../../core/time.ts';
import type { Conditions, LatencySpec, LossSpec, Pair } from '../conditions/conditions.ts';
import { meanLoss } from '../forms/channel.ts';
import { latencyOf } from '../forms/latency.ts';
import type { PageData } from '../page-data.ts';

export interface Sliders {
  read(): { readonly pair: Pair; readonly conditions: Conditions };
  choose(pair: Pair): void;
  reset(): void;
}

interface Slider {
  readonly name: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly begin: number;
  /** Loss and latency span powers of ten: equal steps multiply. */
  readonly steps: 'even' | 'multiply';
  /** The step of an even slider. */
  readonly step?: number;
  show(value: number): string;
}

/** `onChange` is called after every move. */
export function openSliders(place: HTMLElement, data: PageData, onChange: () => void): Sliders {
  const { conditions, begin, heartbeats, timeouts } = data;
  const median = latencyOf(conditions.latency).above(0.5);
  const loss = meanLoss(conditions.loss);
  const list: readonly Slider[] = [
    seconds('heartbeat', 'Heartbeat', [...heartbeats, begin.heartbeat], begin.heartbeat),
    seconds('timeout', 'Timeout', [...timeouts, begin.timeout], begin.timeout),
    {
      name: 'loss',
      label: 'Messages lost',
      min: 0.0001,
      max: 0.5,
      begin: Math.max(0.0001, loss),
      steps: 'multiply',
      show: (value) => `${formatNumber(value * 100)} %`,
    },
    {
      name: 'latency',
      label: 'Latency one way, median',
      min: Math.min(1, median),
      max: Math.max(5000, median),
      begin: median,
      steps: 'multiply',
      show: formatTime,
    },
    {
      name: 'retries',
      label: 'Retries',
      min: 0,
      max: Math.max(5, conditions.retries),
      begin: conditions.retries,
      steps: 'even',
      step: 1,
      show: String,
    },
    {
      name: 'request',
      label: 'Request timeout',
      min: 500,
      max: Math.max(30_000, conditions.requestTimeout),
      begin: conditions.requestTimeout,
      steps: 'even',
      step: 500,
      show: formatTime,
    },
    {
      name: 'drift',
      label: 'Clock error, at most',
      min: 0,
      max: Math.max(1000, conditions.drift * 1e6),
      begin: conditions.drift * 1e6,
      steps: 'even',
      step: 10,
      show: (value) => `${formatNumber(value)} ppm`,
    },
    {
      name: 'stop',
      label: 'Time to stop',
      min: 0,
      max: Math.max(10_000, conditions.stopTime),
      begin: conditions.stopTime,
      steps: 'even',
      step: 500,
      show: formatTime,
    },
    {
      name: 'sweep',
      label: 'Sweep every (0: none)',
      min: 0,
      max: Math.max(600_000, conditions.sweep),
      begin: conditions.sweep,
      steps: 'even',
      step: 10_000,
      show: formatTime,
    },
    {
      name: 'devices',
      label: 'Devices',
      min: 10,
      max: Math.max(1e6, conditions.devices),
      begin: conditions.devices,
      steps: 'multiply',
      show: (value) => formatNumber(Math.round(value)),
    },
  ];
  const inputs = new Map(list.map((slider) => [slider.name, add(place, slider, onChange)]));
  const value = (name: string): number => inputs.get(name)?.value() ?? 0;
  return {
    read: () => ({
      pair: { heartbeat: value('heartbeat') as Duration, timeout: value('timeout') as Duration },
      conditions: {
        ...conditions,
        loss: scaleLoss(conditions.loss, value('loss'), loss),
        latency: scaleLatency(conditions.latency, value('latency') / median),
        retries: value('retries'),
        requestTimeout: value('request') as Duration,
        drift: value('drift') / 1e6,
        stopTime: value('stop') as Duration,
        sweep: value('sweep') as Duration,
        devices: Math.round(value('devices')),
      },
    }),
    choose({ heartbeat, timeout }) {
      inputs.get('heartbeat')?.set(heartbeat);
      inputs.get('timeout')?.set(timeout);
      onChange();
    },
    reset() {
      for (const slider of list) inputs.get(slider.name)?.set(slider.begin);
      onChange();
    },
  };
}

function seconds(name: string, label: string, values: readonly number[], begin: number): Slider {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const step = values.every((value) => value % 1000 === 0) && max - min >= 2000 ? 1000 : 1;
  return { name, label, min, max, begin, steps: 'even', step, show: formatTime };
}

interface Input {
  value(): number;
  set(value: number): void;
}

/** The positions of a slider that multiplies. */
const POSITIONS = 1000;

function add(place: HTMLElement, slider: Slider, onChange: () => void): Input {
  const { name, label, min, max, begin, steps } = slider;
  const row = document.createElement('div');
  const text = document.createElement('label');
  const input = document.createElement('input');
  const output = document.createElement('output');
  text.htmlFor = `slider-${name}`;
  text.textContent = label;
  input.type = 'range';
  input.id = text.htmlFor;
  output.htmlFor.add(input.id);
  const isMultiple = steps === 'multiply';
  input.min = String(isMultiple ? 0 : min);
  input.max = String(isMultiple ? POSITIONS : max);
  input.step = String(isMultiple ? 1 : (slider.step ?? 1));
  const positionOf = (value: number): number => Math.round((POSITIONS * Math.log(value / min)) / Math.log(max / min));
  // A slider has few places, so what it was set to is kept until it is moved.
  let exact = begin;
  const refresh = (): void => {
    output.value = slider.show(exact);
    input.setAttribute('aria-valuetext', output.value);
  };
  const set = (value: number): void => {
    input.value = String(isMultiple ? positionOf(value) : value);
    exact = value;
    refresh();
  };
  input.addEventListener('input', () => {
    exact = isMultiple ? min * (max / min) ** (Number(input.value) / POSITIONS) : Number(input.value);
    refresh();
    onChange();
  });
  row.append(text, output, input);
  place.append(row);
  set(begin);
  return { value: () => exact, set };
}

/** The same channel, with another share of messages lost over a long time. */
function scaleLoss(loss: LossSpec, share: number, before: number): LossSpec {
  if (loss.type === 'independent') return { ...loss, share };
  if (before === 0) return loss;
  const scale = share / before;
  return { ...loss, good: Math.min(0.99, loss.good * scale), bad: Math.min(1, loss.bad * scale) };
}

/** The same distribution, stretched. */
function scaleLatency(spec: LatencySpec, by: number): LatencySpec {
  switch (spec.type) {
    case 'constant':
      return { ...spec, at: spec.at * by };
    case 'uniform':
      return { ...spec, min: spec.min * by, max: spec.max * by };
    case 'exponential':
      return { ...spec, mean: spec.mean * by };
    case 'lognormal':
      return { ...spec, p50: spec.p50 * by };
    case 'gamma':
    case 'weibull':
      return { ...spec, scale: spec.scale * by };
    case 'pareto':
      return { ...spec, min: spec.min * by };
  }
}
