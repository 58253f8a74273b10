/** Whether a Script can only be played in a world, with clients, a network and clocks, or call by call as well. */
import { isDeepStrictEqual } from 'node:util';
import { STILL, type Action, type Expectation, type Script } from '../world/script.ts';

const OF_WORLDS: ReadonlySet<Action['type']> = new Set<Action['type']>([
  'user-starts',
  'user-stops',
  'stops-in',
  'hang',
  'sleep',
  'network',
  'set-clock',
  'crash-server',
  'store-fails',
  'store-slows',
  'store-lags',
]);

type Played = Pick<Script, 'cast' | 'surroundings'> & {
  readonly steps: readonly { readonly actions: readonly Action[]; readonly expectations: readonly Expectation[] }[];
};

export function needsWorld({ cast, surroundings, steps }: Played): boolean {
  return (
    cast.some(({ client }) => client !== null) ||
    !isDeepStrictEqual(surroundings, STILL) ||
    steps.some(({ actions }) => actions.some(({ type }) => OF_WORLDS.has(type)))
  );
}
