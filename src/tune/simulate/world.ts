/**
 * Spot checks in the whole simulated world: the reference design's server and client, with every message's fate drawn
 * from the conditions. Far slower than a session alone, and it knows nothing of the formulas or of the simulation there.
 */
import { clientOf } from '../../core/client.ts';
import type { Policy } from '../../core/policy.ts';
import { recommended } from '../../core/presets/recommended.ts';
import { NO_TIME, type Duration, type Instant } from '../../core/time.ts';
import { referenceDesign } from '../../designs/reference.ts';
import type { Actor, History } from '../../history/history.ts';
import { fingerprint } from '../../service/fingerprint.ts';
import { playInWorld } from '../../world/play.ts';
import { STILL, type Action, type Step } from '../../world/script.ts';
import { channelOf } from '../forms/channel.ts';
import type { Piece, PieceResult } from './piece.ts';
import { drawsFor, fraction, randomFor, type Random } from './random.ts';

/** A session is watched for so many heartbeats, or until it is taken for dead. */
const WATCHED = 250;
/** A crash comes after so many, when the beginning is forgotten. */
const BEFORE_CRASH = 4;
/** Of the heartbeats, so many are spent on each crash. */
const A_CRASH = 40;
/** A heartbeat under way at the crash adds what it takes, hardly ever more than this; and how exactly the moment is sought. */
const FAR = 20_000;
const NEAR = 100;
const SCOPE = { license: 'L1', symbol: '' };

export function observeInWorld(piece: Piece): PieceResult {
  const { pair, seed, cell, number, heartbeats } = piece;
  const random = randomFor(seed, cell, number);
  const policy = policyOf(piece);
  const pace = piece.conditions.loop === 'sequential' ? 'after-answer' : 'fixed';
  let [ms, expiries, watched] = [0, 0, 0];
  while (watched < heartbeats) {
    const until = WATCHED * pair.heartbeat;
    const history = play(policy, until, [...fatesOf(piece, until, random), ...hangsOf(piece, until, random)], pace);
    const end = takenForDead(history);
    if (end !== null) expiries++;
    ms += end ?? until;
    watched += Math.ceil((end ?? until) / pair.heartbeat);
  }
  const crashes = Math.ceil(heartbeats / A_CRASH);
  const detections = Float64Array.from({ length: crashes }, () => recover(piece, policy, pace, random));
  return {
    heartbeats: watched,
    ms,
    attempts: null,
    expiryRate: expiries / ms,
    expiries,
    unreached: 0,
    excessRate: null,
    stops: null,
    detections,
  };
}

function policyOf({ pair, conditions }: Piece): Policy {
  const { requestTimeout, retries, sweep, grace } = conditions;
  return {
    ...recommended,
    ...pair,
    requestTimeout,
    retries,
    onConflict: 'refuse',
    cleanUp: sweep > 0 ? { type: 'swept', every: sweep } : { type: 'lazy' },
    grace: { afterExpiry: grace, afterTakeover: NO_TIME },
    // What the server does is looked at; a client that fences itself would hide it.
    fence: null,
    stopTime: NO_TIME,
  };
}

function actor(name: string, client: Actor['client']): Actor {
  return { name, device: name, fingerprint: fingerprint({ machine: name, user: 'user', platform: 'any' }), client };
}

type Pace = NonNullable<Actor['client']>['pace'];

/** The client begins at `begun`, and so do the steps. */
function play(policy: Policy, until: number, steps: readonly Step[], pace: Pace, begun = 0): History {
  const first = step(0, [{ type: 'user-starts', actor: 'bot', scope: SCOPE, takeOver: false }]);
  return playInWorld(
    {
      title: 'a spot check',
      policy,
      cast: [actor('bot', { ...clientOf(policy), pace }), actor('rival', null)],
      surroundings: STILL,
      steps: [first, ...steps]
        .map((each) => ({ ...each, at: (each.at + begun) as Instant }))
        .toSorted((a, b) => a.at - b.at),
      until: Math.ceil(until + begun) as Instant,
    },
    referenceDesign(policy, 'a spot check'),
  );
}

function step(at: number, actions: readonly Action[]): Step {
  return { at: Math.round(at) as Instant, actions, expectations: [], place: null };
}

/**
 * What becomes of messages: the time is cut into slots in which at most one attempt is sent, in their middle, and each
 * slot has its own fate for a request and for an answer. Nothing happens to the start itself.
 */
function fatesOf({ pair, conditions }: Piece, until: number, random: Random): readonly Step[] {
  const { loss, latency, retries, requestTimeout } = conditions;
  const channel = channelOf(loss);
  const draw = drawsFor(latency);
  const slot = retries === 0 ? pair.heartbeat : commonDivisor(pair.heartbeat, requestTimeout);
  let isBad = fraction(random) < channel.badShare;
  const steps: Step[] = [];
  for (let at = slot; at < until; at += slot) {
    const stays = channel.memory(slot) + (1 - channel.memory(slot)) * (isBad ? channel.badShare : 1 - channel.badShare);
    if (fraction(random) >= stays) isBad = !isBad;
    const lost = isBad ? channel.lostBad : channel.lostGood;
    const fate = (messages: 'requests' | 'answers'): Action => ({
      type: 'network',
      actor: 'bot',
      messages,
      fault:
        fraction(random) < lost ? { type: 'cut' } : { type: 'slow', by: Math.round(draw(random, 0, 1)) as Duration },
      lasts: slot as Duration,
    });
    steps.push(step(at - slot / 2, [fate('requests'), fate('answers')]));
  }
  return steps;
}

function hangsOf({ conditions: { pauses } }: Piece, until: number, random: Random): readonly Step[] {
  if (pauses === null) return [];
  const length = drawsFor(pauses.length);
  const gap = (): number => -pauses.every * Math.log(1 - fraction(random));
  const steps: Step[] = [];
  for (let at = gap(); at < until; at += gap()) {
    steps.push(
      step(at, [{ type: 'hang', actor: 'bot', lasts: Math.max(1, Math.round(length(random, 0, 1))) as Duration }]),
    );
  }
  return steps;
}

/** When the healthy client was told that its session is gone; null for never. */
function takenForDead({ events }: History): number | null {
  const gone = events.find(
    ({ type, ...event }) => type === 'answered' && 'reply' in event && event.reply.type === 'gone',
  );
  return gone?.at ?? null;
}

/** From a crash to the first start that succeeds, found by halving: once it does, every later one would. */
function recover(piece: Piece, policy: Policy, pace: Pace, random: Random): number {
  const { pair, conditions } = piece;
  // Sweeps come at set times, so the session begins at any distance from one.
  const begun = Math.round(fraction(random) * conditions.sweep);
  const crash = (BEFORE_CRASH + fraction(random)) * pair.heartbeat;
  const fates = fatesOf(piece, crash, random);
  const succeeds = (wait: number): boolean => {
    const { events } = play(
      policy,
      crash + wait,
      [
        ...fates,
        step(crash, [{ type: 'crash', actor: 'bot' }]),
        step(crash + wait, [{ type: 'start', actor: 'rival', scope: SCOPE, how: 'new', answer: 'arrives' }]),
      ],
      pace,
      begun,
    );
    return !events.some((event) => event.type === 'answered' && event.reply.type === 'refused');
  };
  let [low, high] = [0, pair.timeout + conditions.sweep + conditions.grace + FAR];
  if (succeeds(0)) return 0;
  while (high - low > NEAR) {
    const middle = Math.round((low + high) / 2);
    if (succeeds(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
