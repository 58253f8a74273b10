/**
 * Rare expiries by multilevel splitting. The level is the number of steps of the session, attempts and stretches of
 * pauses, since the server heard from it last: few silences last one step more, and those that do are taken up many times
 * over. Each step is then a share that can be counted, and the product of the shares is the rare probability.
 *
 * How often a step is tried adapts to how hard it is: until so many silences have lasted, or the most that a step is
 * worth. Both ends of such a count have an estimate without bias (Girshick, Mosteller and Savage 1946; in splitting,
 * Amrein and Künsch 2011), so the product has none either.
 */
import { fraction, randomFor, type Random } from './random.ts';
import { ANY, openSession, type Session } from './session.ts';
import { ageOf, latestOf, NOW } from './state.ts';
import type { Piece, PieceResult } from './piece.ts';

/** A step is tried until so many silences have lasted. */
const WANTED = 64;
/** Of the heartbeats that are simulated without help, one in so many is the most that a step is tried. */
const HEARTBEATS_A_TRIAL = 3;
/** How many states of the first level are kept to begin from. */
const MOST_ENTRIES = 4000;
/** Rarer than this a day nobody asks: once for each of a billion devices in a million years. */
const NEVER = 1e-15;
/** In a session that is hardly ever heard there is no end of silence; how long it lasts is then only a bound. */
const MOST_STEPS = 10_000;
const DAY = 86_400_000;

export function split(piece: Piece): PieceResult {
  const { pair, conditions, fence, seed, cell, number, heartbeats } = piece;
  const random = randomFor(seed, cell, number);
  const session = openSession(pair, conditions, fence, random);
  const { seen, state } = session;
  const { entries, entered, expiries, beyond } = silences(session, heartbeats, random);
  const ms = state[NOW] ?? 0;
  // What the session without help had to tell; what follows is told apart.
  const { attempts, stops } = seen;
  const detections = Float64Array.from(seen.detections);
  const followed = seen.heartbeats;

  const most = Math.max(WANTED, Math.ceil(heartbeats / HEARTBEATS_A_TRIAL));
  let [rate, excess, unreached] = [expiries / ms, beyond / ms, 0];
  let chance = entered / ms;
  // Three in all is the 95 % bound of what was not seen once.
  if (entered === 0) unreached = 3 / ms;
  for (let from = entries; from.length > 0;) {
    if (from.every((each) => ageOf(each) >= pair.timeout)) {
      // Each of these ends in an expiry, whenever it is heard.
      rate += chance;
      excess += chance * meanBeyond(session, from, random);
      break;
    }
    if (chance * DAY < NEVER) {
      unreached = chance;
      break;
    }
    const { lasted, tries, share, expired, late } = tryStep(session, from, most, random);
    rate += chance * expired;
    excess += chance * late;
    if (lasted.length === 0) unreached = (chance * 3) / tries;
    chance *= share;
    from = lasted;
  }
  return {
    heartbeats: seen.heartbeats,
    ms,
    attempts: attempts / followed,
    expiryRate: rate,
    expiries: null,
    unreached,
    excessRate: excess,
    stops,
    detections,
  };
}

interface Silences {
  /** States in which one step has gone by in silence: some of them, each as likely as any. */
  readonly entries: readonly Float64Array[];
  /** How many there were, once for each silence. */
  readonly entered: number;
  /** Expiries that no silence of a step came before, and what they had beyond the timeout. */
  readonly expiries: number;
  readonly beyond: number;
}

function silences({ state, seen, skip, step }: Session, heartbeats: number, random: Random): Silences {
  const entries: Float64Array[] = [];
  let [entered, expiries, beyond] = [0, 0, 0];
  let known = Number.NaN;
  while (seen.heartbeats < heartbeats) {
    // There is no silence in what is skipped.
    const below = skip(random, heartbeats - seen.heartbeats - 1);
    const [before, beforeExpiries, beforeBeyond] = [latestOf(state), seen.expiries, seen.beyond];
    step(random, below);
    if (latestOf(state) !== before) {
      if (known !== before) {
        expiries += seen.expiries - beforeExpiries;
        beyond += seen.beyond - beforeBeyond;
      }
    } else if (known !== before) {
      known = before;
      entered++;
      if (entries.length < MOST_ENTRIES) entries.push(state.slice());
      else if (fraction(random) < MOST_ENTRIES / entered) {
        entries[Math.floor(fraction(random) * MOST_ENTRIES)] = state.slice();
      }
    }
  }
  return { entries, entered, expiries, beyond };
}

interface Step {
  readonly lasted: readonly Float64Array[];
  readonly tries: number;
  /** Of the silences, the share that lasted; and for each of them, expiries and time beyond the timeout at its end. */
  readonly share: number;
  readonly expired: number;
  readonly late: number;
}

/** One step more, from states drawn again and again, until enough have stayed silent or `most` were tried. */
function tryStep(session: Session, from: readonly Float64Array[], most: number, random: Random): Step {
  const { state, seen, step, renew } = session;
  const [beforeExpiries, beforeBeyond] = [seen.expiries, seen.beyond];
  const lasted: Float64Array[] = [];
  let tries = 0;
  while (lasted.length < WANTED && tries < most) {
    tries++;
    state.set(from[Math.floor(fraction(random) * from.length)] ?? state);
    renew(random);
    const before = latestOf(state);
    step(random, ANY);
    if (latestOf(state) === before) lasted.push(state.slice());
  }
  // The last try was sure to be a success if it was the last for that reason, so it does not count.
  const isEnough = lasted.length === WANTED;
  const counted = isEnough ? tries - 1 : tries;
  return {
    lasted,
    tries,
    share: (isEnough ? WANTED - 1 : lasted.length) / counted,
    expired: (seen.expiries - beforeExpiries) / counted,
    late: (seen.beyond - beforeBeyond) / counted,
  };
}

/** How far beyond the timeout silences end that have reached it, on average. */
function meanBeyond({ state, seen, step }: Session, from: readonly Float64Array[], random: Random): number {
  const before = seen.beyond;
  for (const each of from) {
    state.set(each);
    const silentFrom = latestOf(state);
    for (let steps = 0; steps < MOST_STEPS && latestOf(state) === silentFrom; steps++) step(random, ANY);
  }
  return (seen.beyond - before) / from.length;
}
