/** Which clocks of a run did not show true time, in words. */
import { formatDuration, formatInstant, type Duration } from '../core/time.ts';
import type { ClockName } from '../history/history.ts';
import type { Evidence } from './evidence.ts';

/** How many clocks are named. */
const MOST = 3;

/** `the clock of device laptop was 1h ahead`; none where every clock showed true time throughout. */
export function clockTroubles({ history, incidents }: Evidence): readonly string[] {
  const off = history.clocks.flatMap(({ clock, offset, drift }) => [
    ...(offset === 0 ? [] : [`${clockInWords(clock)} was ${shift(offset)}`]),
    ...(drift === 0 ? [] : [`${clockInWords(clock)} ran ${Math.abs(drift)} ppm ${drift > 0 ? 'fast' : 'slow'}`]),
  ]);
  const set = incidents.flatMap((event) =>
    event.type === 'clock-set'
      ? [`${clockInWords(event.clock)} was set ${shift(event.by, 'back', 'forward')} at ${formatInstant(event.at)}`]
      : [],
  );
  const all = [...off, ...set];
  return all.length > MOST ? [...all.slice(0, MOST), `and ${all.length - MOST} more`] : all;
}

/** Clocks that drift beyond what the policy declares. */
export function undeclaredDrift({ history }: Evidence): readonly ClockName[] {
  const bound = history.policy.clockDrift;
  return history.clocks.filter(({ drift }) => Math.abs(drift) / 1e6 > bound).map(({ clock }) => clock);
}

/** `the clock of device laptop`. */
export function clockInWords(clock: ClockName): string {
  return clock === 'store' ? 'the clock of the store' : `the clock of ${clock}`;
}

function shift(by: number, behind = 'behind', ahead = 'ahead'): string {
  return `${formatDuration(Math.abs(by) as Duration)} ${by < 0 ? behind : ahead}`;
}
