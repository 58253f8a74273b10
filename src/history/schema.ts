/** The shape of every line of a History file. Follows the types of `history.ts`; the round-trip tests hold the two together. */
import { z } from 'zod';

const time = z.number().int().nonnegative();
const ordinal = z.number().int().nonnegative();
/** By the store's clock, which may be set to before the beginning. */
const storeTime = z.number().int();
const scope = z.strictObject({ license: z.string(), symbol: z.string() });
/** A holder; the service may leave out any field. */
const holder = z.strictObject({
  session: z.string().optional(),
  device: z.string().optional(),
  term: z.number().int().optional(),
});

const policy = z.strictObject({
  name: z.string(),
  scope: z.enum(['license', 'license-and-symbol']),
  licenseLimit: z.number().int().positive(),
  heartbeat: time,
  timeout: time,
  expiry: z.enum(['at', 'after']),
  onConflict: z.enum(['refuse', 'take-over', 'ask']),
  sameDevice: z.enum(['reconnect', 'join', 'refuse']),
  lateHeartbeat: z.enum(['reject', 'revive']),
  cleanUp: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('lazy') }),
    z.strictObject({ type: z.literal('swept'), every: time }),
  ]),
  grace: z.strictObject({ afterExpiry: time, afterTakeover: time }),
  overlap: time,
  requestTimeout: time,
  retries: z.number().int().nonnegative(),
  fence: time.nullable(),
  stopTime: time,
  clockDrift: z.number().nonnegative(),
});

const client = z.strictObject({
  heartbeat: time,
  pace: z.enum(['fixed', 'after-answer']),
  requestTimeout: time,
  retries: z.number().int().nonnegative(),
  fence: time.nullable(),
  fenceFrom: z.enum(['send', 'answer']),
  clock: z.enum(['monotonic', 'wall']),
  onWake: z.enum(['ask', 'work-on']),
  onFailure: z.enum(['keep-trying', 'stop']),
  onGone: z.enum(['stop', 'work-on']),
  release: z.enum(['after-work', 'during-work', 'never']),
});

const clockName = z.string().regex(/^(device .*|server [1-9]\d*|store)$/s);

export const headerSchema = z.strictObject({
  seatproof: z.literal('history'),
  version: z.number(),
  title: z.string(),
  on: z.string(),
  policy,
  cast: z.array(
    z.strictObject({ name: z.string(), device: z.string(), fingerprint: z.string(), client: client.nullable() }),
  ),
  clocks: z.array(z.strictObject({ clock: clockName, offset: z.number().int(), drift: z.number() })),
  stores: z.strictObject({ agreeWithin: time, reconcileWithin: time }).nullable(),
});

const naming = { scope, session: z.string(), term: z.number().int().nullable() };

const sender = { device: z.string(), credential: z.string().optional() };

const command = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    scope,
    session: z.string(),
    device: z.string(),
    takeOver: z.union([z.number().int(), z.literal('any')]).nullable(),
  }),
  z.strictObject({ type: z.literal('heartbeat'), ...naming, ...sender }),
  z.strictObject({ type: z.literal('end'), ...naming, ...sender }),
  z.strictObject({ type: z.literal('status'), scope, device: z.string().optional() }),
  z.strictObject({ type: z.literal('sweep') }),
]);

/** Every field of a reply but its type may be absent: the service did not tell it. */
const reply = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('granted'),
    session: z.string().optional(),
    term: z.number().int().optional(),
    expiry: storeTime.optional(),
    replaced: holder.nullable().optional(),
    notice: z.string().nullable().optional(),
    credential: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('refused'),
    reason: z.enum(['same-device', 'other-device', 'grace']).optional(),
    holder: holder.optional(),
    retryAfter: time.optional(),
    replaced: holder.nullable().optional(),
    notice: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('renewed'),
    term: z.number().int().optional(),
    expiry: storeTime.optional(),
    credential: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('gone'),
    why: z.enum(['expired', 'replaced', 'ended', 'unknown']).optional(),
    by: z.string().nullable().optional(),
  }),
  z.strictObject({ type: z.literal('ended') }),
  z.strictObject({ type: z.literal('active'), holder: holder.optional(), expiry: storeTime.optional() }),
  z.strictObject({ type: z.literal('idle'), retryAfter: time.optional(), notice: z.string().optional() }),
  z.strictObject({ type: z.literal('swept'), sessions: z.array(holder.extend({ scope })).optional() }),
  z.strictObject({
    type: z.literal('failed'),
    why: z.enum(['unknown-license', 'store', 'error']).optional(),
    message: z.string().optional(),
    sqlstate: z.string().optional(),
  }),
]);

