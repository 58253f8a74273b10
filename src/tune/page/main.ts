/** The page of a report: sliders, and the figures and charts that the closed forms give for where they stand. */
import { recommend } from '../choose/recommend.ts';
import { paretoFront } from '../choose/front.ts';
import { keeps } from '../choose/wishes.ts';
import { attemptsFit, type Conditions, type Pair } from '../conditions/conditions.ts';
import { figuresOf, gridOf, type Figures } from '../forms/figures.ts';
import { ready } from '../forms/latency.ts';
import { modelOf } from '../forms/model.ts';
import type { PageData } from '../page-data.ts';
import { drawFront } from './front-chart.ts';
import { drawHeatMap, METRIC_NAMES, type MetricChoice } from './heat-map.ts';
import { openSliders } from './sliders.ts';
import { showFigures } from './figures-table.ts';

const data = JSON.parse(element('data').textContent ?? '') as PageData;

await ready;
const sliders = openSliders(element('sliders'), data, () => schedule());
const metric = element('metric') as HTMLSelectElement;
for (const [name, text] of Object.entries(METRIC_NAMES)) metric.append(new Option(text, name));
metric.addEventListener('change', () => schedule());
element('heat').addEventListener('keydown', moveByArrows);
element('reset').addEventListener('click', () => sliders.reset());
globalThis.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => schedule());

/** What the grid was last worked out for; moving from pair to pair needs no new one. */
let known: {
  readonly conditions: string;
  readonly grid: readonly Figures[];
  readonly front: readonly Figures[];
} | null = null;
let scheduled = false;
show();
document.documentElement.dataset['ready'] = 'true';

/** Once a frame, however fast a slider moves. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    show();
  });
}

function show(): void {
  const { pair, conditions } = sliders.read();
  const key = JSON.stringify(conditions);
  if (known?.conditions !== key) {
    const grid = gridOf(data.heartbeats as Pair['heartbeat'][], data.timeouts as Pair['timeout'][], conditions);
    known = { conditions: key, grid, front: paretoFront(grid) };
  }
  const { grid, front } = known;
  const recommendation = recommend(grid, data.wishes);
  const chosen = recommendation.type === 'found' ? recommendation.chosen : null;
  showFigures(element('figures'), isSensible(pair, conditions) ? figuresOf(modelOf(conditions), pair) : null, chosen);
  element('verdict').textContent = verdictOf(pair, conditions, chosen);
  const isKept = (figures: Figures): boolean => data.wishes.every((wish) => keeps(wish, figures));
  const pick = (picked: Pair): void => sliders.choose(picked);
  element('heat').replaceChildren(drawHeatMap({ grid, pair, chosen, isKept, pick }, metric.value as MetricChoice));
  element('front').replaceChildren(drawFront({ grid, front, pair, chosen, isKept, pick }));
}

function verdictOf(pair: Pair, conditions: Conditions, chosen: Figures | null): string {
  const here = `${pair.heartbeat / 1000} s / ${pair.timeout / 1000} s`;
  const advice =
    chosen === null
      ? 'No pair of the grid keeps every wish.'
      : `Of the grid, ${chosen.heartbeat / 1000} s / ${chosen.timeout / 1000} s keeps the wishes best.`;
  if (pair.timeout <= pair.heartbeat) return `${here}: the timeout must be above the heartbeat. ${advice}`;
  if (!attemptsFit(pair, conditions)) return `${here}: the attempts do not fit into the heartbeat. ${advice}`;
  const broken = data.wishes.filter((wish) => !keeps(wish, figuresOf(modelOf(conditions), pair)));
  const state = broken.length === 0 ? 'keeps every wish' : `breaks ${broken.map(({ text }) => text).join(' and ')}`;
  return `${here} ${state}. ${advice}`;
}

function isSensible(pair: Pair, conditions: Conditions): boolean {
  return pair.timeout > pair.heartbeat && attemptsFit(pair, conditions);
}

/** In the heat map, arrow keys go from pair to pair. */
function moveByArrows(event: Event): void {
  const { key } = event as KeyboardEvent;
  const { pair } = sliders.read();
  const beside = (values: readonly number[], value: number, step: number): number => {
    const sorted = step > 0 ? values : values.toReversed();
    return sorted.find((each) => (each - value) * step > 0) ?? value;
  };
  const moved =
    key === 'ArrowUp' || key === 'ArrowDown'
      ? { ...pair, heartbeat: beside(data.heartbeats, pair.heartbeat, key === 'ArrowUp' ? 1 : -1) }
      : key === 'ArrowLeft' || key === 'ArrowRight'
        ? { ...pair, timeout: beside(data.timeouts, pair.timeout, key === 'ArrowRight' ? 1 : -1) }
        : null;
  if (moved === null) return;
  event.preventDefault();
  sliders.choose(moved as Pair);
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no '${id}'`);
  return found;
}
