/** Everything that can be written wrongly: what is said of it, and where. `// next line: …` marks the guilty line. */
import { describe, expect, it } from 'vitest';
import {
  adjust,
  at,
  device,
  every,
  exactly,
  granted,
  idle,
  recommended,
  refused,
  renewed,
  s1,
  s2,
  scenario,
  together,
  type DurationText,
  type Performer,
  type Policy,
  type Scenario,
} from '../../src/index.ts';
import { play } from '../../src/scenario/play.ts';
import { deployModel } from '../../src/service/reference.ts';
import { mistakesIn, thrownBy } from './mistakes.ts';

const { refuses, told, says } = mistakesIn(import.meta.filename);
const cast = { bot: device('laptop'), rival: device('desktop') };
const valid = { title: 'a test', policy: recommended, cast };
const policy = (changes: Partial<Policy>): Policy => ({ ...recommended, ...changes });

/** A mistake that shows only when the scenario is played. */
function stops(name: string, write: () => Scenario, message: string): void {
  it(name, async () => {
    const { script } = write();
    const error: unknown = await play(script, deployModel(script.policy)).then(
      () => new Error('nothing was thrown'),
      (thrown: unknown) => thrown,
    );
    expect(told(error)).toEqual(says(message, name));
  });
}

describe('scenario() refuses', () => {
  refuses(
    'an empty title',
    () =>
      // next line: an empty title
      scenario({ ...valid, title: ' ', steps: ({ bot }) => [at('0s', bot.starts())] }),
    `a scenario needs a title, for example title: 'a crashed bot frees its license'`,
  );
  refuses(
    'a policy with a clean-up job for a design without a sweep',
    () =>
      // next line: a policy with a clean-up job for a design without a sweep
      scenario({ ...valid, policy: s1, design: 's2-before', steps: ({ bot }) => [at('0s', bot.starts())] }),
    'the policy of s2-before has a clean-up job (cleanUp), but its service has no sweep; add one, for example ' +
      `{ sweep: async () => ({ type: 'swept', sessions: [] }) }, or write cleanUp: { type: 'lazy' } in the policy`,
  );
  refuses(
    'no steps',
    () =>
      // next line: no steps
      scenario({ ...valid, steps: () => [] }),
    `the scenario has no steps; write for example at('0s', bot.starts(), granted())`,
  );
  refuses(
    'steps out of order',
    () =>
      scenario({
        ...valid,
        steps: ({ bot }) => [
          at('20s', bot.starts()),
          // next line: steps out of order
          at('10s', bot.heartbeats()),
        ],
      }),
    'the step at 10s is written after one at 20s; write steps in order of time',
  );
  refuses(
    'an end before the last step',
    () =>
      // next line: an end before the last step
      scenario({ ...valid, until: '5s', steps: ({ bot }) => [at('10s', bot.starts())] }),
    'until 5s is before the last step at 10s',
  );
  refuses(
    'an end that is too far away',
    () =>
      // next line: an end that is too far away
      scenario({ ...valid, until: '1000h', steps: ({ bot }) => [at('10s', bot.starts())] }),
    '1000h is too far away; a scenario covers at most 24 days',
  );
  refuses(
    'a step that is too far away',
    () =>
      scenario({
        ...valid,
        steps: ({ bot }) => [
          // next line: a step that is too far away
          at('600h', bot.starts()),
        ],
      }),
    '600h is too far away; a scenario covers at most 24 days',
  );
  refuses(
    'an end that is no duration',
    () =>
      // next line: an end that is no duration
      scenario({ ...valid, until: 'late' as never, steps: ({ bot }) => [at('10s', bot.starts())] }),
    `'late' is not a duration`,
  );
  refuses(
    'a law that is not known',
    () =>
      // next line: a law that is not known
      scenario({ ...valid, proves: ['P99'], steps: ({ bot }) => [at('0s', bot.starts())] }),
    `there is no law 'P99'; known codes are P0, P1, `,
  );
  refuses(
    'a broken law that is not known',
    () =>
      // next line: a broken law that is not known
      scenario({ ...valid, breaks: ['one holder'], steps: ({ bot }) => [at('0s', bot.starts())] }),
    `there is no law 'one holder'`,
  );
  refuses(
    'a name that is not in the cast',
    () =>
      scenario({
        ...valid,
        steps: (people) => [
          // next line: a name that is not in the cast
          at('0s', (people as unknown as { thief: typeof people.bot }).thief.starts()),
        ],
      }),
    `'thief' is not in the cast (bot, rival); add it, for example cast: { thief: device('desktop') }`,
  );
  refuses(
    'somebody from another cast',
    () => {
      let stranger: Performer | null = null;
      scenario({
        ...valid,
        cast: { stranger: device('phone') },
        steps: (people) => {
          stranger = people.stranger;
          return [at('0s', people.stranger.starts())];
        },
      });
      return scenario({
        ...valid,
        steps: () => [
          // next line: somebody from another cast
          at('0s', (stranger as unknown as Performer).starts()),
        ],
      });
    },
    `'stranger' is not in the cast (bot, rival)`,
  );
  refuses(
    'a device without a name',
    () =>
      // next line: a device without a name
      scenario({ ...valid, cast: { bot: device('') }, steps: ({ bot }) => [at('0s', bot.starts())] }),
    `a device needs a machine; write for example { machine: 'laptop' }`,
  );
  refuses(
    'nobody at once',
    () =>
      scenario({
        ...valid,
        steps: () => [
          // next line: nobody at once
          at('0s', together()),
        ],
      }),
    'together() is empty; write for example together(a.starts(), b.starts())',
  );
});

