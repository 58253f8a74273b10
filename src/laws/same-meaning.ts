/** Whether a reply says the same as the rule's, apart from its texts. A field that the reply does not tell agrees with any value. */
import type { Holder, NamedHolder, Reply, RuleReply } from '../core/reply.ts';

/** Compares what replies decide: which session got in, which it replaced, and why not. Times are left out. */
export function sameMeaning(given: Reply, due: RuleReply): boolean {
  switch (given.type) {
    case 'granted':
      return (
        due.type === 'granted' &&
        agrees(given.session, due.session) &&
        agrees(given.term, due.term) &&
        sameHolder(given.replaced, due.replaced)
      );
    case 'refused':
      return (
        due.type === 'refused' &&
        agrees(given.reason, due.reason) &&
        sameHolder(given.holder, due.holder) &&
        sameHolder(given.replaced, due.replaced)
      );
    case 'renewed':
      return due.type === 'renewed' && agrees(given.term, due.term);
    case 'gone':
      return due.type === 'gone' && agrees(given.why, due.why) && agrees(given.by, due.by);
    case 'active':
      return due.type === 'active' && sameHolder(given.holder, due.holder);
    case 'swept':
      return (
        due.type === 'swept' &&
        (given.sessions === undefined ||
          (given.sessions.length === due.sessions.length &&
            given.sessions.every((swept, i) => sameHolder(swept, due.sessions[i] ?? null))))
      );
    case 'ended':
    case 'idle':
    case 'failed':
      return due.type === given.type;
  }
}

/** Compares the times too, so that only the notices may differ. */
export function sameAnswer(given: Reply, due: RuleReply): boolean {
  return sameMeaning(given, due) && agrees(expiryOf(given), expiryOf(due)) && agrees(waitOf(given), waitOf(due));
}

function expiryOf(reply: Reply): number | undefined {
  return 'expiry' in reply ? reply.expiry : undefined;
}

function waitOf(reply: Reply): number | undefined {
  return 'retryAfter' in reply ? reply.retryAfter : undefined;
}

function agrees<T>(given: T | undefined, due: T): boolean {
  return given === undefined || given === due;
}

function sameHolder(given: NamedHolder | null | undefined, due: Holder | null): boolean {
  if (given === undefined) return true;
  if (given === null || due === null) return given === due;
  return agrees(given.session, due.session) && agrees(given.device, due.device) && agrees(given.term, due.term);
}
