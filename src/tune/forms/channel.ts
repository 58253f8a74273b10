/** The channel that loses messages, as two states in which a share is lost. Independent loss is a channel whose states are alike. */
import type { LossSpec } from '../conditions/conditions.ts';

export interface Channel {
  readonly lostGood: number;
  readonly lostBad: number;
  /** The share of time in the bad state. */
  readonly badShare: number;
  /** How much of today's state is left after `ms`: 1 at once, 0 when it is forgotten. */
  memory(ms: number): number;
}

export function channelOf(loss: LossSpec): Channel {
  if (loss.type === 'independent') {
    return { lostGood: loss.share, lostBad: loss.share, badShare: 0, memory: () => 0 };
  }
  const rate = 1 / loss.goodFor + 1 / loss.badFor;
  return {
    lostGood: loss.good,
    lostBad: loss.bad,
    badShare: loss.badFor / (loss.goodFor + loss.badFor),
    memory: (ms) => Math.exp(-rate * ms),
  };
}

/** The share of messages lost over a long time. */
export function meanLoss(loss: LossSpec): number {
  const { lostGood, lostBad, badShare } = channelOf(loss);
  return lostGood * (1 - badShare) + lostBad * badShare;
}
