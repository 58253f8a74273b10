/** The report of a campaign: its outcome, what leaves it open, and what is shown of the findings. */
import { beforeAll, describe, expect, test } from 'vitest';
import { campaignReportOf } from '../../src/cli/campaign-outcome.ts';
import { designByName } from '../../src/designs/all.ts';
import { campaignAsJson } from '../../src/report/campaign-json.ts';
import { campaignText } from '../../src/report/campaign-report.ts';
import { campaign, type CampaignResult } from '../../src/search/campaign/campaign.ts';
import { emptyTally, type Tally } from '../../src/search/campaign/tally.ts';
import { crewOf, drawsOf } from '../search/campaign/crew.ts';

const plan = { draws: drawsOf(1), first: 1, runs: 60, untilBroken: false };

function reportOf(result: CampaignResult, interrupted = false) {
  const files = result.counterexamples.map(
    ({ code, run }) => `reports/findings/${code}-s2-before-1-${run}.scenario.ts`,
  );
  const command = 'npx seatproof campaign --design s2-before --seed 0x00000001';
  const flags = { design: 's2-before' };
  return campaignReportOf({
    flags,
    breaks: [],
    plan,
    wanted: plan.runs,
    result,
    files,
    command,
    interrupted,
    wallMs: 2_000,
  });
}

/** Runs in which P1 was tested and some commands succeeded. */
const fine: Tally = {
  ...emptyTally(),
  runs: 60,
  granularity: 'statement',
  simulatedMs: 36_000_000,
  commands: 900,
  succeeded: 800,
  laws: { P1: { broken: 0, tested: 70, notJudged: 0, reasons: [] } },
};

const nothing = { counterexamples: [], unrepeated: [] };

describe('the outcome of a campaign', () => {
  const P1 = { P1: { runs: 2, first: [7, 9] } };
  const unrepeated = [{ type: 'unrepeated', code: 'P1', run: 7, in: 'thread' }] as const;

  test.each<{ says: string; result: CampaignResult; outcome: string; doubts: readonly string[] }>([
    {
      says: 'passed where a law was tested and a command succeeded',
      result: { tally: fine, ...nothing },
      outcome: 'passed',
      doubts: [],
    },
    {
      says: 'inconclusive without a run',
      result: { tally: emptyTally(), ...nothing },
      outcome: 'inconclusive',
      doubts: ['no run was played'],
    },
    {
      says: 'inconclusive where no law was tested',
      result: { tally: { ...fine, laws: { P1: { broken: 0, tested: 0, notJudged: 60, reasons: ['x'] } } }, ...nothing },
      outcome: 'inconclusive',
      doubts: ['no law was tested'],
    },
    {
      says: 'inconclusive where no command succeeded',
      result: { tally: { ...fine, succeeded: 0 }, ...nothing },
      outcome: 'inconclusive',
      doubts: [`no command succeeded: of 900, each was answered 'failed' or not at all`],
    },
    {
      says: 'inconclusive where a run took another course when it was replayed',
      result: { tally: { ...fine, unsteady: 26 }, ...nothing },
      outcome: 'inconclusive',
      doubts: [
        expect.stringMatching(/^the design is not deterministic: run 26, replayed, took another course/) as string,
      ],
    },
    {
      says: 'inconclusive where a law broke in a run and in no replay',
      result: { tally: { ...fine, broken: P1 }, counterexamples: [], unrepeated },
      outcome: 'inconclusive',
      doubts: ['P1 one holder broke in run 7 and did not break again when that run was replayed'],
    },
    {
      says: 'inconclusive where a law broke in no new thread',
      result: {
        tally: { ...fine, broken: P1 },
        counterexamples: [],
        unrepeated: [{ ...unrepeated[0], in: 'new-thread' }],
      },
      outcome: 'inconclusive',
      doubts: [
        expect.stringMatching(
          /^P1 one holder broke in run 7 and did not .* in a new thread; .* keeps state outside of serve\(\)/,
        ) as string,
      ],
    },
    {
      says: 'inconclusive where an interruption came before the replay',
      result: { tally: { ...fine, broken: P1 }, ...nothing },
      outcome: 'inconclusive',
      doubts: ['broken in a run that was not replayed: P1 (run 7)'],
    },
  ])('is $says', ({ result, outcome, doubts }) => {
    const report = reportOf(result);
    expect({ outcome: report.outcome, doubts: report.doubts }).toEqual({ outcome, doubts });
    expect(report.bound === null).toBe(outcome !== 'passed');
    const text = campaignText(report, false);
    for (const doubt of doubts) if (typeof doubt === 'string') expect(text).toContain(`why     ${doubt.slice(0, 40)}`);
    expect(JSON.parse(campaignAsJson(report))).toMatchObject({ outcome, inconclusive: doubts });
  });
});

