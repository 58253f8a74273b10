/** The report on heartbeats and timeouts: for people, for programs, and as a page. */
import { describe, expect, test } from 'vitest';
import { tuneHtml } from '../../src/report/tune-html.ts';
import { tuneJson } from '../../src/report/tune-json.ts';
import { tuneText } from '../../src/report/tune-text.ts';
import { found, none } from './tune-arranged.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;

describe.each([
  ['found', found],
  ['none', none],
])('%s', (name, report) => {
  test('for people', async () => {
    const text = tuneText(report, { colour: false, claims: true });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    await expect(text).toMatchFileSnapshot(golden(`tune.${name}.txt`));
  });

  test('for programs', async () => {
    await expect(tuneJson(report)).toMatchFileSnapshot(golden(`tune.${name}.json`));
  });

  test('as a page', async () => {
    await expect(tuneHtml(report, { data: { any: 'data' }, script: 'script();' })).toMatchFileSnapshot(
      golden(`tune.${name}.html`),
    );
  });
});

test('of a long front some pairs are shown, the chosen one among them, in lines that fit', () => {
  const [first] = found.front;
  if (first === undefined) throw new Error('a front has pairs');
  const front = [...Array.from({ length: 90 }, () => ({ ...first, falseExpiries: 2.345_678e-5 })), ...found.front];
  const lines = tuneText({ ...found, front }, { colour: false, claims: false }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines.map((line) => line.trim()).join(' ')).toMatch(
    /and no worse \(\d\d of 92; the JSON and HTML reports have all\)/,
  );
  expect(lines.filter((line) => line.includes('✓ '))).toHaveLength(2);
  expect(lines.join('\n')).toContain('2.3e-5');
});

test('what never happens and what there is one of are told in words', () => {
  const [pair] = found.grid;
  if (pair === undefined || found.choice.type !== 'found') throw new Error('a pair was found');
  const chosen = { ...pair, falseExpiries: 0, betweenMistakes: Infinity, mistakeLasts: null };
  const one = {
    ...found,
    heartbeats: [20_000],
    timeouts: [60_000],
    grid: [chosen],
    choice: { ...found.choice, chosen },
  };
  const text = tuneText(one, { colour: false, claims: false });
  expect(text).toContain('1 heartbeat × 1 timeout: 1 pair that makes sense');
  expect(text).toContain('healthy       taken for dead never; ');
});

test('where no latency was measured, nothing is said of how well one fits', () => {
  if (found.observed === null) throw new Error('something was observed');
  const report = { ...found, observed: { ...found.observed, fits: [], quantiles: [] } };
  expect(tuneText(report, { colour: false, claims: false })).not.toMatch(/^ *(fits|quantiles)\b/m);
  expect(tuneHtml(report, { data: {}, script: '' })).not.toMatch(/<dt>fits|<th scope="row">fitted/);
});

test('what was simulated fits in the lines, however small it is', () => {
  const [first] = found.simulated;
  if (first === undefined) throw new Error('something was simulated');
  const rare = {
    ...first,
    timeout: 105_000,
    method: 'splitting' as const,
    falseExpiries: { value: 0.000_683_1, low: 0.000_469_1, high: 0.000_897_1 },
  };
  const simulated = [
    { ...rare, closed: 8.3e-21 },
    { ...rare, closed: 0.000_46 },
  ];
  const lines = tuneText({ ...found, simulated }, { colour: false, claims: false }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines.filter((line) => / splitting +(more|just outside)$/.test(line))).toHaveLength(2);
});

test('what comes from outside is text in the page, wherever it stands', () => {
  const page = tuneHtml(found, {
    data: { text: '</script><script>alert(1)</script>' },
    script: `const end = '</script>';`,
  });
  expect(page).toContain('&lt;b&gt; is no device');
  expect(page).toContain(`"text":"\\u003c/script>\\u003cscript>alert(1)\\u003c/script>"`);
  expect(page).toContain(`const end = '\\u003c/script>';`);
});

test('the page asks nothing of the network', () => {
  const page = tuneHtml(found, { data: {}, script: '' });
  expect(
    [...page.matchAll(/\b(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)]
      .map(([, target]) => target)
      .filter((target) => !/^(#|data:)/.test(target ?? '')),
  ).toEqual([]);
});
