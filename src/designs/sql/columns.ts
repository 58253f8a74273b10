/** SQL text that the designs share: what they ask of a row, in milliseconds. */
import { toDuration, toInstant } from '../../postgres/clock.ts';

/** The age of a row's last heartbeat, and the time. */
export const AGE_AND_NOW = `${toDuration('now() - last_heartbeat')} AS age_ms, ${toInstant('now()')} AS now_ms`;
export const NOW = `${toInstant('now()')} AS now_ms`;
