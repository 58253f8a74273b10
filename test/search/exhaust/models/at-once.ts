/** A model in a file that searches it as soon as it is read, which every thread of that search does too. */
import { exhaust } from '../../../../src/search/exhaust/exhaust.ts';
import { twoPhaseCommit } from './two-phase-commit.ts';

export const model = twoPhaseCommit;

await exhaust(model(5), { threads: 2, threadsFrom: 10, source: { module: import.meta.url, name: 'model', args: [5] } });
