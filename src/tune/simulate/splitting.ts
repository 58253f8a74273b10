/**
 * Rare expiries by multilevel splitting. The level is how long the server has heard nothing: few sessions get from one
 * level to the next, and those that do are continued many times over from where they were. Each step is then a share that
 * can be counted, and the product of the shares is the rare probability, without bias.
 */
import { fraction, randomFor, type Random } from './random.ts';
import { ageOf, latestOf, NOW, openSession, type Session } from './session.ts';
import type { Piece, PieceResult } from './piece.ts';

/** Of the heartbeats that are simulated without help, one in so many is worth a session continued on each level. */
const HEARTBEATS_A_TRIAL = 32;
/** How many states of the first level are kept to begin from. */
const MOST_ENTRIES = 4000;
/** In a session that is hardly ever heard there is no end of levels. */
const MOST_LEVELS = 200;

export function split(piece: Piece): PieceResult {
  const { pair, conditions, fence, seed, cell, number, heartbeats } = piece;
  const trials = Math.max(100, Math.ceil(heartbeats / HEARTBEATS_A_TRIAL));
  const random = randomFor(seed, cell, number);
  const plain = openSession(pair, conditions, fence, random);
  const { seen, state } = plain;
  const level = (index: number): number => (index + 0.5) * pair.heartbeat;

  // The first level is reached often enough to be met without help.
  let entries: Float64Array[] = [];
  let reached = 0;
  let entered = Number.NaN;
  for (let beat = 0; beat < heartbeats; beat++) {
    plain.beat(random);
    // Once for each silence.
    if (ageOf(state) <= level(1) || latestOf(state) === entered) continue;
    entered = latestOf(state);
    reached++;
    if (entries.length < MOST_ENTRIES) entries.push(state.slice());
    else if (fraction(random) < MOST_ENTRIES / reached)
      entries[Math.floor(fraction(random) * MOST_ENTRIES)] = state.slice();
  }
  const ms = state[NOW] ?? 0;
  const { attempts, stops, beyond, expiries } = seen;
  const detections = seen.detections.slice();

  let chance = reached / ms;
  let rate = 0;
  let excess = 0;
  let followed = heartbeats;
  for (let index = 1; entries.length > 0 && index < MOST_LEVELS; index++) {
    const next: Float64Array[] = [];
    const from = seen.expiries;
    const beyondFrom = seen.beyond;
    for (let trial = 0; trial < trials; trial++) {
      state.set(entries[Math.floor(fraction(random) * entries.length)] ?? state);
      const before = seen.heartbeats;
      const outcome = continueUntilHeard(plain, random, level(index + 1));
      followed += seen.heartbeats - before;
      if (outcome === 'higher') next.push(state.slice());
    }
    rate += chance * ((seen.expiries - from) / trials);
    excess += chance * ((seen.beyond - beyondFrom) / trials);
    chance *= next.length / trials;
    entries = next;
  }
  return {
    heartbeats: followed,
    ms,
    attempts: attempts / heartbeats,
    // What is met on the way without help is in the rate already: it has passed the first level.
    expiryRate: pair.timeout <= level(1) ? expiries / ms : rate,
    expiries: null,
    excessRate: pair.timeout <= level(1) ? beyond / ms : excess,
    stops,
    detections,
  };
}

/** Until an arrival ends the silence, or it has lasted to the next level. */
function continueUntilHeard(session: Session, random: Random, higher: number): 'heard' | 'higher' {
  const silentFrom = latestOf(session.state);
  for (;;) {
    session.beat(random);
    if (latestOf(session.state) > silentFrom) return 'heard';
    if (ageOf(session.state) > higher) return 'higher';
  }
}
