/** A crew in this very thread, for tests: it plays as many stretches at once as it says, and may hand them back late. */
import type { Design } from '../../../src/designs/design.ts';
import type { Crew } from '../../../src/search/campaign/campaign.ts';
import { playChunk } from '../../../src/search/campaign/chunk.ts';
import { breaksIn, findCounterexample } from '../../../src/search/campaign/counterexample.ts';
import { DEFAULT_FAULTS } from '../../../src/search/campaign/fault-kinds.ts';
import { playerOf } from '../../../src/search/campaign/player.ts';

/** `turns` says how many turns of the event loop a stretch that begins with this run is held back. */
export function crewOf(design: Design, size = 1, turns: (from: number) => number = () => 0): Crew {
  const player = playerOf(design);
  return {
    size,
    async play(chunk) {
      const tally = await playChunk(player, chunk);
      for (let turn = turns(chunk.from); turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve));
      return tally;
    },
    findCounterexample: (draws, run, code) => findCounterexample(player, draws, run, code),
    // All of it is in one thread.
    breaksAnew: (script, code) => breaksIn(player, script, code),
  };
}

export const drawsOf = (seed: number) => ({ seed, faults: DEFAULT_FAULTS, devices: null });
