/** A lane on the server that all test files share. */
import { START } from '../../../src/core/time.ts';
import { Lane } from '../../../src/search/race/lane.ts';
import type { Isolation } from '../../../src/search/race/statement.ts';
import { sharedServer } from '../../postgres/shared-server.ts';

export async function laneWith(tables: string, isolation: Isolation = 'read committed'): Promise<Lane> {
  const lane = await Lane.open(await sharedServer(), { tables });
  await lane.begin(isolation, () => Promise.resolve(START));
  return lane;
}
