/** What is said of histories that were recorded elsewhere, and of the designs. */
import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../src/core/presets/index.ts';
import { validatePolicy } from '../../src/core/validate-policy.ts';
import { designsAsJson, designTable } from '../../src/report/design-table.ts';
import { judgementAsJson, judgementText } from '../../src/report/judgement.ts';
import { crash, lawFinding, outage, verdict } from './arranged.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;

const kept = {
  file: 'kept.jsonl',
  history: crash,
  verdicts: [verdict('P1', 'kept', 1), verdict('P19', 'not-judged', 0)],
};
const broken = {
  file: 'broken.jsonl',
  history: outage,
  verdicts: [
    { ...verdict('P1', 'broken'), findings: [lawFinding, lawFinding, lawFinding, lawFinding] },
    verdict('P12', 'untested', 0),
  ],
};

describe('a judgement', () => {
  test('of one history shows every law', async () => {
    await expect(judgementText([kept], false)).toMatchFileSnapshot(golden('judgement.kept.txt'));
  });

  test('of several shows those in which something broke', async () => {
    await expect(judgementText([kept, broken], false)).toMatchFileSnapshot(golden('judgement.txt'));
  });

  test('for programs', async () => {
    await expect(judgementAsJson([kept, broken])).toMatchFileSnapshot(golden('judgement.json'));
  });
});

describe('the designs', () => {
  const designs = PRESETS.map(({ about, policy }) => ({ about, policy, warnings: validatePolicy(policy) }));

  test('as a table of at most 100 columns', async () => {
    const table = designTable(designs);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    await expect(table).toMatchFileSnapshot(golden('designs.txt'));
  });

  test('for programs', async () => {
    await expect(designsAsJson(designs)).toMatchFileSnapshot(golden('designs.json'));
  });
});
