/** What happens in a world, told as a timeline: each row is one thing that a world can do to a client, a network, a server or a store. */
import { describe, expect, it } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import { s0 } from '../../src/core/presets/s0.ts';
import { s1 } from '../../src/core/presets/s1.ts';
import { UsageError } from '../../src/core/failures.ts';
import type { DurationText } from '../../src/core/time.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { timeline } from '../../src/report/timeline.ts';
import { playInWorld } from '../../src/world/play.ts';
import type { Action } from '../../src/world/script.ts';
import { actor, SCOPE, scriptOf, starts, stops, time, type Setting } from './script-of.ts';

const laptop = actor('laptop', 'laptop', recommended);
const desktop = actor('desktop', 'desktop', recommended);

const PLAIN: Setting = { policy: recommended, cast: [laptop, desktop], until: '100s' };
const OVER_A_NETWORK: Setting = { ...PLAIN, surroundings: { latency: time('50ms'), storeLatency: time('10ms') } };

interface Row {
  readonly title: string;
  readonly setting: Setting;
  readonly happenings: readonly (readonly [DurationText, ...Action[]])[];
  readonly told: readonly string[];
}

const cutOff: Action = { type: 'network', actor: 'laptop', messages: 'both', fault: { type: 'cut' }, lasts: null };

