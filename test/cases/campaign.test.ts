/** Services after public defects, each with the verdict that a campaign must reach. */
import { expect, test } from 'vitest';
import { loadDefaultExport } from '../../src/scenario/load.ts';
import type { Design } from '../../src/designs/design.ts';
import { withItsRequests } from '../../src/world/requests.ts';
import type { Crew } from '../../src/search/campaign/campaign.ts';
import type { Tally } from '../../src/search/campaign/tally.ts';
import { crewOf, drawsOf } from '../search/campaign/crew.ts';

const SEED = 15;

async function crewFor(file: string): Promise<Crew> {
  const exported = (await loadDefaultExport(new URL(file, import.meta.url).pathname)) as Design;
  return crewOf(await withItsRequests(exported));
}

interface Runs {
  readonly seed?: number;
  readonly first?: number;
  readonly runs: number;
}

async function tallyOf(crew: Crew, { seed = SEED, first = 1, runs }: Runs): Promise<Tally> {
  return crew.play({ draws: drawsOf(seed), from: first, to: first + runs - 1, untilBroken: false });
}

test.each([
  { first: 1, runs: 40 },
  // Broke P17 when sweeps were drawn that the policy never makes.
  { first: 421, runs: 1 },
])('breaks nothing on a service without a clean-up job: run $first and following', async (runs) => {
  const tally = await tallyOf(await crewFor('00-readme/my-service.ts'), runs);
  expect(tally.broken).toEqual({});
  expect(tally.goals['sweep removed']).toBe(0);
  expect(tally.laws.P1?.tested).toBeGreaterThan(0);
});

test('finds the acknowledged expiry that is beyond now + timeout', async () => {
  const crew = await crewFor('12-runaway/broken.ts');
  const { broken } = await tallyOf(crew, { runs: 20 });
  const found = await crew.findCounterexample(drawsOf(SEED), broken.P17?.first[0] ?? 0, 'P17');
  expect('findings' in found ? found.findings[0]?.message : '').toMatch(
    /gives the expiry [\d.]+s, beyond [\d.]+s, which is its last .+ \+ timeout$/,
  );
  // The answer says exactly what was written, so no law of acknowledgement is broken.
  expect(broken.P6).toBeUndefined();
});

test('breaks nothing once the deadline counts from now', async () => {
  expect((await tallyOf(await crewFor('12-runaway/mended.ts'), { runs: 20 })).broken).toEqual({});
});

test.each([
  { seed: 1, first: 1, runs: 40 },
  // A start takes effect unseen, its session expires, and the same start is granted again.
  { seed: 1, first: 103, runs: 1 },
  { seed: 2, first: 108, runs: 1 },
  { seed: 3, first: 247, runs: 1 },
])('breaks nothing on a right login that tells types alone: seed $seed, run $first and following', async (runs) => {
  const tally = await tallyOf(await crewFor('42-types-only/service.ts'), runs);
  expect(tally.broken).toEqual({});
  expect(tally.laws.P3?.reasons).toEqual(['the service does not tell the term']);
});

test('rejects several sessions for each license on one seat', async () => {
  await expect(crewFor('07-count-insert/several-sessions.ts')).rejects.toThrow(
    'licenseLimit is 2, and one seat for each license holds one session',
  );
});
