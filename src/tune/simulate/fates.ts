/**
 * What can become of an attempt, as shares of all attempts. One number drawn from 0 to 1 decides: the unusual fates come
 * first, so that a number below `unusual` is drawn where it is known that something unusual comes.
 */
export interface Fates {
  /** Each with those before it: lost; arrived and its answer lost; both arrived, the request late; then only the answer late. */
  readonly requestLost: number;
  readonly answerLost: number;
  readonly requestLate: number;
  readonly answerLate: number;
  /** All of these, and a prompt answer with a pause after it. */
  readonly unusual: number;
  /** The logarithm of the share that is usual. */
  readonly logUsual: number;
}

/** Shares: of messages that are lost, of those that arrive too late to be called prompt, of heartbeats that a pause follows. */
export function fatesOf(lost: number, late: number, paused: number): Fates {
  const [arrives, prompt] = [1 - lost, 1 - late];
  const unusual = 1 - arrives ** 2 * prompt ** 2 * (1 - paused);
  return {
    requestLost: lost,
    answerLost: 1 - arrives ** 2,
    requestLate: 1 - arrives ** 2 * prompt,
    answerLate: 1 - arrives ** 2 * prompt ** 2,
    unusual,
    logUsual: Math.log1p(-unusual),
  };
}
