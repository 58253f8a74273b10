/** SQL text that the designs share: what they ask of a row, in milliseconds, as numbers that JavaScript adds up. */
import { toDuration, toInstant } from '../../postgres/clock.ts';

/** The age of a row's last heartbeat, and the time. */
export const AGE_AND_NOW = `(${toDuration('now() - last_heartbeat')})::float8 AS age_ms, (${toInstant('now()')})::float8 AS now_ms`;
export const NOW = `(${toInstant('now()')})::float8 AS now_ms`;
