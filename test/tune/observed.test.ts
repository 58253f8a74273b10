/** Heartbeats as deployments record them: what fits is what they were made with, and what is wrong with them is said. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/core/failures.ts';
import { fitObserved, type Fitted } from '../../src/tune/observed/fit.ts';
import { readCsv } from '../../src/tune/observed/read-csv.ts';
import { readRow } from '../../src/tune/observed/rows.ts';
import { latencyOf, ready } from '../../src/tune/forms/latency.ts';
import { EVERY, FIRST, makeHeartbeats } from './make-heartbeats.ts';

let folder = '';
beforeAll(async () => {
  await ready;
  folder = await mkdtemp(path.join(tmpdir(), 'seatproof-observed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fit(lines: readonly string[] | string): Promise<Fitted> {
  const file = path.join(folder, 'heartbeats.csv');
  await writeFile(file, typeof lines === 'string' ? lines : `${lines.join('\n')}\n`);
  return fitObserved(await readCsv(file), 'heartbeats.csv');
}

const made = { devices: 40, heartbeats: 400, seed: 1 };

describe('what was made', () => {
  test('is found again: loss, distribution and figures', async () => {
    const fitted = await fit(await makeHeartbeats({ ...made, loss: () => 0.02 }));
    expect(fitted.loss.type).toBe('independent');
    expect(fitted.loss).toMatchObject({ share: expect.closeTo(0.02, 2) as unknown });
    expect(fitted.latency.type).toBe('lognormal');
    const latency = latencyOf(fitted.latency);
    expect(latency.above(0.5) / 80).toBeCloseTo(1, 1);
    expect(latency.above(0.01) / (80 * Math.exp(2.326))).toBeCloseTo(1, 1);
    expect(fitted.found[0]?.[1]).toContain('one every 20s');
    expect(fitted.fits[0]).toMatchObject({ name: 'lognormal' });
    expect(fitted.fits[0]?.distance).toBeLessThan(0.02);
    expect(fitted.warnings).toEqual([]);
  });

  test('in bursts is told from the same loss one by one', async () => {
    const { loss } = await fit(await makeHeartbeats({ ...made, loss: (lost) => (lost ? 0.6 : 0.01) }));
    if (loss.type !== 'gilbert-elliott') throw new Error('the loss comes in bursts');
    // Of the losses 60 % are followed by another, 20 s later.
    const share = loss.badFor / (loss.badFor + loss.goodFor);
    expect(share).toBeCloseTo(0.01 / 0.41, 2);
    expect(Math.exp(-EVERY * (1 / loss.badFor + 1 / loss.goodFor))).toBeCloseTo((0.6 - share) / (1 - share), 1);
  });

  test('with arrivals alone gives loss, and of the latency how much it varies', async () => {
    const fitted = await fit(await makeHeartbeats({ ...made, loss: () => 0.02, from: 'received' }));
    expect(fitted.loss).toMatchObject({ type: 'independent', share: expect.closeTo(0.02, 2) as unknown });
    expect(fitted.latency.type).toBe('exponential');
    expect(fitted.fits).toEqual([]);
    expect(fitted.warnings.join()).toContain('without the times of sending');
  });

  test('too little of it is said to be too little, and the loss is taken at its highest', async () => {
    const fitted = await fit(await makeHeartbeats({ devices: 2, heartbeats: 60, seed: 3, loss: () => 0 }));
    expect(fitted.warnings.join('\n')).toMatch(
      /only 0 lost heartbeats[\s\S]*latencies say little[\s\S]*heartbeats are few/,
    );
    expect(fitted.loss).toMatchObject({ share: expect.closeTo(0.0308, 3) as unknown });
  });
});

describe('rows', () => {
  const at = new Date(FIRST);
  test.each([
    ['milliseconds', String(FIRST)],
    ['seconds', String(FIRST / 1000)],
    ['an ISO date', at.toISOString()],
    ['an ISO date in another zone', '2026-01-31T14:00:00+02:00'],
    ['a date as databases write it', '2026-01-31 12:00:00+00'],
    ['a date without a zone, taken as UTC', '2026-01-31 12:00:00'],
    ['a Date', at],
    ['a number', FIRST],
  ])('a time as %s', (_, text) => {
    expect(readRow(['laptop', text], { device: 0, sent: null, received: 1 })).toEqual({
      device: 'laptop',
      sent: null,
      received: FIRST,
    });
  });

  test.each([
    ['a time that is none', ['laptop', 'yesterday']],
    ['no device', ['', '1']],
    ['too few values', ['laptop']],
    ['no time', ['laptop', '']],
  ])('%s', (fault, values) => {
    expect(readRow(values, { device: 0, sent: null, received: 1 })).toBe(fault);
  });
});

describe('what is wrong with a file', () => {
  const good = (n: number): string => `laptop,${FIRST + n * EVERY},${FIRST + n * EVERY + 80 + (n % 7)}`;
  const header = 'device,sent_at,received_at';
  const lines = Array.from({ length: 200 }, (_, n) => good(n));

  test.each<readonly [string, string, RegExp]>([
    ['it is empty', '', /is empty; the first line names the columns/],
    ['it has other columns', 'name,when\na,1\n', /has no column device and received_at; it has 'name', 'when'/],
    ['it has columns alone', `${header}\n`, /has no heartbeats/],
    [
      'no line can be used',
      `${header}\nlaptop,x,y\n`,
      /no line can be used: a time that is none \(1, the first on line 2\)/,
    ],
    ['no device has two', `${header}\n${good(0)}\n`, /no device has two heartbeats/],
    ['it is backwards', [header, ...lines.toReversed()].join('\n'), /not in the order of time/],
  ])('%s', async (_, text, message) => {
    await expect(fit(text)).rejects.toThrow(UsageError);
    await expect(fit(text)).rejects.toThrow(message);
  });

  test('bad rows are counted and named', async () => {
    const { warnings } = await fit([header, ...lines, 'laptop,never,never', 'laptop,2', ',1,2', 'laptop,never,3']);
    expect(warnings.join('\n')).toContain(
      'left out: a time that is none (2, the first on line 202), too few values (1, the first on line 203), no device (1, the first on line 204)',
    );
  });

  test('semicolons, a byte order mark, quotes, blank lines and more columns are no trouble', async () => {
    const text = `\uFEFFid;"device";received_at;sent_at\r\n${lines
      .map((line, n) => {
        const [device = '', sent = '', received = ''] = line.split(',');
        return `${n};"${device}";${received};${sent}`;
      })
      .join('\r\n\r\n')}\r\n`;
    expect((await fit(text)).found[0]?.[1]).toContain('200 arrived of 1 devices, one every 20s');
  });

  test('a quote that never ends spoils its own line and no other', async () => {
    const broken = [header, ...lines.slice(0, 100), '"laptop,1,2', ...lines.slice(100), 'lap"top",1,"2'];
    const { found, warnings } = await fit(broken);
    expect(found[0]?.[1]).toContain('200 arrived of 1 devices');
    expect(warnings.join('\n')).toContain('quotes that do not match (2, the first on line 102)');
  });

  test('values in quotes may hold commas, and the lines of bad ones are those of the file, blank ones counted', async () => {
    const quoted = lines.map((line) => line.replace('laptop', '"laptop, second floor"'));
    const { found, warnings } = await fit([header, '', ...quoted, 'laptop,never,never']);
    expect(found[0]?.[1]).toContain('200 arrived of 1 devices');
    expect(warnings.join('\n')).toContain('a time that is none (1, the first on line 203)');
  });

  test('what spreadsheets save as text is read, what is no text is not', async () => {
    const file = path.join(folder, 'utf16.csv');
    await writeFile(file, `\uFEFF${[header, ...lines].join('\r\n')}\r\n`, 'utf16le');
    expect((await readCsv(file)).devices).toBe(1);
    await writeFile(file, gzipSync([header, ...lines].join('\n')));
    await expect(readCsv(file)).rejects.toThrow(/is no text; if it is compressed, unpack it first/);
    await writeFile(file, `${header}\n${'1'.repeat(3_000_000)}`);
    await expect(readCsv(file)).rejects.toThrow(/no CSV file: it has a line of more than/);
    await writeFile(file, '\u001B[2Jdevice\u0007,at\n');
    await expect(readCsv(file)).rejects.toThrow(/does not begin with the names of columns/);
  });

  test('clocks of devices that are behind the server are found out by their fastest messages', async () => {
    const fleet = await makeHeartbeats({ ...made, loss: () => 0.02 });
    const behind = fleet.map((line) => {
      const [device = '', sent = '', received = ''] = line.split(',');
      // Every second device by two seconds.
      return /[02468]$/.test(device) ? `${device},${Date.parse(sent) - 2000},${received}` : line;
    });
    expect((await fit(fleet)).warnings.join()).not.toContain('clocks');
    expect((await fit(behind)).warnings.join()).toMatch(
      /the fastest message took \S+ for some devices and 2\.\d+s for others, so their clocks/,
    );
  });

  test('a clock that jumps, one that is ahead, and rows a moment late are counted, and fit no worse', async () => {
    const shifted = lines.map((line, n) => {
      const [device, sent, received] = line.split(',');
      return n < 100 ? line : `${device},${Number(sent) + 300_000},${received}`;
    });
    const ahead = Array.from({ length: 200 }, (_, n) => `tablet,${FIRST + n * EVERY + 2000},${FIRST + n * EVERY + 80}`);
    const mixed = [...shifted, ...ahead, `tablet,${FIRST},${FIRST + 199 * EVERY + 10}`];
    const fitted = await fit([header, ...mixed]);
    expect(fitted.warnings.join('\n')).toContain('clocks jumped 1 times');
    expect(fitted.warnings.join('\n')).toContain('clocks of 2 devices are ahead');
    expect(fitted.warnings.join('\n')).toContain('1 (0.249 %) of the lines came a moment before');
    expect(latencyOf(fitted.latency).above(0.001)).toBeLessThan(1000);
  });

  test('a file that is not there, or a folder', async () => {
    await expect(readCsv(path.join(folder, 'none.csv'))).rejects.toThrow(
      /cannot be read \(ENOENT: no such file or directory\)/,
    );
    await expect(readCsv(folder)).rejects.toThrow(/is a folder/);
  });
});
