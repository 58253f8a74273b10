/**
 * When a session expires and when its seat opens, as SQL text. Every statement that asks takes its answer from here, so
 * that no two of them can disagree.
 *
 * `seat` and `policy` name a row of `seats` and a row with the figures that a statement got as parameters. All instants
 * are the database's clock.
 */
import { fromDuration, toDuration } from '../clock.ts';

/** The instant from which the session no longer counts. Null for a released seat, which has no heartbeat to count from. */
export const expiryOf = (seat: string, policy: string): string =>
  `${seat}.last_heartbeat + ${fromDuration(`${seat}.timeout_ms + ${policy}.boundary_ms`)}`;

/** Whether the session has expired. Null, which counts as no, for a released seat. */
export const hasExpired = (seat: string, policy: string): string => `${policy}.now >= ${expiryOf(seat, policy)}`;

/** Whether the session has the seat. Where a sweep cleans up, it has it until the sweep came by, expired or not. */
export const holdsSeat = (seat: string, policy: string): string =>
  `${seat}.state = 'held' AND (${policy}.sweep_every_ms IS NOT NULL OR NOT ${hasExpired(seat, policy)})`;

/**
 * The instant at which a start by another device would be granted, if the session stays silent; null for at any time.
 * A revoked session waits no longer than its own silence would have made it wait.
 */
export const opensAt = (seat: string, policy: string): string => `
    greatest(${seat}.closed_until, CASE ${seat}.state -- greatest() ignores a null
      WHEN 'held' THEN
        ${expiryOf(seat, policy)}
        + ${fromDuration(`greatest(${policy}.sweep_every_ms, ${policy}.after_expiry_ms)`)}
      WHEN 'swept' THEN
        ${expiryOf(seat, policy)} + ${fromDuration(`${policy}.after_expiry_ms`)}
      WHEN 'revoked' THEN least(
        ${seat}.revoked_at + ${fromDuration(`${policy}.after_takeover_ms`)},
        ${expiryOf(seat, policy)} + ${fromDuration(`${policy}.after_expiry_ms`)})
    END)`;

/**
 * How long until then, in ms; 0 once there is no wait. A seat still held when its sweep was due waits for a late sweep, of
 * which all that can be said is one more period.
 */
export const waitFor = (seat: string, policy: string, opens: string): string => `
    CASE
      WHEN ${opens} > ${policy}.now THEN ${toDuration(`${opens} - ${policy}.now`)}
      WHEN ${seat}.state = 'held' AND ${policy}.sweep_every_ms IS NOT NULL THEN ${policy}.sweep_every_ms
      ELSE 0
    END`;
