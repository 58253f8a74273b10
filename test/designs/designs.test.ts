/** What every design keeps, whatever it breaks: it answers each command, and the same Script gives the same History. */
import { describe, expect, it } from 'vitest';
import { validatePolicy } from '../../src/core/validate-policy.ts';
import { DESIGNS, designByName } from '../../src/designs/all.ts';
import { hasRequest, REQUESTS, type Design } from '../../src/designs/design.ts';
import { decodeHistory, encodeHistory } from '../../src/history/codec.ts';
import { playInWorld } from '../../src/world/play.ts';
import { starts, stops } from '../world/script-of.ts';
import { SCHEDULES } from './defect-schedules.ts';
import { asks, BY_HAND, crashes, lasting, onto, serverCrashes, type Schedule } from './schedule.ts';
import { ROWS } from './seed-schedules.ts';

const OTHER = { license: 'L2', symbol: '' };

/** A bit of everything, so that every command comes in. */
const EVERYTHING: Schedule = {
  cast: { launcher: 'laptop', bot: 'laptop', desktop: 'desktop', [BY_HAND]: 'tablet' },
  surroundings: { servers: 2 },
  happenings: [
    ['0s', starts('launcher'), starts('desktop'), asks('desktop')],
    ['2s', starts('bot')],
    ['5s', stops('launcher'), { type: 'sweep' }],
    ['21s', { type: 'store-fails', fault: 'writes-refused', lasts: lasting('22s') }],
    ['70s', serverCrashes(1, '1s'), starts('desktop')],
    ['75s', crashes('bot')],
    ['200s', { type: 'start', actor: BY_HAND, scope: OTHER, how: 'new', answer: 'arrives' }],
    ['210s', { type: 'heartbeat', actor: BY_HAND, scope: OTHER, of: 'latest', answer: 'arrives' }],
    ['220s', { type: 'end', actor: BY_HAND, scope: OTHER, of: 'latest', answer: 'arrives' }, { type: 'sweep' }],
  ],
  until: '4m',
};

/** A sweep is sent only to a service that has one. */
function everythingOf(design: Design): Schedule {
  const happenings = EVERYTHING.happenings.map(([at, ...actions]): Schedule['happenings'][number] => [
    at,
    ...actions.filter(({ type }) => type !== 'sweep' || hasRequest(design, 'sweep')),
  ]);
  return { ...EVERYTHING, happenings };
}

describe.each(DESIGNS.filter(({ serve }) => serve !== null))('$name', (design) => {
  it('says what it is, under a policy that makes sense', () => {
    expect(design.about).not.toBe('');
    expect(() => validatePolicy(design.policy)).not.toThrow();
  });

  it('answers every command, and never what is no answer to it', () => {
    const { events } = playInWorld(onto(design, everythingOf(design)), design);
    expect(events.filter(({ type }) => type === 'design-failed')).toEqual([]);
    const asked = events.flatMap((event) => (event.type === 'called' ? [event] : []));
    expect(new Set(asked.map(({ command }) => command.type))).toEqual(
      new Set(REQUESTS.filter((request) => hasRequest(design, request))),
    );
    const answered = new Set(events.flatMap((event) => (event.type === 'answered' ? [event.call] : [])));
    // Only the server that crashes may leave a call without an answer.
    expect(asked.filter(({ at, call }) => !answered.has(call) && at < 69_000)).toEqual([]);
  });

  it('gives the same History twice, which is read back as it was', () => {
    for (const schedule of [everythingOf(design), ...Object.values(SCHEDULES), ...ROWS.map((row) => row.schedule)]) {
      const history = playInWorld(onto(design, schedule), design);
      const text = encodeHistory(history);
      expect(encodeHistory(playInWorld(onto(design, schedule), design))).toBe(text);
      expect(decodeHistory(text, 'run.jsonl')).toEqual(history);
    }
  });
});

describe('the table of designs', () => {
  it('has one design for each name', () => {
    expect(new Set(DESIGNS.map(({ name }) => name)).size).toBe(DESIGNS.length);
  });

  it.each([
    ['s0-afterr', 's0-after'],
    ['s0', 's0-before, s0-after, s0-repaired'],
    ['toctou', 'toctou-admit'],
    ['', 'there are recommended, s0-before'],
  ])('tells who asks for %j of %s', (name, near) => {
    expect(() => designByName(name)).toThrow(near);
  });
});
