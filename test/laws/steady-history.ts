/** A History of devices that do nothing but work: each has a license of its own and heartbeats on, with rows after each answer. */
import { clientOf } from '../../src/core/client.ts';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Command } from '../../src/core/command.ts';
import type { Reply } from '../../src/core/reply.ts';
import { after, type Duration, type Instant } from '../../src/core/time.ts';
import type { History, HistoryEvent, SeatRow } from '../../src/history/history.ts';

const DEVICES = ['laptop', 'desktop', 'tablet'];

/** How long a message is under way, and how long the server takes. */
const LATENCY = 30 as Duration;

/** `beats` heartbeats of each device, under the recommended policy; on symbols of one license, or on a license each. */
export function steadyHistory(beats: number, oneLicense = false): History {
  const { heartbeat, timeout } = recommended;
  const events: HistoryEvent[] = [];
  let calls = 0;
  const exchange = (actor: string, sent: Instant, command: Command, reply: (at: Instant) => Reply): Instant => {
    const [arrives, answered] = [after(sent, LATENCY), after(after(sent, LATENCY), LATENCY)];
    const call = calls++;
    events.push({ type: 'called', at: arrives, sent, call, actor, step: null, action: 0, command });
    events.push({ type: 'answered', at: answered, call, storeTime: answered, reply: reply(answered), arrived: true });
    return answered;
  };
  for (let beat = 0; beat <= beats; beat += 1) {
    for (const [index, actor] of DEVICES.entries()) {
      // One device after the other, so that the store is seen at rest after each call.
      const sent = after(after(0 as Instant, (beat * heartbeat) as Duration), (index * 1000) as Duration);
      const scope = oneLicense
        ? { license: 'L0', symbol: index === 0 ? '' : `S${index}` }
        : { license: `L${index}`, symbol: '' };
      const naming = { scope, session: actor, term: 1 };
      const at =
        beat === 0
          ? exchange(actor, sent, { type: 'start', scope, session: actor, device: actor, takeOver: null }, (now) => ({
              type: 'granted',
              session: actor,
              term: 1,
              expiry: after(now, timeout),
              replaced: null,
              notice: null,
            }))
          : exchange(actor, sent, { type: 'heartbeat', ...naming, device: actor }, (now) => ({
              type: 'renewed',
              term: 1,
              expiry: after(now, timeout),
            }));
      const standing = { type: 'held', lastHeartbeat: at } as const;
      const latest = {
        id: actor,
        device: actor,
        startedAt: after(0 as Instant, 60 as Duration),
        timeout,
        closedUntil: null,
        standing,
      };
      const row: SeatRow = { scope, seat: { term: 1, latest, previous: null } };
      events.push({ type: 'held', at, store: 'database', atRest: true, seats: [row] });
      if (beat === 0) events.push({ type: 'work-began', at: after(at, LATENCY), actor, ...naming });
    }
  }
  events.push({ type: 'end', at: events.at(-1)?.at ?? (0 as Instant) });
  return {
    title: 'steady work',
    on: 'hand',
    policy: recommended,
    cast: DEVICES.map((name) => ({ name, device: name, fingerprint: name, client: clientOf(recommended) })),
    clocks: [],
    stores: null,
    events,
  };
}