describe('scenario() refuses a policy', () => {
  refuses(
    'whose heartbeat is not below its timeout',
    () =>
      // next line: whose heartbeat is not below its timeout
      scenario({
        ...valid,
        policy: adjust(recommended, { heartbeat: '60s' }),
        steps: ({ bot }) => [at('0s', bot.starts())],
      }),
    `policy 'recommended (adjusted)': heartbeat 1m is not below timeout 1m`,
  );
  refuses(
    'whose figures are no durations',
    () =>
      // next line: whose figures are no durations
      scenario({ ...valid, policy: policy({ timeout: NaN as never }), steps: ({ bot }) => [at('0s', bot.starts())] }),
    `timeout is NaN; write a duration with a unit, for example timeout: '20s'`,
  );
});

describe('at() refuses as a time', () => {
  const wrong: readonly (readonly [text: string, message: string])[] = [
    ['20', `'20' is not a duration: write a number that is not negative and a unit (ms, s, m or h), for example '20s'`],
    ['-5s', `'-5s' is not a duration`],
    ['NaNs', `'NaNs' is not a duration`],
    ['Infinitys', `'Infinitys' is not a duration`],
    ['36 secondz', `'36 secondz' is not a duration`],
    ['', `'' is not a duration`],
    ['0.5ms', '0.5ms is not a time Seatproof can count: use whole milliseconds from 0 up'],
  ];
  it.each(wrong)("'%s'", (text, message) => {
    const error = thrownBy(() =>
      scenario({
        ...valid,
        steps: ({ bot }) => [
          // next line: a time
          at(text as DurationText, bot.starts()),
        ],
      }),
    );
    expect(told(error)).toEqual(says(message, 'a time'));
  });
});

describe('scenario() refuses too', () => {
  refuses(
    'more sweeps than anyone means',
    () =>
      // next line: more sweeps than anyone means
      scenario({
        ...valid,
        policy: adjust(recommended, { cleanUp: { every: '1ms' } }),
        steps: ({ bot }) => [at('1h', bot.starts())],
      }),
    'a sweep every 1ms until 3600s is more than 100000 sweeps',
  );
  refuses(
    'a title with a control character',
    () =>
      // next line: a title with a control character
      scenario({ ...valid, title: 'red \u001b[31m', steps: ({ bot }) => [at('0s', bot.starts())] }),
    'a title or a name is text of at most 200 characters, without control characters',
  );
  refuses(
    'steps that are no list',
    () =>
      // next line: steps that are no list
      scenario({ ...valid, steps: (() => Promise.resolve([])) as never }),
    'steps must return a list',
  );
  refuses(
    'a license that no database can keep',
    () =>
      scenario({
        ...valid,
        // next line: a license that no database can keep
        steps: ({ bot }) => [at('0s', bot.starts({ license: 'a\0b' }))],
      }),
    'a license or a symbol is text of at most 200 characters',
  );
  refuses(
    'a count of answers that is none',
    () =>
      // next line: a count of answers that is none
      exactly(-1, granted()),
    '-1 is no number of answers',
  );
});

