/** Services after public defects, each with the verdict that a campaign must reach. */
import { expect, test } from 'vitest';
import { loadDefaultExport } from '../../src/scenario/load.ts';
import type { Design } from '../../src/designs/design.ts';
import { withItsRequests } from '../../src/world/requests.ts';
import { campaign, type CampaignResult } from '../../src/search/campaign/campaign.ts';
import { crewOf, drawsOf } from '../search/campaign/crew.ts';

const SEED = 15;

async function campaignOf(
  file: string,
  { first = 1, runs }: { first?: number; runs: number },
): Promise<CampaignResult> {
  const exported = (await loadDefaultExport(new URL(file, import.meta.url).pathname)) as Design;
  const design = await withItsRequests(exported);
  return campaign({ draws: drawsOf(SEED), first, runs, untilBroken: false }, crewOf(design));
}

test.each([
  { first: 1, runs: 100 },
  // Broke P17 when sweeps were drawn that the policy never makes.
  { first: 421, runs: 1 },
])('breaks nothing on a service without a clean-up job: run $first and following', async (runs) => {
  const { tally } = await campaignOf('00-readme/my-service.ts', runs);
  expect(tally.broken).toEqual({});
  expect(tally.goals['sweep removed']).toBe(0);
  expect(tally.laws.P1?.tested).toBeGreaterThan(0);
});

test('finds the acknowledged expiry that is beyond now + timeout', async () => {
  const { counterexamples } = await campaignOf('12-runaway/broken.ts', { runs: 50 });
  const [found] = counterexamples.filter(({ code }) => code === 'P17');
  expect(found?.findings[0]?.message).toMatch(
    /gives the expiry [\d.]+s, beyond [\d.]+s, which is its last .+ \+ timeout$/,
  );
  // The answer says exactly what was written, so no law of acknowledgement is broken.
  expect(counterexamples.map(({ code }) => code)).not.toContain('P6');
});

test('breaks nothing once the deadline counts from now', async () => {
  const { tally } = await campaignOf('12-runaway/mended.ts', { runs: 50 });
  expect(tally.broken).toEqual({});
});

test('rejects several sessions for each license on one seat', async () => {
  await expect(campaignOf('07-count-insert/several-sessions.ts', { runs: 1 })).rejects.toThrow(
    'licenseLimit is 2, and one seat for each license holds one session',
  );
});