const standing = z.discriminatedUnion('type', [
  // A design may hold a session without a heartbeat; law P22 speaks of it.
  z.strictObject({ type: z.literal('held'), lastHeartbeat: storeTime.nullable() }),
  z.strictObject({ type: z.literal('released') }),
  z.strictObject({ type: z.literal('swept'), lastHeartbeat: storeTime }),
  z.strictObject({ type: z.literal('revoked'), lastHeartbeat: storeTime, revokedAt: storeTime, revokedBy: z.string() }),
]);

const seat = z.strictObject({
  term: z.number().int().nonnegative(),
  latest: z
    .strictObject({
      id: z.string(),
      device: z.string(),
      startedAt: storeTime,
      timeout: time,
      closedUntil: storeTime.nullable(),
      standing,
    })
    .nullable(),
  previous: z.strictObject({ id: z.string(), how: z.enum(['expired', 'replaced', 'ended']) }).nullable(),
});

export const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('called'),
    at: time,
    sent: time,
    call: z.number().int().nonnegative(),
    actor: z.string().nullable(),
    step: z.number().int().nonnegative().nullable(),
    action: z.number().int().nonnegative(),
    command,
    probe: z.literal(true).optional(),
  }),
  z.strictObject({
    type: z.literal('answered'),
    at: time,
    call: z.number().int().nonnegative(),
    storeTime,
    reply,
    arrived: z.boolean(),
    statements: z
      .strictObject({ count: ordinal, first: ordinal, last: ordinal, lastWrite: ordinal.nullable() })
      .optional(),
    fromMemoryOf: z.number().int().positive().optional(),
  }),
  z.strictObject({
    type: z.literal('held'),
    at: time,
    store: z.string(),
    atRest: z.boolean(),
    seats: z.array(z.strictObject({ scope, seat })),
  }),
  z.strictObject({ type: z.literal('crashed'), at: time, actor: z.string() }),
  z.strictObject({ type: z.literal('server-restarted'), at: time, server: z.number().int().positive() }),
  z.strictObject({ type: z.literal('server-crashed'), at: time, server: z.number().int().positive() }),
  z.strictObject({
    type: z.literal('store-faulted'),
    at: time,
    fault: z.enum(['table-missing', 'writes-refused', 'outage', 'outcome-unknown', 'slow', 'lagging']).nullable(),
  }),
  z.strictObject({ type: z.literal('store-emptied'), at: time }),
  z.strictObject({ type: z.literal('request-lost'), at: time, actor: z.string(), command }),
  z.strictObject({ type: z.literal('work-began'), at: time, actor: z.string(), ...naming }),
  z.strictObject({
    type: z.literal('work-stopping'),
    at: time,
    actor: z.string(),
    why: z.enum(['fence', 'gone', 'user', 'failure', 'wake']),
  }),
  z.strictObject({ type: z.literal('work-stopped'), at: time, actor: z.string() }),
  z.strictObject({ type: z.literal('paused'), at: time, actor: z.string(), why: z.enum(['hang', 'sleep']) }),
  z.strictObject({ type: z.literal('resumed'), at: time, actor: z.string() }),
  z.strictObject({
    type: z.literal('network-changed'),
    at: time,
    actor: z.string(),
    messages: z.enum(['requests', 'answers']),
    now: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('cut') }),
        z.strictObject({ type: z.literal('slow'), by: time }),
        z.strictObject({ type: z.literal('repeated'), after: time }),
      ])
      .nullable(),
  }),
  z.strictObject({ type: z.literal('clock-set'), at: time, clock: clockName, by: z.number().int() }),
  z.strictObject({
    type: z.literal('effect-tried'),
    at: time,
    actor: z.string(),
    scope,
    term: z.number().int().nullable(),
    accepted: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('design-failed'),
    at: time,
    call: z.number().int().nonnegative().nullable(),
    how: z.enum(['threw', 'hung', 'invalid-reply']),
    message: z.string(),
    example: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('end'), at: time }),
]);