describe('what nobody reads is refused:', () => {
  refuses(
    'a misspelt field of an expectation',
    () =>
      // next line: a misspelt field of an expectation
      granted({ replced: null } as never),
    "granted() has no field 'replced'; the fields are term, replaced, sameSession",
  );
  refuses(
    'a reason that there is not',
    () =>
      // next line: a reason that there is not
      refused('nope' as never),
    "the reason in refused() is \"nope\"; write one of 'same-device', 'other-device', 'grace'",
  );
  refuses(
    'a misspelt option of an action',
    () =>
      scenario({
        ...valid,
        // next line: a misspelt option of an action
        steps: ({ bot }) => [at('0s', bot.starts({ licence: 'x' } as never))],
      }),
    "bot.starts() has no field 'licence'; the fields are license, symbol, answer",
  );
  refuses(
    'a fate of an answer that there is not',
    () =>
      scenario({
        ...valid,
        // next line: a fate of an answer that there is not
        steps: ({ bot }) => [at('0s', bot.starts({ answer: 'late' } as never))],
      }),
    "answer is \"late\"; write one of 'arrives', 'lost'",
  );
  refuses(
    'a misspelt field of a policy',
    () =>
      // next line: a misspelt field of a policy
      adjust(recommended, { timeOut: '45s' } as never),
    "a policy has no field 'timeOut'; the fields are name, scope,",
  );
  refuses(
    'a misspelt field of a grace',
    () =>
      // next line: a misspelt field of a grace
      adjust(recommended, { grace: { afterTakeOver: '5s' } as never }),
    "grace has no field 'afterTakeOver'; the fields are afterExpiry, afterTakeover",
  );
  refuses(
    'a misspelt field of a scenario',
    () =>
      // next line: a misspelt field of a scenario
      scenario({ ...valid, ...({ proofs: ['P1'] } as object), steps: ({ bot }) => [at('0s', bot.starts())] }),
    "a scenario has no field 'proofs'; the fields are title, about, proves, breaks",
  );
  refuses(
    'an expectation where something should happen',
    () =>
      // next line: an expectation where something should happen
      at('0s', granted() as never),
    'at() takes a time, what happens, and then what is expected; write for example',
  );
  refuses(
    'a device that is not in the cast',
    () =>
      scenario({
        ...valid,
        // next line: a device that is not in the cast
        steps: ({ bot }) => [at('0s', bot.starts(), refused('other-device', { holder: 'lapptop' }))],
      }),
    "no device of the cast is called 'lapptop' (laptop, desktop)",
  );
});

describe('every() refuses', () => {
  refuses(
    'an interval that is no duration',
    () =>
      scenario({
        ...valid,
        // next line: an interval that is no duration
        steps: ({ bot }) => [every('20' as never, { from: '0s', to: '60s' }, bot.heartbeats())],
      }),
    `'20' is not a duration`,
  );
  refuses(
    'an end of the series that is no duration',
    () =>
      scenario({
        ...valid,
        // next line: an end of the series that is no duration
        steps: ({ bot }) => [every('20s', { from: '0s', to: 'noon' as never }, bot.heartbeats())],
      }),
    `'noon' is not a duration`,
  );
  refuses(
    'a series that ends before it begins',
    () =>
      scenario({
        ...valid,
        // next line: a series that ends before it begins
        steps: ({ bot }) => [every('20s', { from: '60s', to: '20s' }, bot.heartbeats())],
      }),
    'every 20s from 60s to 20s',
  );
  refuses(
    'an interval of no length',
    () =>
      scenario({
        ...valid,
        // next line: an interval of no length
        steps: ({ bot }) => [every('0s', { from: '20s', to: '60s' }, bot.heartbeats())],
      }),
    'every 0s from 20s to 60s',
  );
  refuses(
    'a series of more steps than anyone means',
    () =>
      scenario({
        ...valid,
        // next line: a series of more steps than anyone means
        steps: ({ bot }) => [every('1ms', { from: '0s', to: '24h' }, bot.heartbeats())],
      }),
    'every 1ms from 0s to 24h has no end or no steps, or more than 100000',
  );
});

