/** What a call answered is taken for a reply only if it is one; anything else is told with the call's name. */
import { describe, expect, test } from 'vitest';
import { recommended } from '../../../src/core/presets/recommended.ts';
import { parseCalls } from '../../../src/search/race/case.ts';
import { referenceDesign } from '../../../src/designs/reference.ts';
import { inMemory } from '../../../src/search/race/memory-place.ts';
import { replyOf } from '../../../src/search/race/record.ts';
import { stage } from '../../../src/search/race/stage.ts';

const NOBODY = { session: null, device: null, term: null };
const SOMEBODY = { session: 's1', device: 'd1', term: 1 };

async function answered(value: unknown): Promise<unknown> {
  const place = inMemory({ ...referenceDesign(recommended, ''), name: 'mine' });
  const calls = parseCalls('start:desktop');
  const staged = await stage(place, { calls, seat: 'fresh', isolation: 'read committed', extras: [] });
  return replyOf(staged, { answers: [{ type: 'returned', value }], events: [] }, 0);
}

describe('a reply', () => {
  test.each([
    { type: 'granted', session: 's1', term: 1, expiry: 60_000, replaced: null, notice: null },
    { type: 'refused', reason: 'other-device', holder: SOMEBODY, retryAfter: 1, replaced: null, notice: '' },
    { type: 'failed', why: 'store', message: '' },
  ])('$type', async (value) => {
    expect(await answered(value)).toBe(value);
  });
});

describe('no reply', () => {
  test.each([
    { says: 'nothing', value: undefined },
    { says: 'a row', value: { rows: [] } },
    { says: 'a grant of no session', value: { type: 'granted', ...NOBODY } },
    { says: 'a refusal because of nobody', value: { type: 'refused', reason: 'other-device', holder: NOBODY } },
    { says: 'a holder that is not there', value: { type: 'active', holder: null } },
    { says: 'a sweep of nobody', value: { type: 'swept', sessions: [NOBODY] } },
  ])('$says', async ({ value }) => {
    await expect(answered(value)).rejects.toMatchObject({
      kind: 'broke',
      call: 'desktop: start',
      message: expect.stringContaining('which is no reply') as string,
    });
  });
});
