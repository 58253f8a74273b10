/** What makes an exploration impossible: a call that does something that no order of steps can be made of. */

export type FaultKind =
  | 'never-finishes'
  | 'background'
  | 'foreign-connection'
  | 'protocol'
  | 'open-transaction'
  | 'not-deterministic'
  | 'refused-statement'
  | 'too-many-connections'
  | 'time-limit'
  | 'stuck'
  | 'broke';

/** Names the call and, where there is one, the statement. Reported as a finding about the code under test. */
export class RaceFault extends Error {
  override readonly name = 'RaceFault';
  readonly kind: FaultKind;
  readonly call: string;
  readonly statement: string | null;
  /** What to do about it. */
  readonly fix: string;

  constructor(
    kind: FaultKind,
    about: { call: string; statement: string | null; says: string; fix: string; cause?: unknown },
  ) {
    super(`${about.call} ${about.says}${about.statement === null ? '' : `: ${inShort(about.statement)}`}`, {
      cause: about.cause,
    });
    this.kind = kind;
    this.call = about.call;
    this.statement = about.statement;
    this.fix = about.fix;
  }
}

/** Long statements are known by their beginning. */
function inShort(statement: string): string {
  return statement.length <= MOST_CHARACTERS ? statement : `${statement.slice(0, MOST_CHARACTERS)}…`;
}

const MOST_CHARACTERS = 120;

export function isRaceFault(error: unknown): error is RaceFault {
  return error instanceof Error && error.name === 'RaceFault';
}
