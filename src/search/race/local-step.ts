/** A step outside the database, as a call announces it: `step(label, work)`. */
import { outsideOfCalls, type Actor } from './actor.ts';
import { LOCAL_STEP, UNTOUCHED } from './footprint.ts';
import type { Outcome } from './schedule.ts';
import type { Access } from './statement.ts';
import type { StepEnd } from './step.ts';

export function stepOf(actor: Actor) {
  return <T>(label: string, work: () => T | Promise<T>, access: Access | null = null): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (actor.abandoned) return reject(CRASHED());
      const end = (outcome: Outcome, deliver: () => void): StepEnd => ({ outcome, footprint: LOCAL_STEP, deliver });
      actor.announce({
        kind: 'step',
        what: label,
        key: label,
        first: false,
        lasting: () => false,
        access: () => access,
        wanted: () => UNTOUCHED,
        pid: () => null,
        begin: async () => {
          try {
            const value = await outsideOfCalls(async () => work());
            return end({ type: 'done', rows: null }, () => resolve(value));
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            return end({ type: 'failed', code: 'threw', message }, () => reject(error));
          }
        },
        cut: () => Promise.resolve(end({ type: 'unheard' }, () => undefined)),
        discard: () => reject(CRASHED()),
      });
    });
}

const CRASHED = (): Error => new Error('the order of the race that this call belongs to is over');
