/** A seed for a run that was given none. */
import { randomInt } from 'node:crypto';
import { SEEDS } from '../service/random.ts';

export function anySeed(): number {
  return randomInt(SEEDS);
}
