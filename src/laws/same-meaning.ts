/** Whether two answers say the same, apart from their texts. */
import type { Holder, Reply } from '../core/reply.ts';

/** What they decide: who got in, who lost what to whom, and why not. Times are left out. */
export function sameMeaning(given: Reply, due: Reply): boolean {
  switch (given.type) {
    case 'granted':
      return (
        due.type === 'granted' &&
        given.session === due.session &&
        given.term === due.term &&
        sameHolder(given.replaced, due.replaced)
      );
    case 'refused':
      return (
        due.type === 'refused' &&
        given.reason === due.reason &&
        sameHolder(given.holder, due.holder) &&
        sameHolder(given.replaced, due.replaced)
      );
    case 'renewed':
      return due.type === 'renewed' && given.term === due.term;
    case 'gone':
      return due.type === 'gone' && given.why === due.why && given.by === due.by;
    case 'active':
      return due.type === 'active' && sameHolder(given.holder, due.holder);
    case 'swept':
      return (
        due.type === 'swept' &&
        given.sessions.length === due.sessions.length &&
        given.sessions.every((swept, i) => sameHolder(swept, due.sessions[i] ?? null))
      );
    case 'ended':
    case 'idle':
    case 'failed':
      return due.type === given.type;
  }
}

/** The same, and the times too: the answer that the rule gives, but for its notices. */
export function sameAnswer(given: Reply, due: Reply): boolean {
  return sameMeaning(given, due) && timesOf(given) === timesOf(due);
}

function timesOf(reply: Reply): string {
  const expiry = 'expiry' in reply ? reply.expiry : null;
  const wait = 'retryAfter' in reply ? reply.retryAfter : null;
  return `${String(expiry)} ${String(wait)}`;
}

function sameHolder(a: Holder | null, b: Holder | null): boolean {
  if (a === null || b === null) return a === b;
  return a.session === b.session && a.device === b.device && a.term === b.term;
}
