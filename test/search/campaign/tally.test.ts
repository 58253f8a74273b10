/** What many runs add up to for each law. */
import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/laws/law.ts';
import { addRun, addTally, emptyTally, type Tally } from '../../../src/search/campaign/tally.ts';
import { recommended } from '../../../src/core/presets/recommended.ts';
import { referenceDesign } from '../../../src/designs/reference.ts';
import { design as written } from '../../../src/designs/written.ts';
import { LAWS } from '../../../src/laws/all.ts';
import { judgeRun } from '../../../src/search/campaign/breaches.ts';
import { scriptOfRun } from '../../../src/search/campaign/draws.ts';
import { playInWorld } from '../../../src/world/play.ts';
import { drawsOf } from './crew.ts';

const design = referenceDesign(recommended, 'the reference');
const history = playInWorld(scriptOfRun(design, drawsOf(1), 1), design);

function tallyOf(...runs: readonly Pick<Verdict, 'outcome' | 'tested' | 'notJudged'>[]): Tally {
  const tally = emptyTally();
  runs.forEach((verdict, index) => {
    addRun(
      tally,
      index + 1,
      history,
      [{ code: 'P1', name: 'one holder', findings: [], inDoubt: false, ...verdict }],
      [],
    );
  });
  return tally;
}

const kept = { outcome: 'kept', tested: 3, notJudged: null } as const;
const open = { outcome: 'not-judged', tested: 5, notJudged: 'the search met its bound' } as const;

test('a law that no run judged counts as not tested, however often it was put to the test', () => {
  expect(tallyOf(open, open).laws).toEqual({
    P1: { broken: 0, tested: 0, notJudged: 2, reasons: ['the search met its bound'] },
  });
});

test('an invalid reply breaks P0, although its finding has a code of its own', () => {
  const answer = () => ({ ok: true }) as never;
  const odd = written({ name: 'odd', policy: recommended, serve: () => ({ start: answer, heartbeat: answer }) });
  const tally = emptyTally();
  const odds = playInWorld(scriptOfRun(odd, drawsOf(1), 1), odd);
  const { verdicts, breaches } = judgeRun(odds, LAWS);
  addRun(tally, 1, odds, verdicts, breaches);
  expect(tally.laws['P0']).toMatchObject({ broken: 1 });
  expect(Object.keys(tally.broken)).toEqual(['invalid-reply']);
});

test('only the runs that judged a law add to how often it was tested', () => {
  const laws = { P1: { broken: 0, tested: 6, notJudged: 1, reasons: ['the search met its bound'] } };
  expect(tallyOf(kept, open, kept).laws).toEqual(laws);
  const together = tallyOf(kept, open);
  addTally(together, tallyOf(kept));
  expect(together.laws).toEqual(laws);
});