const ROWS: readonly Row[] = [
  {
    title: 'messages and statements take their time, there and back',
    setting: { ...OVER_A_NETWORK, until: '25s' },
    happenings: [['0s', starts('laptop')]],
    told: [
      '0.05s laptop start → granted, term 1, until 60.06s',
      '0.11s laptop begins to work (term 1)',
      '20.05s laptop heartbeat of term 1 → renewed until 80.06s',
    ],
  },
  {
    title: 'who is cut off retries, then stops by the fence, and the work takes its time to come to rest',
    setting: { ...PLAIN, until: '59s', surroundings: { stopTime: time('1500ms') } },
    happenings: [
      ['0s', starts('laptop')],
      ['1s', cutOff],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '1s network loses the requests of laptop',
      '1s network loses the answers to laptop',
      ...[20, 25, 30, 40, 45, 50].map((n) => `${n}s laptop heartbeat of term 1 → lost on the way`),
      '55s laptop stops by its fence',
      '56.5s laptop has stopped working',
    ],
  },
  {
    title: 'a fenced client works again once an answer tells it that it was renewed',
    setting: { ...PLAIN, cast: [actor('laptop', 'laptop', recommended, { retries: 0 })], until: '61s' },
    happenings: [
      ['0s', starts('laptop')],
      ['1s', { ...cutOff, messages: 'answers', lasts: time('56s') }],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '1s network loses the answers to laptop',
      '20s laptop heartbeat of term 1 → renewed until 80s (the answer is lost)',
      '40s laptop heartbeat of term 1 → renewed until 100s (the answer is lost)',
      '55s laptop stops by its fence',
      '55s laptop has stopped working',
      '57s network carries the answers to laptop as usual',
      '60s laptop heartbeat of term 1 → renewed until 120s',
      '60s laptop begins to work (term 1)',
    ],
  },
  {
    title: 'where only the answers are lost, the server renews what the client does not know of',
    setting: { ...PLAIN, until: '22s' },
    happenings: [
      ['0s', starts('laptop')],
      ['1s', { type: 'network', actor: 'laptop', messages: 'answers', fault: { type: 'cut' }, lasts: time('24s') }],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '1s network loses the answers to laptop',
      '20s laptop heartbeat of term 1 → renewed until 80s (the answer is lost)',
    ],
  },
  {
    title: 'slow and repeated messages come late, and twice',
    setting: { ...OVER_A_NETWORK, until: '5s' },
    happenings: [
      [
        '0s',
        {
          type: 'network',
          actor: 'laptop',
          messages: 'requests',
          fault: { type: 'slow', by: time('1s') },
          lasts: null,
        },
      ],
      [
        '0s',
        {
          type: 'network',
          actor: 'laptop',
          messages: 'requests',
          fault: { type: 'repeated', after: time('2s') },
          lasts: null,
        },
      ],
      ['0s', starts('laptop')],
    ],
    told: [
      '0s network delays the requests of laptop by 1s',
      '0s network repeats the requests of laptop after 2s',
      '1.05s laptop start → granted, term 1, until 61.06s',
      '1.11s laptop begins to work (term 1)',
      '3.05s laptop start → granted, term 1, until 63.06s',
    ],
  },
  {
    title: 'two faults that repeat messages bring each of them twice more',
    setting: { ...PLAIN, until: '4s' },
    happenings: [
      ...(['1s', '3s'] as const).map(
        (after) =>
          [
            '0s',
            {
              type: 'network',
              actor: 'laptop',
              messages: 'requests',
              fault: { type: 'repeated', after: time(after) },
              lasts: time('1ms'),
            },
          ] as const,
      ),
      ['0s', starts('laptop')],
    ],
    told: [
      '0s network repeats the requests of laptop after 1s',
      '0s network repeats the requests of laptop after 3s',
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '0.001s network repeats the requests of laptop after 3s',
      '0.001s network carries the requests of laptop as usual',
      '1s laptop start → granted, term 1, until 61s',
      '3s laptop start → granted, term 1, until 63s',
    ],
  },
  {
    title: 'work comes to rest in the time that it was last said to take',
    setting: { ...PLAIN, until: '10s', surroundings: { stopTime: time('2s') } },
    happenings: [
      ['0s', starts('laptop')],
      ['1s', stops('laptop')],
      ['5s', starts('laptop')],
      ['6s', { type: 'stops-in', actor: 'laptop', takes: time('500ms') }],
      ['6s', stops('laptop')],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '1s laptop is stopped by its user',
      '3s laptop has stopped working',
      '3s laptop end of term 1 → ended',
      '5s laptop start → granted, term 2, until 65s',
      '5s laptop begins to work (term 2)',
      '6s laptop is stopped by its user',
      '6.5s laptop has stopped working',
      '6.5s laptop end of term 2 → ended',
    ],
  },
  {
    title: 'a process that hangs does nothing, then runs its timers before it reads what has come',
    setting: { ...PLAIN, until: '78s' },
    happenings: [
      ['0s', starts('laptop')],
      ['10s', { type: 'hang', actor: 'laptop', lasts: time('65s') }],
      ['61s', starts('desktop')],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '10s laptop hangs',
      '61s desktop start → granted, term 2, until 121s',
      '61s desktop begins to work (term 2)',
      '75s laptop goes on',
      '75s laptop is refused an effect of term 1',
      '75s laptop stops by its fence',
      '75s laptop is refused an effect of term 1',
      '75s laptop has stopped working',
      '75s laptop heartbeat of term 1 → gone: expired, by desktop',
    ],
  },
  {
    title: 'a machine that sleeps stands still with all its processes, and asks before it works',
    setting: {
      policy: s0,
      cast: [actor('launcher', 'laptop', s0), actor('bot', 'laptop', s0)],
      until: '90s',
    },
    happenings: [
      ['0s', starts('launcher')],
      ['1s', starts('bot')],
      ['10s', { type: 'sleep', device: 'laptop', lasts: time('1m') }],
    ],
    told: [
      '0s launcher (laptop) start → granted, term 1, until 120.001s',
      '0s launcher (laptop) begins to work (term 1)',
      '1s bot (laptop) start → granted, term 1, until 121.001s',
      '1s bot (laptop) begins to work (term 1)',
      '10s launcher (laptop) falls asleep',
      '10s bot (laptop) falls asleep',
      '70s launcher (laptop) goes on',
      '70s launcher (laptop) wakes, and asks before it works',
      '70s launcher (laptop) has stopped working',
      '70s bot (laptop) goes on',
      '70s bot (laptop) wakes, and asks before it works',
      '70s bot (laptop) has stopped working',
      '70s launcher (laptop) heartbeat of term 1 → renewed until 190.001s',
      '70s bot (laptop) heartbeat of term 1 → renewed until 190.001s',
      '70s launcher (laptop) begins to work (term 1)',
      '70s bot (laptop) begins to work (term 1)',
    ],
  },
  {
    title: 'a machine that wakes is told so before its work, which was to come to rest meanwhile, does',
    setting: {
      ...PLAIN,
      cast: [actor('laptop', 'laptop', recommended, { fence: time('25s') })],
      surroundings: { stopTime: time('10s') },
      until: '88s',
    },
    happenings: [
      ['0s', starts('laptop')],
      // The answer to the heartbeat of 20 s comes after the fence, and would let it work again once it is at rest.
      [
        '1s',
        {
          type: 'network',
          actor: 'laptop',
          messages: 'answers',
          fault: { type: 'slow', by: time('6s') },
          lasts: time('23s'),
        },
      ],
      ['27s', { type: 'sleep', device: 'laptop', lasts: time('1m') }],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '1s network delays the answers to laptop by 6s',
      '20s laptop heartbeat of term 1 → renewed until 80s',
      '24s network carries the answers to laptop as usual',
      '25s laptop stops by its fence',
      '25s laptop heartbeat of term 1 → renewed until 85s',
      '27s laptop falls asleep',
      '87s laptop goes on',
      '87s laptop has stopped working',
      '87s laptop heartbeat of term 1 → gone: expired',
    ],
  },
  {
    title: 'the monotonic clock stands still in a sleep, so the rhythm goes on from where it was',
    setting: { ...PLAIN, cast: [actor('laptop', 'laptop', recommended, { onWake: 'work-on' })], until: '45s' },
    happenings: [
      ['0s', starts('laptop')],
      ['10s', { type: 'sleep', device: 'laptop', lasts: time('15s') }],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '10s laptop falls asleep',
      '25s laptop goes on',
      '35s laptop heartbeat of term 1 → renewed until 95s',
    ],
  },
  {
    title: 'a clock that runs fast sends early, and one that is off by hours changes nothing',
    setting: {
      ...PLAIN,
      until: '41s',
      surroundings: {
        clocks: [
          { clock: 'device laptop', offset: 7_200_000, drift: 10_000 },
          { clock: 'server 1', offset: -3_600_000, drift: 0 },
        ],
      },
    },
    happenings: [['0s', starts('laptop')]],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '19.802s laptop heartbeat of term 1 → renewed until 79.802s',
      '39.604s laptop heartbeat of term 1 → renewed until 99.604s',
    ],
  },
  {
    title: 'a fence by the clock on the wall comes late when that clock is set back',
    setting: { ...PLAIN, cast: [actor('laptop', 'laptop', recommended, { clock: 'wall', retries: 0 })], until: '80s' },
    happenings: [
      ['0s', starts('laptop')],
      ['1s', cutOff],
      ['30s', { type: 'set-clock', clock: 'device laptop', by: -20_000 }],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '1s network loses the requests of laptop',
      '1s network loses the answers to laptop',
      '20s laptop heartbeat of term 1 → lost on the way',
      '30s clock of device laptop is set 20s back',
      '60s laptop heartbeat of term 1 → lost on the way',
      '75s laptop stops by its fence',
      '75s laptop has stopped working',
      '80s laptop heartbeat of term 1 → lost on the way',
    ],
  },
  {
    title: 'the clock of the store decides when a session expires',
    setting: { ...PLAIN, until: '31s' },
    happenings: [
      ['0s', starts('laptop')],
      ['30s', { type: 'set-clock', clock: 'store', by: 30_000 }, starts('desktop')],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '20s laptop heartbeat of term 1 → renewed until 80s',
      '30s clock of store is set 30s ahead',
      '30s desktop start → refused: in use on laptop, retry in 20s',
    ],
  },
  {
    title: 'a server that crashes leaves calls unanswered; the other one serves; and it comes up again',
    setting: { ...PLAIN, until: '20s', surroundings: { storeLatency: time('100ms'), servers: 2 } },
    happenings: [
      ['0s', starts('laptop')],
      ['50ms', { type: 'crash-server', server: 1, lasts: time('8s') }],
    ],
    told: [
      '0s laptop start → no answer',
      '0.05s server crashes',
      '5s laptop start → granted, term 1, until 65.1s',
      '5.1s laptop begins to work (term 1)',
      '8.05s server restarts',
    ],
  },
  {
    title: 'with every server down a request reaches nobody',
    setting: { ...PLAIN, until: '4s' },
    happenings: [['0s', { type: 'crash-server', server: 1, lasts: time('3s') }, starts('laptop')]],
    told: ['0s server crashes', '0s laptop start → lost on the way', '3s server restarts'],
  },
  {
    title: 'a store out of reach fails what is asked; one that keeps silent leaves everyone in doubt',
    setting: { ...PLAIN, until: '42s' },
    happenings: [
      ['0s', starts('laptop')],
      ['10s', { type: 'store-fails', fault: 'outage', lasts: time('11s') }],
      ['22s', { type: 'store-fails', fault: 'outcome-unknown', lasts: time('5s') }],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '10s store is out of reach',
      '20s laptop heartbeat of term 1 → failed: the database cannot be reached',
      '21s store works again',
      '22s store writes, and does not answer',
      '25s laptop heartbeat of term 1 → no answer',
      '27s store works again',
      '30s laptop heartbeat of term 1 → renewed until 90s',
      '40s laptop heartbeat of term 1 → renewed until 100s',
    ],
  },
  {
    title: 'a slow store answers late',
    setting: { ...OVER_A_NETWORK, until: '4s' },
    happenings: [['0s', { type: 'store-slows', by: time('2s'), lasts: time('1s') }, starts('laptop')]],
    told: [
      '0s store is slow',
      '1s store works again',
      '0.05s laptop start → granted, term 1, until 62.06s',
      '2.11s laptop begins to work (term 1)',
    ],
  },
  {
    title: 'a user who stops lets the work come to rest before the session is given back',
    setting: { ...PLAIN, until: '13s', surroundings: { stopTime: time('2s') } },
    happenings: [
      ['0s', starts('laptop')],
      ['10s', stops('laptop')],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '10s laptop is stopped by its user',
      '12s laptop has stopped working',
      '12s laptop end of term 1 → ended',
    ],
  },
  {
    title: 'a victim of a takeover learns of it with its next heartbeat, stops, and gives back',
    setting: { ...PLAIN, until: '31s' },
    happenings: [
      ['0s', starts('laptop')],
      ['5s', starts('desktop')],
      ['10s', starts('desktop', true)],
      ['30s', starts('desktop')],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60s',
      '0s laptop begins to work (term 1)',
      '5s desktop start → refused: in use on laptop, retry in 55s',
      '10s desktop start, taking over term 1 → refused: kept free after laptop, retry in 50s, having ended laptop (term 1)',
      '20s laptop heartbeat of term 1 → gone: replaced, by desktop',
      '20s laptop learns that its session is gone, and stops',
      '20s laptop has stopped working',
      '20s laptop end of term 1 → ended',
      '30s desktop start → granted, term 2, until 90s',
      '30s desktop begins to work (term 2)',
    ],
  },
  {
    title: 'a swept policy lets its job come by every so often, while nobody asks',
    setting: { policy: s1, cast: [actor('laptop', 'laptop', s1)], until: '10m' },
    happenings: [
      ['0s', starts('laptop')],
      ['10s', { type: 'crash', actor: 'laptop' }],
    ],
    told: [
      '0s laptop start → granted, term 1, until 60.001s',
      '0s laptop begins to work (term 1)',
      '10s laptop crashes',
      '300s server sweep → removed laptop (term 1)',
      '600s server sweep → removed nothing',
    ],
  },
  {
    title: 'an actor that is led by hand shares the network and the server with clients',
    setting: { ...OVER_A_NETWORK, cast: [laptop, actor('hand', 'desktop', recommended, null)], until: '2s' },
    happenings: [
      ['0s', starts('laptop')],
      ['1s', { type: 'start', actor: 'hand', scope: SCOPE, how: 'new', answer: 'arrives' }],
      ['1s', { type: 'status', actor: 'hand', scope: SCOPE }],
    ],
    told: [
      '0.05s laptop start → granted, term 1, until 60.06s',
      '0.11s laptop begins to work (term 1)',
      '1.05s hand (desktop) start → refused: in use on laptop, retry in 59s',
      '1.05s hand (desktop) status → active: laptop, until 60.06s',
    ],
  },
];

describe('in a world', () => {
  it.each(ROWS)('$title', ({ setting, happenings, told }) => {
    const history = playInWorld(scriptOf(setting, happenings), referenceDesign(setting.policy, 'under test'));
    const lines = timeline(history, null).map((line) => line.trim().replace(/ {2,}/g, ' '));
    expect(lines).toEqual(told);
  });

  it('a fault of the store without an end is refused with the word to use', () => {
    const script = scriptOf(PLAIN, [['0s', { type: 'store-fault', fault: 'table-missing' }]]);
    const play = (): unknown => playInWorld(script, referenceDesign(recommended, 'under test'));
    expect(play).toThrow(UsageError);
    expect(play).toThrow("write for example store.fails('outage', { for: '30s' })");
  });
});
