/** A service whose statements fail: its campaign reports that, and plays all runs. */
import { expect, onTestFinished, test } from 'vitest';
import { playChunk } from '../../src/search/campaign/chunk.ts';
import { openPlayer } from '../../src/search/campaign/player.ts';
import { withItsRequests } from '../../src/world/requests.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import { drawsOf } from '../search/campaign/crew.ts';
import missingTable from './41-missing-table/service.ts';

test('a campaign goes on after a statement on the pool has failed and ended its connection', async () => {
  const design = await withItsRequests(missingTable);
  const player = await openPlayer(design, await sharedServer());
  onTestFinished(() => player.close());
  const tally = await playChunk(player, { draws: drawsOf(2), from: 1, to: 20, untilBroken: false });
  expect(tally.runs).toBe(20);
  expect(tally.broken).toMatchObject({ P0: expect.anything() as unknown });
});
