/** The time of a statement that may have waited for the row of its seat, as SQL text. */

/**
 * The last of the columns of a statement's `asked`, and where they come from. `seat`, which locks the row, is counted first,
 * so that the clock is read after the wait and not before it.
 */
export const TIME_AFTER_LOCK = `clock_timestamp() AS now
  FROM (SELECT count(*) FROM seat) AS locked`;
