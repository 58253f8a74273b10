/** What must be true of a step: what its answers are, where a field that is left out matches anything; and who is at work. */
import { UsageError } from '../../core/failures.ts';
import { instant, type DurationText } from '../../core/time.ts';
import type { ReplyExpectation, ReplyPattern, WorkExpectation } from '../../world/script.ts';
import type { ClientPerformer } from './client-performer.ts';
import { onlyKnown, oneOf } from './known.ts';
import { callerPlace, readDuration } from './place.ts';

type Pattern<T extends ReplyPattern['type']> = Omit<Extract<ReplyPattern, { type: T }>, 'type'>;

/** The seat was granted. `replaced` names the device whose live session this ended, or is null for none. */
export const granted = (fields: Pattern<'granted'> = {}): ReplyExpectation => {
  onlyKnown('granted()', fields, ['term', 'replaced', 'sameSession']);
  return each({ type: 'granted', ...fields });
};

/** The start was refused, for this reason. `retryAfter` is the announced wait, `holder` the device named as having the license. */
export const refused = (
  reason?: Pattern<'refused'>['reason'],
  fields: Omit<Pattern<'refused'>, 'reason' | 'retryAfter'> & { readonly retryAfter?: DurationText } = {},
): ReplyExpectation => {
  oneOf('the reason in refused()', reason, ['same-device', 'other-device', 'grace']);
  onlyKnown('refused()', fields, ['holder', 'replaced', 'retryAfter', 'notice']);
  const { retryAfter, ...rest } = fields;
  return each({
    type: 'refused',
    ...(reason === undefined ? {} : { reason }),
    ...rest,
    ...(retryAfter === undefined ? {} : { retryAfter: readDuration(retryAfter) }),
  });
};

/** The heartbeat was accepted. `expiry` is the new expiry, counted from the beginning of the scenario. */
export const renewed = (fields: { readonly expiry?: DurationText } = {}): ReplyExpectation => {
  onlyKnown('renewed()', fields, ['expiry']);
  return each({
    type: 'renewed',
    ...(fields.expiry === undefined ? {} : { expiry: instant(readDuration(fields.expiry)) }),
  });
};

/** The session is over. `by` names the device that has or had the seat since. */
export const gone = (why?: Pattern<'gone'>['why'], fields: { readonly by?: string | null } = {}): ReplyExpectation => {
  oneOf('the reason in gone()', why, ['expired', 'replaced', 'ended', 'unknown']);
  onlyKnown('gone()', fields, ['by']);
  return each({ type: 'gone', ...(why === undefined ? {} : { why }), ...fields });
};

export const ended = (): ReplyExpectation => each({ type: 'ended' });

/** Somebody has the license; `holder` names the device. */
export const active = (fields: Pattern<'active'> = {}): ReplyExpectation => {
  onlyKnown('active()', fields, ['holder']);
  return each({ type: 'active', ...fields });
};

/** Nobody has the license; `retryAfter` is the wait until a start is granted. */
export const idle = (fields: { readonly retryAfter?: DurationText } = {}): ReplyExpectation => {
  onlyKnown('idle()', fields, ['retryAfter']);
  return each({
    type: 'idle',
    ...(fields.retryAfter === undefined ? {} : { retryAfter: readDuration(fields.retryAfter) }),
  });
};

/** The sweep let go of so many sessions. */
export const swept = (sessions?: number): ReplyExpectation =>
  each({ type: 'swept', ...(sessions === undefined ? {} : { sessions }) });

/** The command could not be carried out, and said so. */
export const failed = (why?: Pattern<'failed'>['why']): ReplyExpectation => {
  oneOf('the reason in failed()', why, ['unknown-license', 'store']);
  return each({ type: 'failed', ...(why === undefined ? {} : { why }) });
};

/** Of the answers of one step, exactly so many are like this. */
export const exactly = (count: number, expectation: ReplyExpectation): ReplyExpectation =>
  counted(count, count, expectation);

/** Of the answers of one step, at least so many are like this. */
export const atLeast = (count: number, expectation: ReplyExpectation): ReplyExpectation =>
  counted(count, Number.MAX_SAFE_INTEGER, expectation);

/** This client is at work, once everything of the instant has happened. A process that stands still is not. */
export const working = (who: ClientPerformer): WorkExpectation => works('working', who, true);

/** This client is not at work. */
export const notWorking = (who: ClientPerformer): WorkExpectation => works('notWorking', who, false);

function works(word: string, who: ClientPerformer, does: boolean): WorkExpectation {
  if (typeof who !== 'object' || (who as unknown) === null || !('hangs' in who)) {
    throw new UsageError(
      `${word}() takes a client of the cast; write for example cast: { laptop: client('laptop') } and ${word}(laptop)`,
      callerPlace(),
    );
  }
  return { type: 'works', actor: who.name, does };
}

function each(reply: ReplyPattern): ReplyExpectation {
  return { type: 'each', reply };
}

function counted(min: number, max: number, expectation: ReplyExpectation): ReplyExpectation {
  if (!Number.isSafeInteger(min) || min < 0) {
    throw new UsageError(`${min} is no number of answers; write for example exactly(1, granted())`, callerPlace());
  }
  return { type: 'count', min, max, reply: expectation.reply };
}
