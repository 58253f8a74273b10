/** What a server's work on a command may wait for in a world: statements, copies of a store that lag behind, pauses, work left to go on by itself. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Command } from '../../src/core/command.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Duration } from '../../src/core/time.ts';
import type { Design } from '../../src/designs/design.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { timeline } from '../../src/report/timeline.ts';
import { pause, read, readCopy, spawn, write, type Procedure } from '../../src/service/procedure.ts';
import { playInWorld } from '../../src/world/play.ts';
import { actor, SCOPE, scriptOf, time } from './script-of.ts';

const hand = actor('hand', 'laptop', recommended, null);
const LATER = time('3s');

/** Answers a start at once, writes its row three seconds later by itself, and looks up in a copy. */
function* handle(command: Command): Procedure<Reply> {
  if (command.type === 'status') {
    return yield* readCopy('look up', (store, now) => {
      return decide(store.read(SCOPE), SCOPE, command, recommended, now).reply;
    });
  }
  const decided = yield* read('decide', (store, now) => decide(store.read(SCOPE), SCOPE, command, recommended, now));
  yield* spawn(written(decided.seat, LATER));
  return decided.reply;
}

function* written(seat: ReturnType<typeof decide>['seat'], later: Duration): Procedure<void> {
  yield* pause(later);
  yield* write('write it down', (store) => store.write(SCOPE, seat));
}

const design: Design = { ...referenceDesign(recommended, 'writes later'), serve: () => ({ handle }) };

describe('a procedure', () => {
  it('leaves work to go on by itself after it has answered, and reads a copy as it was a while ago', () => {
    const start = { type: 'start', actor: 'hand', scope: SCOPE, how: 'new', answer: 'arrives' } as const;
    const status = { type: 'status', actor: 'hand', scope: SCOPE } as const;
    const script = scriptOf({ policy: recommended, cast: [hand], until: '10s' }, [
      ['0s', { type: 'store-lags', by: time('2s'), lasts: time('6s') }, start],
      ['1s', status],
      ['4s', status],
      ['5s', status],
    ]);
    const lines = timeline(playInWorld(script, design), null).map((line) => line.trim().replace(/ {2,}/g, ' '));
    expect(lines.filter((line) => !line.includes('store'))).toEqual([
      '0s hand (laptop) start → granted, term 1, until 60s',
      '1s hand (laptop) status → idle: a start is granted now',
      // Written at 3 s, which a copy two seconds behind does not show before 5 s.
      '4s hand (laptop) status → idle: a start is granted now',
      '5s hand (laptop) status → active: laptop, until 60s',
    ]);
  });

  it('is counted statement by statement, in the order of the whole run', () => {
    const start = { type: 'start', actor: 'hand', scope: SCOPE, how: 'new', answer: 'arrives' } as const;
    const status = { type: 'status', actor: 'hand', scope: SCOPE } as const;
    const script = scriptOf({ policy: recommended, cast: [hand], until: '10s' }, [
      ['0s', start],
      ['4s', status],
    ]);
    const answers = playInWorld(script, design).events.filter((event) => event.type === 'answered');
    expect(answers.map(({ statements }) => statements)).toEqual([
      { count: 1, first: 0, last: 0, lastWrite: null },
      // The write that the start left to go on by itself was the second statement.
      { count: 1, first: 2, last: 2, lastWrite: null },
    ]);
  });

  it('ends with its process: what it left to go on by itself is never written', () => {
    const start = { type: 'start', actor: 'hand', scope: SCOPE, how: 'new', answer: 'arrives' } as const;
    const script = scriptOf({ policy: recommended, cast: [hand], until: '10s' }, [
      ['0s', start],
      ['1s', { type: 'crash-server', server: 1, lasts: time('1s') }],
    ]);
    expect(playInWorld(script, design).events.some(({ type }) => type === 'held')).toBe(false);
  });
});
