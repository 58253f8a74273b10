/** A scenario like a busy day: a bot that heartbeats, rivals that are refused, crashes and releases in between. */
import { recommended } from '../../src/core/presets/recommended.ts';
import { minutes, type DurationText } from '../../src/core/time.ts';
import { at, device, scenario } from '../../src/index.ts';
import type { Scenario } from '../../src/scenario/words/scenario.ts';

const CYCLE = minutes(10);

/** `cycles` times ten minutes, of 34 steps each. */
export function dayOf(cycles: number): Scenario {
  return scenario({
    title: 'a busy day',
    policy: recommended,
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) =>
      Array.from({ length: cycles }, (_, cycle) => {
        const time = (seconds: number): DurationText => `${cycle * CYCLE + seconds * 1000}ms`;
        return [
          at(time(0), bot.starts()),
          ...Array.from({ length: 13 }, (__, n) => [
            at(time(20 * (n + 1)), bot.heartbeats()),
            at(time(20 * (n + 1) + 5), rival.starts()),
          ]).flat(),
          at(time(280), bot.crashes()),
          at(time(319.999), rival.starts()),
          at(time(320), rival.starts()),
          at(time(330), bot.starts()),
          at(time(331), rival.asksStatus()),
          at(time(340), rival.heartbeats()),
          at(time(350), rival.ends()),
        ];
      }).flat(),
  });
}
