/** What a seat knows about a session that is not its own, as SQL text. */

/**
 * How the session named by `asked` came to its end, when it is the one of the term before that of `seat`; otherwise, and
 * where there is no seat, `unknown`.
 */
export const goneSince = (seat: string, asked: string): string =>
  `CASE
          WHEN ${asked}.term = ${seat}.term - 1 AND ${asked}.session_id = ${seat}.previous_session_id
            THEN ${seat}.previous_how
          ELSE 'unknown'
        END`;