test('names the race that interleaves the statements, where the runs took each request whole', () => {
  const report = reportOf({ tally: { ...fine, granularity: 'request' }, ...nothing });
  expect(campaignText(report, false)).toContain('  next    npm run seatproof -- race --design s2-before\n');
  expect(campaignText(reportOf({ tally: fine, ...nothing }), false)).not.toContain('race');
});

test('lists a law once that some runs did not judge', () => {
  const laws = {
    P1: { broken: 0, tested: 70, notJudged: 0, reasons: [] },
    P15: { broken: 0, tested: 8, notJudged: 12, reasons: ['no wait is announced'] },
    P20: { broken: 0, tested: 0, notJudged: 1, reasons: ['no session id'] },
    P8: { broken: 0, tested: 0, notJudged: 60, reasons: ['one store'] },
  };
  const text = campaignText(reportOf({ tally: { ...fine, laws }, ...nothing }), false);
  expect(text).toContain('kept: P1, P15 (not judged in 12 runs: no wait is announced)\n');
  expect(text.replaceAll(/\s+/g, ' ')).toMatch(
    /not tested: P0 [^,]*, P20 \(not judged in 1 run: no session id\) P8 not judged: one store/,
  );
  for (const code of Object.keys(laws)) expect(text.match(new RegExp(`\\b${code}\\b`, 'g'))).toHaveLength(1);
});

test('one replay line stands for all codes of a run, and a law that did not repeat is not listed as broken', () => {
  const broken = { runs: 2, first: [7, 9] };
  const report = reportOf({
    tally: {
      ...fine,
      laws: { P1: { broken: 2, tested: 70, notJudged: 0, reasons: [] } },
      broken: { P1: broken, 'invalid-reply': broken },
    },
    counterexamples: [],
    unrepeated: ['P1', 'invalid-reply'].map((code) => ({ type: 'unrepeated', code, run: 7, in: 'thread' })),
  });
  const text = campaignText(report, false);
  expect(text.match(/--run 7$/gm)).toHaveLength(1);
  expect(text).toMatch(/^ {2}laws +not repeated: P1 \(2 runs\)$/m);
});

describe('a design that breaks many laws', () => {
  let result: CampaignResult;
  beforeAll(async () => {
    result = await campaign(plan, crewOf(designByName('s2-before')));
  });

  test('the worst findings are shown in full and the others in a line each', async () => {
    await expect(campaignText(reportOf(result), false)).toMatchFileSnapshot('golden/campaign.txt');
  });

  test('JSON has every finding in full, the worst first', () => {
    const { found } = JSON.parse(campaignAsJson(reportOf(result))) as { found: { code: string; timeline: string[] }[] };
    expect(found.map(({ code }) => code)).toEqual(result.counterexamples.map(({ code }) => code));
    expect(found.length).toBeGreaterThan(5);
    for (const { timeline } of found) expect(timeline.length).toBeGreaterThan(0);
  });

  test('an interruption keeps what was found, and names the runs of the rest', () => {
    const [first, second, ...rest] = result.counterexamples;
    if (first === undefined || second === undefined) throw new Error('s2-before breaks more laws');
    const report = reportOf({ ...result, counterexamples: [first, second] }, true);
    expect(report.outcome).toBe('broken');
    const text = campaignText(report, false);
    expect(text).toMatch(
      new RegExp(`^✗ s2-before: ${first.code}, ${second.code} broke in .*, then it was interrupted$`, 'm'),
    );
    const runs = rest.map(({ code }) => `${code} (run ${result.tally.broken[code]?.first[0]})`).join(', ');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`note broken in a run that was not replayed: ${runs}`);
  });
});
