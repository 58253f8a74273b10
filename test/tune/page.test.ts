/** The HTML report in a real browser: it loads without errors or network, sliders and keys change the figures, dark and print are readable. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { project, seatproof } from '../cli/seatproof.ts';

/** Where a browser is: what the variable names, or Debian's. */
const BROWSER = process.env['SEATPROOF_CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(BROWSER);
const isRequired = process.env['SEATPROOF_REQUIRE_CHROMIUM'] === '1';

test.runIf(isRequired)('there is a browser', () => {
  expect(isThere, `no browser at ${BROWSER}; install Debian's chromium, or name one with SEATPROOF_CHROMIUM`).toBe(
    true,
  );
});

describe.skipIf(!isThere)(`the page in a browser (skipped where there is none at ${BROWSER})`, () => {
  let folder = '';
  let browser: Browser | null = null;
  let address = '';
  let page = null as unknown as Page;
  /** What went wrong in the page, and what it asked the network for. */
  const trouble: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'seatproof-page-'));
    const args = ['tune', '--simulate', 'none', '--reporter', 'html', '--out', folder, '--seed', '1'];
    const [{ code, stderr }, launched] = await Promise.all([
      seatproof(args, { cwd: project({}) }),
      chromium.launch({
        executablePath: BROWSER,
        args: [
          '--no-sandbox',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--no-first-run',
        ],
      }),
    ]);
    browser = launched;
    if (code !== 0) throw new Error(stderr);
    address = pathToFileURL(path.join(folder, 'tune.html')).href;
    page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    page.on('console', (message) => trouble.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) trouble.push(`asked for ${request.url()}`);
    });
    await page.goto(address);
    await page.waitForSelector('html[data-ready]');
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    await page.locator('#reset').click();
    await saysFirst('15 s / 50 s');
  });

  afterEach(() => {
    if (trouble.length > 0) throw new Error(trouble.join('\n'));
  });

  const saysFirst = (text: string): Promise<unknown> =>
    page.waitForFunction(`document.querySelector('#verdict').textContent.startsWith('${text}')`);
  const figure = (name: string): Promise<string> => page.locator(`tr[data-figure="${name}"] td`).first().innerText();
  /** Moves a slider as a hand would, and waits for the frame that shows it. */
  const slide = async (name: string, value: number): Promise<void> => {
    await page.locator(`#slider-${name}`).fill(String(value));
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  };

  test('loads without an error and without asking the network for anything', async () => {
    expect(await page.locator('#heat svg rect').count()).toBeGreaterThan(300);
    expect(await page.locator('#front svg circle').count()).toBeGreaterThan(300);
  });

  test('sliders change the figures to what the closed forms say', async () => {
    await slide('heartbeat', 20_000);
    await slide('timeout', 40_000);
    expect(await figure('false-expiries')).toBe('21.6');
    expect(await figure('writes')).toBe('50/s');
    expect(await page.locator('#verdict').innerText()).toContain('20 s / 40 s breaks false-expiry<=0.1/day');
    await slide('heartbeat', 30_000);
    await slide('timeout', 60_000);
    expect(await figure('false-expiries')).toBe('14.4');
    await slide('sweep', 300_000);
    expect(await figure('recovery')).toContain('6 min');
    await slide('loss', 0);
    expect(Number(await figure('false-expiries'))).toBeLessThan(0.2);
    await page.locator('#reset').click();
    await page.waitForFunction(
      `document.querySelector('tr[data-figure="false-expiries"] td').textContent === '0.0057'`,
    );
  });

  test('can be used with the keyboard alone', async () => {
    await page.locator('#slider-heartbeat').focus();
    await page.keyboard.press('ArrowRight');
    await saysFirst('16 s / 50 s');
    await page.locator('#heat').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    await saysFirst('20 s / 55 s');
    // Every slider says what it moves and where it stands.
    const named = await page
      .locator('#sliders input')
      .evaluateAll((inputs) =>
        inputs.map((input) => [
          (input as unknown as { labels: { length: number } }).labels.length,
          input.getAttribute('aria-valuetext'),
        ]),
      );
    expect(named.every(([labels, text]) => labels === 1 && text !== null && text !== '')).toBe(true);
  });

  test.each(['light', 'dark'] as const)('has text that stands out, %s', async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme });
    const contrasts = (await page.evaluate(CONTRASTS)) as readonly number[];
    expect(contrasts.length).toBeGreaterThan(20);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  });

  test('when printed shows the whole front and no controls', async () => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('#sliders input').first().isVisible()).toBe(false);
    expect(await page.locator('#slider-heartbeat + output, #sliders output').first().isVisible()).toBe(true);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('#front-table tbody tr').last().isVisible()).toBe(true);
    const contrasts = (await page.evaluate(CONTRASTS)) as readonly number[];
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ['a telephone', 'screen', 360],
    ['a sheet of paper', 'print', 680],
  ] as const)('fits on %s', async (_, media, width) => {
    await page.emulateMedia({ media });
    await page.setViewportSize({ width, height: 800 });
    // On a screen what is wide is scrolled by itself; on paper nothing can be.
    const tooWide = await page.evaluate(
      `[...document.querySelectorAll('body *')].filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1 && !('${media}' === 'screen' && each.closest('.scroll'))).map((each) => each.tagName + '#' + each.id)`,
    );
    await page.setViewportSize({ width: 1100, height: 900 });
    expect(tooWide).toEqual([]);
  });

  test('without JavaScript still says what is recommended, and why', async () => {
    if (browser === null) throw new Error('the browser was not launched');
    const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await plain.goto(address);
    expect(await plain.locator('header').innerText()).toContain('A heartbeat of 15 s and a timeout of 50 s');
    expect(await plain.locator('#claims').innerText()).toContain('not true');
  });
});

/** The contrast of every text of the page with what is behind it, by the formula of the WCAG. Runs in the page. */
const CONTRASTS = `(() => {
  const channels = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('h1, h2, p, li, a, td, th, dt, dd, label, output, summary')]
    .filter((element) => element.checkVisibility() && element.textContent.trim() !== '')
    .map((element) => {
      const [text, back] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
      return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    });
})()`;
