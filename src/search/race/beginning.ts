/** What is there when the calls begin: the seat is brought into its state, and what was said for it is written down. */
import type { Command } from '../../core/command.ts';
import { UsageError } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import type { Reply } from '../../core/reply.ts';
import type { SessionId, Term } from '../../core/seat.ts';
import { after, START, type Duration, type Instant } from '../../core/time.ts';
import type { HistoryEvent } from '../../history/history.ts';
import { Credentials } from '../../service/credentials.ts';
import { invalidReplyInWords, type InvalidReply } from '../../service/reply-gate.ts';
import { ask } from '../../service/send.ts';
import { hadEarlier, HOLDER, MOMENT, SCOPE, type RaceCase } from './case.ts';
import { EARLIER, fingerprintOf } from './cast.ts';
import { RaceFault } from './fault.ts';
import type { Place } from './stage.ts';

export interface Beginning {
  readonly before: readonly HistoryEvent[];
  /** What the holder was granted; null on a fresh seat. */
  readonly holder: HolderSession | null;
  /** What the service returned with the sessions before the race. */
  readonly credentials: Credentials;
  readonly now: Instant;
}

/** The session that has the seat, or had it last. */
export interface HolderSession {
  readonly session: SessionId;
  /** Null where the service told none. */
  readonly term: Term | null;
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
  let holder: HolderSession | null = null;
  const credentials = new Credentials();
  const device = fingerprintOf(HOLDER);
  await place.begin(raceCase, async ({ service, setClock }) => {
    const say = async (actor: string, command: Command): Promise<Reply> => {
      const call = before.filter(({ type }) => type === 'called').length;
      before.push({ type: 'called', at: now, sent: now, call, actor, step: null, action: 0, command });
      const checked = await ask(service, command, place.errors);
      if ('invalid' in checked) throw invalidReply(command, checked.invalid);
      const { reply } = checked;
      if (command.type !== 'sweep' && command.type !== 'status') credentials.learn(command, reply);
      before.push({ type: 'answered', at: now, call, storeTime: now, reply, arrived: true });
      const seats = await place.rows();
      if (seats !== null) before.push({ type: 'held', at: now, store: place.name, atRest: true, seats });
      return reply;
    };
    const starts = async (actor: string, session: string): Promise<HolderSession> => {
      const reply = await say(actor, {
        type: 'start',
        scope: SCOPE,
        session,
        device,
        takeOver: null,
      });
      // A service may name sessions itself; what it must not do here is to hand out the one that there is.
      const granted = reply.type === 'granted' ? (reply.session ?? session) : null;
      if (reply.type === 'granted' && granted !== null && granted !== holder?.session) {
        return { session: granted, term: reply.term ?? null };
      }
      throw notGranted(place.name, raceCase, reply);
    };
    if (seat === 'fresh') return now;
    holder = await starts(hadEarlier(seat) ? EARLIER : HOLDER, hadEarlier(seat) ? `${HOLDER}-earlier` : SESSION);
    now = seat === 'expired' ? after(START, firstExpiredAge(policy)) : after(START, policy.heartbeat);
    await setClock(now);
    if (hadEarlier(seat)) holder = await starts(HOLDER, SESSION);
    if (seat === 'ended' || seat === 'closed') {
      await say(HOLDER, credentials.address({ type: 'end', scope: SCOPE, ...holder }, device));
    }
    return now;
  });
  if (place.fault !== null) before.push({ type: 'store-faulted', at: now, fault: place.fault });
  return { before, holder, credentials, now };
}

const SESSION = `${HOLDER}-0`;

function invalidReply({ type }: Command, invalid: InvalidReply): RaceFault {
  return new RaceFault('broke', {
    call: `${HOLDER}: ${type}`,
    statement: null,
    says: `was answered with an invalid reply before the race: ${invalidReplyInWords(invalid)}`,
    fix: `return for example ${invalid.example}`,
  });
}

/** A start that fails, although no rival is there, is a defect of the service; any other reply does not fit the case. */
function notGranted(design: string, { seat }: RaceCase, reply: Reply): RaceFault | UsageError {
  if (reply.type === 'failed') {
    const { sqlstate, message = '' } = reply;
    const said = [sqlstate === undefined ? '' : `SQLSTATE ${sqlstate}`, message].filter((text) => text !== '');
    return new RaceFault('broke', {
      call: `${HOLDER}: start`,
      statement: null,
      says: `failed before the race, with no other call under way${said.length === 0 ? '' : `: ${said.join(', ')}`}`,
      fix: 'let a start succeed on an empty seat; the error above tells what stands in its way',
    });
  }
  const what = hadEarlier(seat) ? 'on its own device' : 'on an empty seat';
  const answer = reply.type === 'granted' ? 'granted, for the session that is there' : reply.type;
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
