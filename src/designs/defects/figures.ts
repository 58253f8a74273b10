/** Mistakes in the figures: a timeout that leaves no room for a heartbeat that is late or lost. */
import { milliseconds, NO_TIME, seconds } from '../../core/time.ts';
import { wrongFigures, type Defect } from './defect.ts';

const timeoutNearInterval = wrongFigures(
  {
    name: 'timeout-near-interval',
    about: 'the timeout hardly exceeds the heartbeat interval',
    breaks: ['P23'],
    seenIn: ['river 217', 'pgqueuer 430'],
  },
  {
    timeout: seconds(21),
    fence: milliseconds(20_900),
    stopTime: NO_TIME,
    grace: { afterExpiry: NO_TIME, afterTakeover: seconds(21) },
  },
);

const twoBeats = wrongFigures(
  {
    name: 's3-two-beats',
    about: 'a timeout of two heartbeats is called tolerant of one that is missed',
    breaks: ['P23'],
    seenIn: ['S3'],
  },
  { timeout: seconds(40), fence: seconds(37), grace: { afterExpiry: NO_TIME, afterTakeover: seconds(40) } },
);

export const OF_FIGURES: readonly Defect[] = [timeoutNearInterval, twoBeats];
