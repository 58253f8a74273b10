/** When a race has broken something, proved it, or neither. */
import { expect, test } from 'vitest';
import { recommended } from '../../../src/core/presets/recommended.ts';
import { after } from '../../../src/core/time.ts';
import { parseCalls, type RaceCase } from '../../../src/search/race/case.ts';
import { referenceDesign } from '../../../src/designs/reference.ts';
import { inMemory } from '../../../src/search/race/memory-place.ts';
import { isInconclusive, race } from '../../../src/search/race/race.ts';
import type { Place } from '../../../src/search/race/stage.ts';
import type { SessionService } from '../../../src/service/port.ts';

const starts: RaceCase = {
  calls: parseCalls('start:desktop,start:laptop'),
  seat: 'fresh',
  isolation: 'read committed',
  extras: [],
};

const place = inMemory(referenceDesign(recommended, ''));

/** The reference with some of its starts answered otherwise. */
function placeWith(start: (start: SessionService['start']) => SessionService['start']): Place {
  return {
    ...place,
    service: (tools) => {
      const service = place.service(tools);
      return { ...service, start: start((command) => service.start(command)) };
    },
  };
}

/** Grants what the reference refuses, as long as there is one `left`. */
function grantingRefused(left: number): Place {
  return placeWith((start) => async (command) => {
    const reply = await start(command);
    if (reply.type !== 'refused' || left-- <= 0) return reply;
    const { session } = command;
    const expiry = after(reply.retryAfter as never, recommended.timeout);
    return { type: 'granted', session, term: reply.holder?.term ?? 0, expiry, replaced: null, notice: null };
  });
}

test('proves the reference', async () => {
  const result = await race([place], starts);
  expect(result.broken.size).toBe(0);
  expect(result.succeeded).toBe(true);
  expect(isInconclusive(result)).toBe(false);
});

test('proves the reference where the clock passes its deadlines, also after its calls were answered', async () => {
  const result = await race([place], { ...starts, extras: ['clock'] });
  expect([...result.broken.keys()]).toEqual([]);
  expect(result.kept).toEqual(expect.arrayContaining(['P1', 'P7', 'P12', 'P17', 'linearizability']));
  expect([...result.outcomes.keys()].toSorted()).toEqual(['granted, granted', 'granted, refused', 'refused, granted']);
});

test('confirms a law that breaks again when its order is replayed', async () => {
  const result = await race([grantingRefused(Infinity)], starts);
  expect([...result.broken.keys()]).toContain('P1');
  expect([...result.unrepeated.keys()]).toEqual([]);
  expect(result.findings[0]).toMatchObject({ law: 'P1', confirmed: true });
});

test('is inconclusive where the order that broke a law does not break it again', async () => {
  const result = await race([grantingRefused(1)], starts);
  expect([...result.broken.keys()]).toEqual([]);
  expect([...result.unrepeated.keys()]).toContain('P1');
  expect(result.findings.length).toBeGreaterThan(0);
  for (const { confirmed } of result.findings) expect(confirmed).toBe(false);
  expect(isInconclusive(result)).toBe(true);
});

test('proves nothing of calls that all fail', async () => {
  const failing = placeWith(() => () => Promise.resolve({ type: 'failed', why: 'store', message: 'no table' }));
  const { succeeded } = await race([failing], starts);
  expect(succeeded).toBe(false);
  // Under a declared fault of the store, that is the right reply.
  expect((await race([{ ...failing, fault: 'table-missing' }], starts)).succeeded).toBe(true);
});

test('proves nothing where no law was tested', async () => {
  const result = await race([place], starts);
  expect(isInconclusive({ ...result, kept: [] })).toBe(true);
  expect(isInconclusive({ ...result, succeeded: false })).toBe(true);
});
