/** A design of the user's own in a world: its statements are counted, and a service that shows no rows is probed at rest. */
import { describe, expect, test } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import { design, type DesignText } from '../../src/designs/written.ts';
import type { History } from '../../src/history/history.ts';
import { withItsRequests } from '../../src/world/requests.ts';
import { playSettled } from '../../src/world/play-settled.ts';
import { actor, SCOPE, scriptOf, time } from './script-of.ts';

type Serve = NonNullable<DesignText['serve']>;

const hand = actor('hand', 'laptop', recommended, null);
const START = { type: 'start', actor: 'hand', scope: SCOPE, how: 'new', answer: 'arrives' } as const;

async function played(serve: Serve, storeLatency = '0s' as const): Promise<History> {
  const own = await withItsRequests(design({ name: 'own', policy: recommended, serve }));
  const surroundings = { storeLatency: time(storeLatency) };
  return playSettled(scriptOf({ policy: recommended, cast: [hand], until: '10s', surroundings }, [['0s', START]]), own);
}

test('counts the statements of a call that waits for promises', async () => {
  const { events } = await played(({ store }) => ({
    start: async ({ scope }) => {
      const seat = await store.read(scope);
      await Promise.resolve();
      await store.write(scope, { ...seat, term: 1 });
      await store.read(scope);
      return { type: 'granted', term: 1 };
    },
  }));
  const answers = events.filter((event) => event.type === 'answered');
  expect(answers.map(({ statements }) => statements)).toEqual([{ count: 3, first: 0, last: 2, lastWrite: 1 }]);
});

/** Keeps its one session outside of any store. */
const inMemory: Serve = () => {
  let holder: string | null = null;
  return {
    start: ({ session }) => {
      if (holder !== null && holder !== session) return { type: 'refused', retryAfter: '60s' };
      holder = session;
      return { type: 'granted' };
    },
    heartbeat: ({ session }) => (session === holder ? { type: 'renewed' } : { type: 'gone' }),
  };
};

describe('a service that shows no rows', () => {
  const probesIn = ({ events }: History): readonly string[] =>
    events.flatMap((event) =>
      event.type === 'called' && event.probe === true ? [`${event.command.type} ${event.actor}`] : [],
    );

  test('is probed when the time of the script is over, after everything else', async () => {
    const history = await played(inMemory);
    expect(probesIn(history)).toEqual(['heartbeat hand', 'start stranger']);
    expect(history.cast.map(({ name }) => name)).toEqual(['hand', 'stranger']);
    expect(history.events.slice(-5).map(({ type }) => type)).toEqual([
      'called',
      'answered',
      'called',
      'answered',
      'end',
    ]);
  });

  test('is probed without time for it, so that an answer that needs time ends the probes', async () => {
    const history = await played((host) => {
      const service = inMemory(host);
      return {
        ...service,
        heartbeat: async (command) => {
          await host.sleep(1_000);
          return service.heartbeat?.(command) ?? { type: 'gone' };
        },
      };
    });
    expect(probesIn(history)).toEqual(['heartbeat hand']);
  });

  test('is not probed where its rows are shown', async () => {
    const history = await played(({ store }) => ({
      start: ({ scope }) =>
        store.update(scope, (seat) => ({ seat: { ...seat, term: 1 }, result: { type: 'granted' } as const })),
    }));
    expect(probesIn(history)).toEqual([]);
  });
});
