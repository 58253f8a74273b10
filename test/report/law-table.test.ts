/** What a run says of each law. */
import { describe, expect, test } from 'vitest';
import { lawsInWords, summariseLaws, type LawStatus } from '../../src/report/law-table.ts';
import { played, verdict } from './arranged.ts';

const rows: readonly {
  readonly says: string;
  readonly in: readonly ReturnType<typeof played>[];
  readonly status: LawStatus;
}[] = [
  { says: 'kept where one scenario kept it and none broke it', in: [one('kept'), one('untested')], status: 'kept' },
  {
    says: 'broken where a scenario does not say so',
    in: [one('kept'), one('broken'), one('broken', ['P1'])],
    status: 'broken',
  },
  {
    says: 'broken as asserted where each that breaks it says so',
    in: [one('kept'), one('broken', ['P1'])],
    status: 'broken-as-asserted',
  },
  { says: 'untested where nothing put it to the test', in: [one('untested'), one('not-judged')], status: 'untested' },
];

function one(
  outcome: 'kept' | 'broken' | 'untested' | 'not-judged',
  breaks: readonly string[] = [],
): ReturnType<typeof played> {
  return played({ breaks, verdicts: [verdict('P1', outcome)] });
}

describe('a law is', () => {
  test.each(rows)('$says', ({ in: runs, status }) => {
    expect(summariseLaws(runs).map((law) => law.status)).toEqual([status]);
  });

  test('summed up over everything played, with the groups that break it by nature', () => {
    const [law] = summariseLaws([
      played({ group: 's0', verdicts: [verdict('P17', 'broken')] }),
      played({ group: 's1', verdicts: [verdict('P17', 'broken')] }),
      played({ group: 'own', breaks: [], verdicts: [verdict('P17', 'kept', 4)] }),
    ]);
    expect(law).toMatchObject({ code: 'P17', tested: 10, brokenBy: ['s0', 's1'] });
  });
});

test('the laws of a run in words', () => {
  expect(lawsInWords(summariseLaws([played()]))).toEqual([
    '2 of 4 kept wherever tested: P1 P12',
    'broken by nature, as the scenarios say: P17 (s3)',
    'not put to the test: P19',
  ]);
});

test('a run without laws says so', () => {
  expect(lawsInWords([])).toEqual(['0 of 0 kept wherever tested']);
});
