/** Each kind of law, kept and broken, the bounds of a search, and what makes a model wrong. */
import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src/core/time.ts';
import { exhaust, type ExhaustOptions } from '../../../src/search/exhaust/exhaust.ts';
import { always, maximum, sometimes, within, type Law } from '../../../src/search/exhaust/laws.ts';
import type { Model } from '../../../src/search/exhaust/model.ts';
import type { Outcome, Progress } from '../../../src/search/exhaust/outcome.ts';
import { brokenSymmetry } from '../../../src/search/exhaust/symmetry.ts';
import { seats } from './models/seats.ts';
import { twoPhaseCommit } from './models/two-phase-commit.ts';

/** A lamp: off, on, or broken for good. Action 0 switches, 1 breaks it where it is on. */
const OFF = 0;
const ON = 1;
const BROKEN = 2;
function lamp(...laws: readonly Law[]): Model {
  return {
    name: 'lamp',
    bytes: 1,
    initial: () => [Uint8Array.of(OFF)],
    actions: 2,
    step(state, action) {
      if (state[0] === BROKEN || (action === 1 && state[0] === OFF)) return false;
      state[0] = action === 1 ? BROKEN : ON - state[0]!;
      return true;
    },
    describe: (action, before) => (action === 1 ? 'breaks' : before[0] === OFF ? 'on' : 'off'),
    laws,
  };
}

const is = (what: number) => (state: Uint8Array) => state[0] === what;
const anything = (): boolean => true;

const rows: readonly {
  readonly says: string;
  readonly law: Law;
  readonly result: Outcome['result'];
  readonly outcome: string;
  readonly steps: readonly string[] | null;
}[] = [
  {
    says: 'what always holds is kept',
    law: always('known', (state) => state[0]! <= BROKEN),
    result: 'proved',
    outcome: 'kept',
    steps: null,
  },
  {
    says: 'what does not always hold breaks by the fewest actions',
    law: always('whole', (state) => state[0] !== BROKEN),
    result: 'broken',
    outcome: 'broken',
    steps: ['on', 'breaks'],
  },
  {
    says: 'what does not hold to begin with breaks by none',
    law: always('lit', is(ON)),
    result: 'broken',
    outcome: 'broken',
    steps: [],
  },
  {
    says: 'what sometimes holds is reached',
    law: sometimes('lit', is(ON)),
    result: 'proved',
    outcome: 'reached',
    steps: ['on'],
  },
  {
    says: 'what never holds fails',
    law: sometimes('green', is(77)),
    result: 'broken',
    outcome: 'never-reached',
    steps: null,
  },
  {
    says: 'a goal that comes in time keeps the law',
    law: within('lit in time', 1, { trigger: is(OFF), goal: is(ON) }),
    result: 'proved',
    outcome: 'kept',
    steps: null,
  },
  {
    says: 'a goal that comes too late breaks it',
    law: within('lit at once', 0, { trigger: is(OFF), goal: is(ON) }),
    result: 'broken',
    outcome: 'broken',
    steps: ['on'],
  },
  {
    says: 'a goal that need not come breaks it when its time is over',
    law: within('broken soon', 2, { trigger: is(ON), goal: is(BROKEN) }),
    result: 'broken',
    outcome: 'broken',
    steps: ['on', 'off', 'on', 'off'],
  },
  {
    says: 'a path that ends before its goal breaks it',
    law: within('dark again', 9, { trigger: is(ON), goal: is(OFF) }),
    result: 'broken',
    outcome: 'broken',
    steps: ['on', 'breaks'],
  },
  {
    says: 'what takes no time can happen any number of times',
    law: within('broken', 0, { trigger: is(ON), goal: is(BROKEN), takes: () => 0 }),
    result: 'proved',
    outcome: 'kept',
    steps: null,
  },
  {
    says: 'a maximum is measured, with the way to it',
    law: maximum('most', (state) => state[0]! * 10),
    result: 'proved',
    outcome: 'measured',
    steps: ['on', 'breaks'],
  },
];

describe('laws', () => {
  it.each(rows)('$says', async ({ law, result, outcome, steps }) => {
    const found = await exhaust(lamp(law));
    expect(found.result).toBe(result);
    expect(found.laws[0]?.outcome).toBe(outcome);
    expect(found.laws[0]?.trace?.steps.map(({ description }) => description) ?? null).toEqual(steps);
  });

  it('that are not decided when another breaks are open', async () => {
    const found = await exhaust(lamp(always('dark', is(OFF)), always('known', anything), sometimes('green', is(77))));
    expect(found.laws.map(({ outcome }) => outcome)).toEqual(['broken', 'open', 'open']);
  });

  it('count states in which nothing can happen any more', async () => {
    expect(await exhaust(lamp())).toMatchObject({ states: 4, distinct: 3, depth: 2, deadEnds: 1 });
  });

  it('measure the worst overlap of devices whose fence is too long', async () => {
    const worst = async (fence: number): Promise<number | null | undefined> =>
      (await exhaust(seats({ devices: 2, timeout: 4, fence, measure: true }))).laws.at(-1)?.largest;
    expect(await Promise.all([3, 4, 5, 6, 7].map(worst))).toEqual([0, 0, 1, 2, 3]);
  });
});

