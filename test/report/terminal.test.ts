/** What people read, compared with files that are reviewed like code. */
import { describe, expect, test } from 'vitest';
import { terminalReport } from '../../src/report/terminal.ts';
import { expectationFinding, played, report, reports } from './arranged.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;
const ESCAPE = String.fromCodePoint(27);

describe('the report for terminals', () => {
  test.each(Object.entries(reports))('%s', async (name, each) => {
    await expect(terminalReport(each, false)).toMatchFileSnapshot(golden(`${name}.txt`));
  });

  test('in colour it is the same text with escape codes', async () => {
    const colour = terminalReport(reports.law, true);
    await expect(colour).toMatchFileSnapshot(golden('law.colour.txt'));
    expect(colour.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).toBe(terminalReport(reports.law, false));
  });

  test('without colour it holds no escape code', () => {
    for (const each of Object.values(reports)) expect(terminalReport(each, false)).not.toContain(ESCAPE);
  });

  test('a suite of a hundred scenarios in twenty folders that passed fits a screen of 24 lines', () => {
    const all = Array.from({ length: 100 }, (_, line) => played({ line, group: `folder-${line % 20}` }));
    expect(terminalReport(report(all), false).trimEnd().split('\n').length).toBeLessThanOrEqual(24);
  });

  test('what a target did not play is said, and where it stands', () => {
    const both = ['model', 'postgres'].map((on) => played({ on, line: 1 }));
    const text = terminalReport(report([...both, played({ on: 'model', line: 2 })]), false);
    expect(text).toContain('  skipped 1 scenario on postgres');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'the clock of the store is set back: scenarios/s3/crash.scenario.ts',
    );
    expect(terminalReport(report(both), false)).not.toContain('skipped');
  });

  test('of many failures the first ten are told in full and the others in a line each', () => {
    const all = Array.from({ length: 13 }, (_, line) =>
      played({ line, result: 'failed', findings: [expectationFinding] }),
    );
    const lines = terminalReport(report(all), false).split('\n');
    expect(lines.filter((line) => line.startsWith('  replay'))).toHaveLength(10);
    expect(lines.filter((line) => /^✗ scenarios\/s3\/crash\.scenario\.ts:1[0-2] {2}on model/.test(line))).toHaveLength(
      3,
    );
  });

  test('prose keeps to 100 columns; a command to copy keeps to its line', () => {
    for (const each of Object.values(reports)) {
      const prose = terminalReport(each, false)
        .split('\n')
        .filter((line) => !/^ {2}replay|→/.test(line));
      expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  test('a title with a quote is quoted for the shell', () => {
    expect(terminalReport(reports.expectation, false)).toContain(`--filter 'it'\\''s refused a millisecond early'`);
  });
});
