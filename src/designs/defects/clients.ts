/** Mistakes of clients: what they do when the server does not answer, when the machine slept, and when they stop. */
import { withClient } from '../change.ts';
import { defect, type Defect } from './defect.ts';

const noSelfFence = defect(
  {
    name: 'no-self-fence',
    about: 'a client that cannot reach the server works on',
    breaks: ['P2'],
    seenIn: ['etcd 5571', 'solid_queue 778', 'kubernetes 23731', 'S0', 'S1', 'S2', 'S3'],
  },
  (correct) => withClient(correct, { fence: null }),
);

const wrongAnchor = defect(
  {
    name: 'wrong-anchor',
    about: 'the fence counts from the arrival of an answer, not from the sending of its request',
    breaks: ['P2'],
    seenIn: ['river 1213', 'CURATOR-460'],
  },
  (correct) => withClient(correct, { fenceFrom: 'answer' }),
);

const quitOnFirstError = defect(
  {
    name: 'quit-on-first-error',
    about: 'the first request that fails ends the session',
    breaks: ['P23'],
    seenIn: ['consul 912'],
  },
  (correct) => withClient(correct, { onFailure: 'stop' }),
);

const releaseBeforeQuiesce = defect(
  {
    name: 'release-before-quiesce',
    about: 'the session is given back while the work still runs',
    breaks: ['P2'],
    seenIn: ['kubernetes PR 139991'],
  },
  (correct) => withClient(correct, { release: 'during-work' }),
);

const suspend = defect(
  {
    name: 'suspend',
    about: 'a machine that slept works on when it wakes, before it asks',
    breaks: ['P2'],
    seenIn: ['solid_queue 763', 'hunk 492', 'nextly 777'],
  },
  (correct) => withClient(correct, { onWake: 'work-on' }),
);

export const OF_CLIENTS: readonly Defect[] = [
  noSelfFence,
  wrongAnchor,
  quitOnFirstError,
  releaseBeforeQuiesce,
  suspend,
];