describe('a symmetry', () => {
  const alike = seats({ devices: 3, timeout: 4, fence: 6, symmetric: true });

  it('leads to the same answers with fewer states', async () => {
    const apart = await exhaust(seats({ devices: 3, timeout: 4, fence: 6, measure: true }));
    const merged = await exhaust(seats({ devices: 3, timeout: 4, fence: 6, measure: true, symmetric: true }));
    expect([apart.distinct, merged.distinct]).toEqual([124, 30]);
    expect(merged.laws.map(({ outcome, largest }) => [outcome, largest])).toEqual(
      apart.laws.map(({ outcome, largest }) => [outcome, largest]),
    );
  });

  it('gives a counterexample that really happens, step by step', async () => {
    const trace = (await exhaust(alike)).laws[0]?.trace;
    const state = trace?.initial.slice() ?? new Uint8Array();
    for (const step of trace?.steps ?? []) {
      expect(step.description).toBe(alike.describe(step.action, state));
      expect(alike.step(state, step.action)).toBe(true);
      expect(state).toEqual(step.state);
    }
    expect(trace?.steps).toHaveLength(7);
  });

  it('is one where parts can change places', () => {
    expect(brokenSymmetry(alike)).toBeNull();
    expect(brokenSymmetry(lamp())).toBeNull();
  });

  const [swap] = alike.symmetry?.permutations ?? [];
  const own = alike.symmetry ?? { canonicalise: () => undefined, permutations: [] };
  const favours = always('the first device works', (state) => state[0] !== 0);
  it.each([
    {
      says: 'a law tells parts apart',
      broken: { ...alike, laws: [favours] },
      message: /'the first device works' tells/,
    },
    {
      says: 'an action is not permuted',
      broken: { ...alike, symmetry: { ...own, permutations: [{ ...swap!, action: (action: number) => action }] } },
      message: /possible in the permuted state/,
    },
    {
      says: 'states that are alike have two stand-ins',
      broken: {
        ...alike,
        initial: () => [Uint8Array.of(1, 0, 0, 1, 0, 0)],
        symmetry: { ...own, canonicalise: () => undefined },
      },
      message: /not given the same stand-in/,
    },
  ])('is none where $says', ({ broken, message }) => {
    expect(brokenSymmetry(broken)).toMatch(message);
  });
});

describe('a search ends at a bound', () => {
  it.each<{ bound: string; options: ExhaustOptions }>([
    { bound: '100 distinct states', options: { maxStates: 100 } },
    { bound: '2 MiB of memory', options: { maxMemory: 2 * 2 ** 20 } },
    { bound: '0s of time', options: { maxTime: milliseconds(0) } },
  ])('of $bound, and is inconclusive', async ({ bound, options }) => {
    const found = await exhaust(twoPhaseCommit(7), options);
    expect(found).toMatchObject({ result: 'inconclusive', bound });
    expect(found.laws[0]?.outcome).toBe('open');
    if (options.maxStates !== undefined) expect(found.distinct).toBe(options.maxStates);
  });

  it('but not at one that is just enough', async () => {
    expect(await exhaust(twoPhaseCommit(3), { maxStates: 288 })).toMatchObject({ result: 'proved', distinct: 288 });
    expect(await exhaust(twoPhaseCommit(3), { maxStates: 287 })).toMatchObject({ result: 'inconclusive' });
  });
});

it('tells of each level, and of the end', async () => {
  const told: Progress[] = [];
  const found = await exhaust(twoPhaseCommit(5), { onProgress: (progress) => void told.push(progress) });
  expect(told.at(-1)).toMatchObject({ depth: found.depth, distinct: 8_832, states: found.states, waiting: 0 });
  expect(told.map(({ distinct }) => distinct)).toEqual(told.map(({ distinct }) => distinct).toSorted((a, b) => a - b));
});

it.each<{ says: string; model: Model; message: RegExp }>([
  { says: 'states without bytes', model: { ...lamp(), bytes: 0 }, message: /bytes is 0; write the length/ },
  { says: 'no actions', model: { ...lamp(), actions: 0 }, message: /actions is 0; write how many/ },
  {
    says: 'a state of another length',
    model: { ...lamp(), bytes: 2 },
    message: /has 1 bytes, and the model says bytes: 2/,
  },
  {
    says: 'a bound that is none',
    model: lamp(within('soon', 300, { trigger: anything, goal: anything })),
    message: /the bound of 'soon' is 300; write a whole number from 0 to 250/,
  },
])('refuses a model with $says', async ({ model, message }) => {
  await expect(exhaust(model)).rejects.toThrow(message);
});

it('refuses a module that searches as soon as it is read, before its threads start threads of their own', async () => {
  await expect(import('./models/at-once.ts')).rejects.toThrow(
    /at-once\.ts searches as soon as it is read.*search only where 'isMainThread'/,
  );
});

it('goes on through what is forced without keeping it, and calls no way the shortest then', async () => {
  const model = {
    ...lamp(always('whole', (state) => state[0] !== BROKEN)),
    forced: (state: Uint8Array) => (is(ON)(state) ? 1 : -1),
  };
  const { distinct, laws } = await exhaust(model);
  expect(distinct).toBe(2);
  expect(laws[0]?.trace?.steps.map(({ description }) => description)).toEqual(['on', 'breaks']);
  expect(laws[0]?.trace?.isShortest).toBe(false);
});

it('says so where a model does not do again what it did before', async () => {
  let steps = 0;
  const model = lamp(always('whole', (state) => state[0] !== BROKEN));
  const moody: Model = {
    ...model,
    // It wears out: four steps find what breaks it, and then it does nothing any more.
    step: (state, action) => ++steps <= 4 && model.step(state, action),
  };
  await expect(exhaust(moody)).rejects.toThrow('lamp does not go the way it went before: step() is not pure');
});
