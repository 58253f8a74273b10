/** What is there when the calls begin: the seat is brought into its state, and what was said for it is written down. */
import type { Command } from '../../core/command.ts';
import { UsageError } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import type { Granted, Reply } from '../../core/reply.ts';
import { after, START, type Duration, type Instant } from '../../core/time.ts';
import type { HistoryEvent } from '../../history/history.ts';
import { send } from '../../service/send.ts';
import { hadEarlier, HOLDER, MOMENT, SCOPE, type RaceCase } from './case.ts';
import { EARLIER, fingerprintOf } from './cast.ts';
import type { Place } from './stage.ts';

export interface Beginning {
  readonly before: readonly HistoryEvent[];
  /** What the holder was granted; null on a fresh seat. */
  readonly holder: Granted | null;
  readonly now: Instant;
}

/** The latest beginning of each place: many cases, one after another, begin alike. */
const latest = new WeakMap<Place, { readonly key: string; readonly beginning: Beginning }>();

export async function beginningOn(place: Place, raceCase: RaceCase): Promise<Beginning> {
  const key = `${raceCase.seat}, ${raceCase.isolation}`;
  const known = latest.get(place);
  if (known?.key === key) return known.beginning;
  latest.delete(place);
  const beginning = await prepare(place, raceCase);
  latest.set(place, { key, beginning });
  return beginning;
}

async function prepare(place: Place, raceCase: RaceCase): Promise<Beginning> {
  const before: HistoryEvent[] = [];
  const { policy } = place;
  const { seat } = raceCase;
  let now: Instant = START;
  let holder: Granted | null = null;
  await place.begin(raceCase, async ({ service, setClock }) => {
    const say = async (actor: string, command: Command): Promise<Reply> => {
      const call = before.filter(({ type }) => type === 'called').length;
      before.push({ type: 'called', at: now, sent: now, call, actor, step: null, action: 0, command });
      const reply = await send(service, command);
      before.push({ type: 'answered', at: now, call, storeTime: now, reply, arrived: true });
      const seats = await place.rows();
      if (seats !== null) before.push({ type: 'held', at: now, store: place.name, atRest: true, seats });
      return reply;
    };
    const starts = async (actor: string, session: string): Promise<Granted> => {
      const reply = await say(actor, {
        type: 'start',
        scope: SCOPE,
        session,
        device: fingerprintOf(HOLDER),
        takeOver: null,
      });
      if (reply.type === 'granted' && reply.session === session) return reply;
      throw notGranted(place.name, raceCase, reply);
    };
    if (seat === 'fresh') return now;
    holder = await starts(hadEarlier(seat) ? EARLIER : HOLDER, hadEarlier(seat) ? `${HOLDER}-earlier` : SESSION);
    now = seat === 'expired' ? after(START, firstExpiredAge(policy)) : after(START, policy.heartbeat);
    await setClock(now);
    if (hadEarlier(seat)) holder = await starts(HOLDER, SESSION);
    if (seat === 'ended' || seat === 'closed') {
      await say(HOLDER, { type: 'end', scope: SCOPE, session: holder.session, term: holder.term });
    }
    return now;
  });
  if (place.fault !== null) before.push({ type: 'store-faulted', at: now, fault: place.fault });
  return { before, holder, now };
}

const SESSION = `${HOLDER}-0`;

function notGranted(design: string, { seat }: RaceCase, reply: Reply): UsageError {
  const what = hadEarlier(seat) ? 'on its own device' : 'on an empty seat';
  const answer = reply.type === 'granted' ? 'granted, for another session' : reply.type;
  return new UsageError(
    `${what} a start of ${design} was answered '${answer}'; ` +
      (hadEarlier(seat)
        ? `a seat is '${seat}' only where such a start replaces the session that is there: write --seat live`
        : 'it must be granted before anything can be raced'),
  );
}

/** The first age at which a session no longer counts. */
function firstExpiredAge({ timeout, expiry }: Policy): Duration {
  return expiry === 'at' ? timeout : ((timeout + MOMENT) as Duration);
}
