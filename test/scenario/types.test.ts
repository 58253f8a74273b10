/** What a scenario cannot even be compiled with. `tsc` fails where one of the marked lines has no error. */
import { expect, it } from 'vitest';
import { adjust, at, device, every, granted, idle, recommended, refused, renewed, scenario } from '../../src/index.ts';

const cast = { bot: device('laptop') };

/** Only compiled, never called. */
const mistakes = {
  durations: () => [
    // @ts-expect-error: no such unit
    at('36 secondz', { type: 'sweep' }),
    // @ts-expect-error: no unit
    refused('grace', { retryAfter: '20' }),
    // @ts-expect-error: a number, not a text
    renewed({ expiry: 20 }),
    // @ts-expect-error: a unit without a number
    idle({ retryAfter: 's' }),
    // @ts-expect-error: a number in words
    adjust(recommended, { timeout: 'one minute' }),
    // @ts-expect-error: no such unit
    every('20sec', { from: '0s', to: '1m' }, { type: 'sweep' }),
  ],
  names: () => [
    // @ts-expect-error: the cast has no rival
    scenario({ title: 'a', policy: recommended, cast, steps: ({ rival }) => [at('0s', rival.starts())] }),
    // @ts-expect-error: nobody can do this
    scenario({ title: 'b', policy: recommended, cast, steps: ({ bot }) => [at('0s', bot.sleeps())] }),
    // @ts-expect-error: a device is made by device()
    scenario({ title: 'c', policy: recommended, cast: { bot: 'laptop' }, steps: () => [] }),
  ],
  patterns: () => [
    // @ts-expect-error: no such reason
    refused('busy'),
    // @ts-expect-error: no such field
    granted({ device: 'laptop' }),
    // @ts-expect-error: no such value of a policy
    adjust(recommended, { sameDevice: 'ignore' }),
    // @ts-expect-error: no such policy field
    adjust(recommended, { time_out: '20s' }),
  ],
};

it('wrong durations, names and patterns do not compile', () => {
  expect(Object.keys(mistakes)).toEqual(['durations', 'names', 'patterns']);
});
