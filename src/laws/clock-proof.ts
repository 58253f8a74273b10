/** P18: what clocks show makes neither two holders nor two workers. */
import { clockInWords, clockTroubles, undeclaredDrift } from './clocks.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement, Law } from './law.ts';

/** `guarded` are the laws that must hold whatever clocks show. */
export function clockProof(guarded: readonly Law[]): Law {
  return {
    code: 'P18',
    name: 'clock-proof',
    kind: 'safety',
    statement: 'P1 and P2 hold under any offset, zone and jump of a clock, and under drift up to the declared bound',
    judge: (evidence) => judge(evidence, guarded),
  };
}

function judge(evidence: Evidence, guarded: readonly Law[]): Judgement {
  const troubles = clockTroubles(evidence);
  if (troubles.length === 0) return { tested: 0, breaches: [], notJudged: null };
  const undeclared = undeclaredDrift(evidence);
  if (undeclared.length > 0) {
    const notJudged = `${undeclared.map(clockInWords).join(', ')} drifts more than the policy declares`;
    return { tested: 0, breaches: [], notJudged };
  }
  const judged = guarded.map((law) => law.judge(evidence));
  return {
    tested: judged.reduce((sum, { tested }) => sum + tested, 0),
    breaches: judged
      .flatMap(({ breaches }) => breaches)
      .map((breach) => ({
        ...breach,
        why: [troubles.join(', '), breach.why ?? ''].filter((text) => text !== '').join('; '),
      }))
      .sort((a, b) => (a.at ?? 0) - (b.at ?? 0)),
    notJudged: judged.every(({ notJudged }) => notJudged !== null) ? (judged[0]?.notJudged ?? null) : null,
  };
}
