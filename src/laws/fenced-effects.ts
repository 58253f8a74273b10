/** P3: a resource that checks terms lets no older session act after a newer one. */
import type { Term } from '../core/seat.ts';
import { seatOf } from './bounds.ts';
import { scopeKey, type Evidence } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { tellingOf } from './telling.ts';

export const FENCED_EFFECTS: Law = {
  code: 'P3',
  name: 'fenced effects',
  kind: 'safety',
  needs: { request: 'heartbeat', told: 'the term' },
  statement: 'the effects that a resource accepts carry terms that never fall, seat by seat',
  judge,
};

/** The newest effect that was accepted on a seat. */
interface Newest {
  readonly term: Term | null;
  readonly actor: string;
}

function judge(evidence: Evidence): Judgement {
  const { history, incidents } = evidence;
  const tell = tellingOf(history);
  const newest = new Map<string, Newest>();
  const breaches: Breach[] = [];
  let tested = 0;
  let withoutTerm = false;
  for (const event of incidents) {
    if (event.type !== 'effect-tried') continue;
    const scope = seatOf(event.scope, history.policy);
    const key = scopeKey(scope);
    const before = newest.get(key);
    if (event.term === null || (before !== undefined && before.term === null)) {
      withoutTerm = true;
      if (event.accepted) newest.set(key, event);
      continue;
    }
    if (before === undefined || event.term >= (before.term ?? 0)) {
      if (event.accepted) newest.set(key, event);
      continue;
    }
    // Only an effect of an older term puts the resource to the test.
    tested += 1;
    if (!event.accepted) continue;
    breaches.push({
      at: event.at,
      message: `an effect of ${event.actor} (term ${event.term}) on ${tell.scope(scope)} was accepted after one of ${before.actor} (term ${before.term})`,
      cause: 'older-term-accepted',
      why: 'the resource does not compare the term of an effect with the highest that it has seen',
      fix: 'let the resource keep the highest term of each seat and refuse an effect with a lower one',
      calls: grantsOf(evidence, [event.term, before.term], key),
    });
  }
  return { tested, breaches, notJudged: tested === 0 && withoutTerm ? 'the service does not tell the term' : null };
}

/** The calls by which these terms were granted. */
function grantsOf({ operations, history }: Evidence, terms: readonly (Term | null)[], key: string): readonly number[] {
  return operations.flatMap(({ call, command, answer }) => {
    if (command.type !== 'start' || answer?.reply.type !== 'granted') return [];
    if (!terms.includes(answer.reply.term ?? null)) return [];
    return scopeKey(seatOf(command.scope, history.policy)) === key ? [call] : [];
  });
}
