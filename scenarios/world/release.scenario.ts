/** Users who stop: the work comes to rest, and then the license is given back. */
import {
  at,
  client,
  ended,
  expect,
  granted,
  network,
  notWorking,
  recommended,
  refused,
  scenario,
  working,
} from 'seatproof';

const world = { latency: '40ms', stopTime: '2s' } as const;
const cast = { laptop: client('laptop'), desktop: client('desktop') };

export default [
  scenario({
    title: 'a user who stops gives the license back when the work has come to rest, and the next one gets in at once',
    about: 'Stopping takes two seconds, and nobody else works in them.',
    proves: ['P1', 'P2', 'P16'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('30s', laptop.stops(), ended()),
      at('31s', desktop.starts(), refused('other-device')),
      at('32.1s', desktop.starts(), granted()),
      at('33s', expect(working(desktop), notWorking(laptop))),
    ],
  }),
  scenario({
    title: 'a client that gives the license back before its work has come to rest works beside the next one',
    about: 'Two seconds are enough.',
    proves: ['P1'],
    breaks: ['P2'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop', { release: 'during-work' }), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('30s', laptop.stops(), ended()),
      at('30.1s', desktop.starts(), granted()),
      at('31s', expect(working(laptop), working(desktop))),
      at('33s', expect(notWorking(laptop), working(desktop))),
    ],
  }),
  scenario({
    title: 'an end that is lost is sent again, and all that it costs is the wait for the next attempt',
    about: 'The client waits 5 s for an answer, and gives the license back at the second try.',
    proves: ['P1', 'P2', 'P16'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('30s', laptop.stops(), ended()),
      at('31s', network.cuts(laptop, { for: '2s' })),
      at('36s', desktop.starts(), refused('other-device')),
      at('37.1s', desktop.starts(), granted()),
    ],
    until: '1m',
  }),
  scenario({
    title: 'an end that never arrives keeps the other device out until the timeout',
    about: 'The laptop is closed and carried away as soon as its user has stopped.',
    proves: ['P1', 'P2', 'P11'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('30s', network.cuts(laptop)),
      at('30s', laptop.stops()),
      at('1m', desktop.starts(), refused('other-device')),
      at('80s', desktop.starts(), granted()),
    ],
    until: '2m',
  }),
];