describe('expectations refuse', () => {
  refuses(
    'a wait that is no duration',
    () =>
      // next line: a wait that is no duration
      refused('grace', { retryAfter: 'soon' as never }),
    `'soon' is not a duration`,
  );
  refuses(
    'an expiry that is no duration',
    () =>
      // next line: an expiry that is no duration
      renewed({ expiry: '80' as never }),
    `'80' is not a duration`,
  );
  refuses(
    'a wait of an idle license that is no duration',
    () =>
      // next line: a wait of an idle license that is no duration
      idle({ retryAfter: '-1s' as never }),
    `'-1s' is not a duration`,
  );
});

describe('adjust() refuses', () => {
  refuses(
    'a timeout that is no duration',
    () =>
      // next line: a timeout that is no duration
      adjust(recommended, { timeout: '90 seconds' as never }),
    `'90 seconds' is not a duration`,
  );
  refuses(
    'a fence that is no duration',
    () =>
      // next line: a fence that is no duration
      adjust(recommended, { fence: '55' as never }),
    `'55' is not a duration`,
  );
  refuses(
    'a grace that is no duration',
    () =>
      // next line: a grace that is no duration
      adjust(recommended, { grace: { afterTakeover: 'x' as never } }),
    `'x' is not a duration`,
  );
  refuses(
    'a sweep that is no duration',
    () =>
      // next line: a sweep that is no duration
      adjust(recommended, { cleanUp: { every: '5 min' as never } }),
    `'5 min' is not a duration`,
  );
});

describe('a played scenario stops at', () => {
  stops(
    'a retry of nothing',
    () =>
      scenario({
        ...valid,
        steps: ({ bot }) => [
          // next line: a retry of nothing
          at('0s', bot.retriesStart()),
        ],
      }),
    `bot has no start to retry; begin with at('0s', bot.starts())`,
  );
  stops(
    'a takeover without a refusal',
    () =>
      scenario({
        ...valid,
        steps: ({ rival }) => [
          // next line: a takeover without a refusal
          at('0s', rival.takesOver()),
        ],
      }),
    'rival has no refusal that names whom to take over; write rival.starts() and expect refused() first',
  );
  stops(
    'a heartbeat before any start',
    () =>
      scenario({
        ...valid,
        steps: ({ bot }) => [
          // next line: a heartbeat before any start
          at('20s', bot.heartbeats()),
        ],
      }),
    'bot has no latest session on L1 to name: none was granted to it, its answer was lost, or it crashed',
  );
  stops(
    'a heartbeat of a session whose answer was lost',
    () =>
      scenario({
        ...valid,
        steps: ({ bot }) => [
          at('0s', bot.starts({ answer: 'lost' }), granted()),
          // next line: a heartbeat of a session whose answer was lost
          at('20s', bot.heartbeats()),
        ],
      }),
    'bot has no latest session on L1 to name',
  );
  stops(
    'an end after a crash',
    () =>
      scenario({
        ...valid,
        policy: s2,
        steps: ({ bot }) => [
          at('0s', bot.starts({ symbol: 'ES' }), granted()),
          at('1s', bot.crashes()),
          // next line: an end after a crash
          at('2s', bot.ends({ symbol: 'ES' })),
        ],
      }),
    'bot has no latest session on L1/ES to name',
  );
  stops(
    'a retry after a crash',
    () =>
      scenario({
        ...valid,
        steps: ({ bot }) => [
          at('0s', bot.starts(), granted()),
          at('1s', bot.crashes()),
          // next line: a retry after a crash
          at('2s', bot.retriesStart()),
        ],
      }),
    'bot has no start to retry',
  );
  stops(
    'a session before the first',
    () =>
      scenario({
        ...valid,
        steps: ({ bot }) => [
          at('0s', bot.starts(), granted()),
          // next line: a session before the first
          at('1s', bot.ends({ of: 'previous' })),
        ],
      }),
    'bot has no previous session on L1 to name',
  );
});
