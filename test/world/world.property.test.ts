/** What is true of every History of a world, whatever happens in it. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { decodeHistory, encodeHistory } from '../../src/history/codec.ts';
import type { History } from '../../src/history/history.ts';
import { countReached } from '../../src/laws/reach.ts';
import { playInWorld } from '../../src/world/play.ts';
import { anyPolicy } from '../scenario/any-script.ts';
import { LONG } from '../long.ts';
import { seed } from '../seed.ts';
import { anyWorldScript } from './any-world-script.ts';

const anyRun = anyPolicy.chain((policy) => anyWorldScript(policy, 12).map((script) => ({ policy, script })));

describe('the History of a world', () => {
  it('is the same to the byte each time the Script is played', () => {
    fc.assert(
      fc.property(anyRun, ({ policy, script }) => {
        const design = referenceDesign(policy, 'under test');
        const text = encodeHistory(playInWorld(script, design));
        expect(encodeHistory(playInWorld(script, design)) === text).toBe(true);
      }),
      { seed, numRuns: LONG ? 3_000 : 1_000 },
    );
  });

  it('is read back from a file as it was', () => {
    fc.assert(
      fc.property(anyRun, ({ policy, script }) => {
        const history = playInWorld(script, referenceDesign(policy, 'under test'));
        // Through JSON, because what fast-check makes has no prototype.
        const plain: unknown = JSON.parse(JSON.stringify(history));
        expect(isDeepStrictEqual(decodeHistory(encodeHistory(history), 'run.jsonl'), plain)).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('is in order of time, answers each call at most once and after it was made, and ends work that was begun', () => {
    fc.assert(
      fc.property(anyRun, ({ policy, script }) => {
        const history = playInWorld(script, referenceDesign(policy, 'under test'));
        expect(disorderIn(history)).toBeNull();
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('shows a fenced client at work never longer than its fence and the time it takes to stop', () => {
    let fired = 0;
    fc.assert(
      fc.property(anyWorldScript(recommended, 12), (script) => {
        const cast = script.cast.map((actor) => ({
          ...actor,
          client:
            actor.client === null ? null : { ...actor.client, fenceFrom: 'send' as const, onWake: 'ask' as const },
        }));
        const history = playInWorld({ ...script, cast }, referenceDesign(recommended, 'under test'));
        fired += countReached(history).get('fence fired') ?? 0;
        expect(overworkIn(history)).toBeNull();
      }),
      { seed, numRuns: 1_000 },
    );
    expect(fired, `seed ${seed}`).toBeGreaterThan(0);
  });
});

/** The first event that is out of place, with the reason; null where none is. */
function disorderIn({ events }: History): string | null {
  const called = new Set<number>();
  const answered = new Set<number>();
  const working = new Set<string>();
  let last = 0;
  for (const event of events) {
    if (event.at < last) return `${event.type} goes back in time`;
    last = event.at;
    if (event.type === 'called') called.add(event.call);
    if (event.type === 'answered') {
      if (!called.has(event.call) || answered.has(event.call)) return `call ${event.call} is answered wrongly`;
      answered.add(event.call);
    }
    if (event.type === 'work-began') {
      if (working.has(event.actor)) return `${event.actor} begins to work twice`;
      working.add(event.actor);
    }
    if (event.type === 'work-stopped' || event.type === 'crashed') {
      if (event.type === 'work-stopped' && !working.has(event.actor)) return `${event.actor} stops without work`;
      working.delete(event.actor);
    }
  }
  return events.at(-1)?.type === 'end' ? null : 'the end is missing';
}

/** A stretch of work after the last request that the server acknowledged was sent too long ago. Sleeping and hanging is no work. */
function overworkIn({ events, cast }: History): string | null {
  const fences = new Map(cast.map(({ name, client }) => [name, client?.clock === 'monotonic' ? client.fence : null]));
  const sent = new Map<number, { actor: string; at: number }>();
  const lastAcknowledged = new Map<string, number>();
  const working = new Set<string>();
  const paused = new Set<string>();
  let last = 0;
  for (const event of events) {
    for (const actor of event.at > last ? working : []) {
      const fence = fences.get(actor) ?? Infinity;
      const age = event.at - (lastAcknowledged.get(actor) ?? 0);
      if (!paused.has(actor) && age > fence * 1.001 + 2_000) return `${actor} works ${age} ms after its last request`;
    }
    last = event.at;
    if (event.type === 'called' && event.actor !== null) sent.set(event.call, { actor: event.actor, at: event.sent });
    if (event.type === 'answered' && (event.reply.type === 'renewed' || event.reply.type === 'granted')) {
      const call = sent.get(event.call);
      if (call !== undefined)
        lastAcknowledged.set(call.actor, Math.max(lastAcknowledged.get(call.actor) ?? 0, call.at));
    }
    if (event.type === 'work-began') working.add(event.actor);
    if (event.type === 'work-stopped' || event.type === 'crashed') working.delete(event.actor);
    if (event.type === 'paused') paused.add(event.actor);
    if (event.type === 'resumed') paused.delete(event.actor);
    if (event.type === 'crashed') paused.delete(event.actor);
  }
  return null;
}
