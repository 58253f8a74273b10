/**
 * Makes heartbeats as a server might record them, as CSV: `node --import tsx test/tune/make-heartbeats.ts 50 400 1` for
 * 50 devices, 400 heartbeats each, seed 1. Every 20 s, 2 % lost, latencies lognormal with a median of 80 ms.
 */
import { argv, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { latencyOf, ready } from '../../src/tune/forms/latency.ts';
import { fraction, randomFor } from '../../src/tune/simulate/random.ts';

export interface Made {
  readonly devices: number;
  readonly heartbeats: number;
  readonly seed: number;
  readonly loss: (previousLost: boolean) => number;
  readonly from?: 'both' | 'received';
}

export const FIRST = Date.UTC(2026, 0, 31, 12);
export const EVERY = 20_000;

/** Lines in the order of arrival, the names of the columns first. */
export async function makeHeartbeats({
  devices,
  heartbeats,
  seed,
  loss,
  from = 'both',
}: Made): Promise<readonly string[]> {
  await ready;
  const latency = latencyOf({ type: 'lognormal', p50: 80, sigma: 1 });
  const random = randomFor(seed, 0, 0);
  const arrived: { readonly device: string; readonly sent: number; readonly received: number }[] = [];
  for (let device = 0; device < devices; device++) {
    const begun = FIRST + fraction(random) * EVERY;
    let lost = false;
    for (let beat = 0; beat < heartbeats; beat++) {
      const sent = begun + beat * EVERY;
      lost = fraction(random) < loss(lost);
      const delay = latency.above(fraction(random) + 2 ** -33);
      if (!lost) arrived.push({ device: `device-${device}`, sent, received: sent + delay });
    }
  }
  const lines = arrived
    .toSorted((a, b) => a.received - b.received)
    .map(({ device, sent, received }) =>
      from === 'both'
        ? `${device},${new Date(sent).toISOString()},${received.toFixed(1)}`
        : `${device},${(received / 1000).toFixed(4)}`,
    );
  return [from === 'both' ? 'device,sent_at,received_at' : 'device,received_at', ...lines];
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [devices = 50, heartbeats = 400, seed = 1] = argv.slice(2).map(Number);
  const lines = await makeHeartbeats({ devices, heartbeats, seed, loss: () => 0.02 });
  stdout.write(`${lines.join('\n')}\n`);
}
