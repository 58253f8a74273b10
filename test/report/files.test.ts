/** What programs read: JSON and JUnit XML. */
import { describe, expect, test } from 'vitest';
import { jsonReport } from '../../src/report/json.ts';
import { allowed, junitReport } from '../../src/report/junit.ts';
import { expectationFinding, played, report, reports } from './arranged.ts';
import { readXml } from './strict-xml.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;

describe('the JSON report', () => {
  test.each(['law', 'difference', 'inconclusive'] as const)('%s', async (name) => {
    await expect(jsonReport(reports[name])).toMatchFileSnapshot(golden(`${name}.json`));
  });

  test('counts scenarios once however many targets they were played on', () => {
    const { counts, result } = JSON.parse(jsonReport(reports.passed)) as { counts: object; result: string };
    expect(counts).toEqual({ scenarios: 12, passed: 24, failed: 0, inconclusive: 0, orders: 24, commands: 96 });
    expect(result).toBe('passed');
  });

  test('holds no history and no timeline of what passed', () => {
    expect(jsonReport(reports.passed)).not.toMatch(/"events"|"timeline"/);
  });
});

describe('the JUnit report', () => {
  test.each(['law', 'expectation', 'inconclusive'] as const)('%s', async (name) => {
    const text = junitReport(reports[name]);
    await expect(text).toMatchFileSnapshot(golden(`${name}.xml`));
    expect(readXml(text).name).toBe('testsuites');
  });

  test('has a suite for each group on each target, whose counts are those of its cases', () => {
    const root = readXml(junitReport(reports.passed));
    const suites = root.children.filter(({ name }) => name === 'testsuite');
    expect(suites.map(({ attributes }) => attributes['name'])).toEqual([
      's0 on model',
      's1 on model',
      's3 on model',
      'own on model',
      's0 on postgres',
      's1 on postgres',
      's3 on postgres',
      'own on postgres',
    ]);
    for (const { attributes, children } of suites) {
      expect(attributes).toMatchObject({ tests: '3', failures: '0', errors: '0' });
      expect(children.filter(({ name }) => name === 'testcase')).toHaveLength(3);
    }
  });

  test('a failure has the message, and the timeline as its text', () => {
    const { children } = readXml(junitReport(reports.expectation)).children[0] ?? { children: [] };
    const failure = children.find(({ name }) => name === 'testcase')?.children[0];
    expect(failure?.name).toBe('failure');
    expect(failure?.attributes['message']).toMatch(/^expectation not met at 59\.999s: expected granted/);
    expect(failure?.text).toContain('> 59.999s  desktop       start                → refused');
  });

  test('what is inconclusive is an error, neither a failure nor a pass', () => {
    const root = readXml(junitReport(reports.inconclusive));
    expect(root.children[0]?.attributes).toMatchObject({ tests: '2', failures: '0', errors: '1' });
  });

  test('whatever a user writes, the document is well-formed', () => {
    const nasty = `<&>"' \u0000\u0008\u001b[31m \ud800 \uffff ]]> 🐘 é`;
    const text = junitReport(
      report([
        played({
          title: nasty,
          group: nasty,
          file: nasty,
          result: 'failed',
          findings: [{ ...expectationFinding, message: nasty, why: nasty }],
        }),
      ]),
    );
    const written = readXml(text).children[0]?.children.find(({ name }) => name === 'testcase');
    expect(written?.attributes['name']).toBe(allowed(nasty));
  });

  test('allowed characters stay as they are', () => {
    expect(allowed('tab\t, line\n, é, 🐘')).toBe('tab\t, line\n, é, 🐘');
  });
});
