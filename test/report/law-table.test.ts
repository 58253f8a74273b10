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
  { says: 'untested where nothing tested it', in: [one('untested'), one('not-judged')], status: 'untested' },
  {
    says: 'not judged where it could be judged nowhere',
    in: [one('not-judged'), one('not-judged')],
    status: 'not-judged',
  },
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
    '2 of 4 kept: P1 P12',
    'expected to break (declared by the scenarios): P17 (s3)',
    'not tested: P19',
  ]);
});

test('what broke is listed in order of severity, and what was not judged with its reason', () => {
  const [P1, P17, P12, P19] = [
    verdict('P1', 'broken'),
    verdict('P17', 'broken'),
    verdict('P12', 'broken'),
    verdict('P19', 'not-judged', 0),
  ];
  expect(lawsInWords(summariseLaws([played({ breaks: [], verdicts: [P12, P17, P1, P19] })]))).toEqual([
    '0 of 4 kept',
    'broken: P1 P12 P17',
    'P19 not judged: the history holds no sweep',
  ]);
});

test('a run without laws says so', () => {
  expect(lawsInWords([])).toEqual(['0 of 0 kept']);
});
