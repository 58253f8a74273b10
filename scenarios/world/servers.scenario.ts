/** App servers that die and come back, and a store that cannot be reached. */
import {
  at,
  client,
  expect,
  failed,
  granted,
  notWorking,
  recommended,
  refused,
  scenario,
  server,
  store,
  working,
} from 'seatproof';

const world = { latency: '40ms', storeLatency: '5ms', stopTime: '2s' } as const;
const cast = { laptop: client('laptop'), desktop: client('desktop') };

export default [
  scenario({
    title: 'a restart of the server between two heartbeats is noticed by nobody',
    about: 'What it has acknowledged is in the store.',
    proves: ['P1', 'P5'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('25s', server.restarts()),
      at('30s', desktop.starts(), refused('other-device', { holder: 'laptop' })),
      at('1m', expect(working(laptop), notWorking(desktop))),
    ],
    until: '2m',
  }),
  scenario({
    title: 'a server that is down for half a minute costs nobody the session',
    about: 'Its heartbeats are lost, and those after that are in time.',
    proves: ['P5'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('19s', server.crashes({ for: '30s' })),
      at('70s', desktop.starts(), refused('other-device')),
      at('2m', expect(working(laptop))),
    ],
  }),
  scenario({
    title: 'of two servers one is enough, whichever clock the other one shows',
    about: 'The second server is a day ahead. Only the clock of the store says how old a heartbeat is.',
    proves: ['P1', 'P12', 'P18'],
    policy: recommended,
    ...world,
    servers: 2,
    clocks: { 'server 2': { offset: '24h' } },
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('30s', desktop.starts(), refused('other-device')),
      at('50s', server.crashes({ for: '1m' })),
      at('61s', desktop.starts(), refused('other-device')),
      at('2m', expect(working(laptop), notWorking(desktop))),
    ],
  }),
  scenario({
    title: 'while the store cannot be reached nobody is let in, and who works goes on until the fence',
    about: 'Half a minute is less than that.',
    proves: ['P1', 'P24'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('15s', store.fails('outage', { for: '30s' })),
      at('20s', desktop.starts(), failed('store')),
      at('44s', expect(working(laptop), notWorking(desktop))),
      at('80s', desktop.starts(), refused('other-device')),
      at('2m', expect(working(laptop))),
    ],
  }),
  scenario({
    title: 'a store that writes and does not say so leaves nobody with two sessions',
    about: 'The start takes effect and nobody learns of it; sent again, it yields the same session.',
    proves: ['P1', 'P20'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop }) => [
      at('0s', store.fails('outcome-unknown', { for: '3s' })),
      at('1s', laptop.starts(), granted({ term: 1, sameSession: false })),
      at('7s', expect(working(laptop))),
    ],
    until: '2m',
  }),
];
