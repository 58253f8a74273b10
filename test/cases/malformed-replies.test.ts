/** Replies that are none, from every request: the engines report them and go on; no reply ends a run. */
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import type { Policy } from '../../src/core/policy.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import { milliseconds, seconds } from '../../src/core/time.ts';
import { design } from '../../src/designs/written.ts';
import { decodeHistory, encodeHistory } from '../../src/history/codec.ts';
import type { History } from '../../src/history/history.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { timeline } from '../../src/report/timeline.ts';
import { parseCalls } from '../../src/search/race/case.ts';
import { inMemory } from '../../src/search/race/memory-place.ts';
import { race } from '../../src/search/race/race.ts';
import { referenceService } from '../../src/service/reference.ts';
import { checkReply } from '../../src/service/reply-gate.ts';
import { playSettled } from '../../src/world/play-settled.ts';
import { scriptOfRun } from '../../src/search/campaign/draws.ts';

const cyclic: Record<string, unknown> = { type: 'granted' };
cyclic.self = cyclic;

const MALFORMED: readonly unknown[] = [
  undefined,
  null,
  true,
  'ok',
  200,
  3n,
  Symbol('ok'),
  [],
  [{ type: 'granted' }],
  {},
  { ok: true },
  { type: 1 },
  { type: 'GRANTED' },
  { type: 'refused', holder: 7 },
  { type: 'refused', holder: { term: {} } },
  { type: 'refused', retryAfter: Number.NaN },
  { type: 'refused', retryAfter: 'soon' },
  { type: 'granted', term: 'first' },
  { type: 'granted', expiry: {} },
  { type: 'granted', replaced: [] },
  { type: 'granted', session: {} },
  { type: 'granted', notice: 1 },
  { type: 'renewed', expiry: Number.POSITIVE_INFINITY },
  { type: 'renewed', term: -1 },
  { type: 'gone', why: 'late' },
  { type: 'gone', by: {} },
  { type: 'ended', session: 's' },
  { type: 'active', holder: 'laptop' },
  { type: 'idle', retryAfter: -1 },
  { type: 'swept', sessions: {} },
  { type: 'swept', sessions: [null] },
  { type: 'failed', why: 'maybe' },
  cyclic,
  () => ({ type: 'granted' }),
  new Error('not thrown'),
];

/** With a clean-up job, so that there are sweeps. */
const POLICY: Policy = { ...recommended, cleanUp: { type: 'swept', every: seconds(60) } };

/** A right service, but for its replies to one kind of command. */
function answering(kind: Command['type'], value: unknown) {
  return design({
    name: 'malformed',
    policy: POLICY,
    serve: ({ seats, policy, storeNow }) => ({
      ...referenceService(seats, policy, storeNow),
      [kind]: () => value as never,
    }),
  });
}

/** What everything that follows does with a History. */
function readable(history: History): void {
  expect(decodeHistory(encodeHistory(history), 'run.jsonl')).toEqual(history);
  for (const { findings } of judgeHistory(history)) {
    for (const finding of findings) expect(timeline(history, finding).length).toBeGreaterThan(0);
  }
}

const KINDS: readonly Command['type'][] = ['start', 'heartbeat', 'end', 'status', 'sweep'];

describe.each(KINDS)('a %s answered', (kind) => {
  const wrong = MALFORMED.filter((value) => 'invalid' in checkReply({ type: kind }, value));

  test(`by ${wrong.length} values that are no reply is a finding of P0 in a world`, async () => {
    expect(wrong.length).toBeGreaterThan(25);
    let reported = 0;
    for (const [index, value] of wrong.entries()) {
      const own = answering(kind, value);
      const script = scriptOfRun(own, { seed: 7, faults: [], devices: 2 }, index + 1);
      const history = await playSettled({ ...script, until: milliseconds(200_000) as never }, own);
      readable(history);
      const [finding] = judgeHistory(history).find(({ code }) => code === 'P0')?.findings ?? [];
      if (finding === undefined) continue;
      reported += 1;
      expect(finding.message).toMatch(/ with an invalid reply$/);
      expect(finding.fix).toMatch(/^return for example \{ type: '/);
    }
    // Some runs have no such request.
    expect(reported).toBeGreaterThan(kind === 'start' || kind === 'heartbeat' ? 25 : 3);
  });

  test('by each of them is a finding of P0 in a race', async () => {
    // A seat is brought into its state by a start, which must be answered right.
    const seat = kind === 'start' ? 'fresh' : 'live';
    for (const value of wrong) {
      const place = inMemory(answering(kind, value));
      const raced = { calls: parseCalls(kind), seat, isolation: 'read committed', extras: [] } as const;
      const { broken, findings } = await race([place], raced);
      expect([...broken.keys()]).toContain('P0');
      for (const { history } of findings) readable(history);
    }
  });
});
