/** The systems of the notes as they were, with servers and clients of their own. */
import { at, client, expect, granted, network, scenario, working } from 'seatproof';

const cast = { laptop: client('laptop'), desktop: client('desktop') };

export default [
  scenario({
    title: 'a client of S3 works on while it is cut off, beside the one that the server lets in',
    about:
      'Before its change the system of note S3 let go after 60 s. The note says nothing of a client that cannot hear that.',
    proves: ['P1'],
    breaks: ['P2'],
    design: 's3-before',
    latency: '40ms',
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('5s', network.cuts(laptop)),
      at('61s', desktop.starts(), granted()),
      at('80s', expect(working(laptop), working(desktop))),
    ],
  }),
];
