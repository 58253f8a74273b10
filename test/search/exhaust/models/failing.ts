/** A counter whose step throws an error of its own class once it is high, in whatever thread that happens. */
import { UsageError } from '../../../../src/core/failures.ts';
import type { Model } from '../../../../src/search/exhaust/model.ts';

export function failing(at: number): Model {
  return {
    name: 'failing',
    bytes: 1,
    initial: () => [new Uint8Array([0])],
    actions: 1,
    step: (state) => {
      if (state[0] === at) throw new UsageError(`no step from ${at}`);
      state[0]!++;
      return true;
    },
    describe: () => 'counts',
    laws: [],
  };
}
