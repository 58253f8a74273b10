/** The account of a whole History: every moment of every seat, judged by all rules, computed once and shared by the laws. */
import type { Scope } from '../core/seat.ts';
import { boundsOf } from './bounds.ts';
import { callersOf, lookUp } from './course.ts';
import type { Evidence } from './evidence.ts';
import { explain, SEARCH_BOUND, type Explanation } from './explanation.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { EMPTY_LEDGER } from './ledger.ts';
import type { Context, Rule } from './rule.ts';
import { tellingOf } from './telling.ts';

export interface Account {
  readonly context: Context;
  readonly seats: readonly SeatAccount[];
}

export interface SeatAccount extends Explanation {
  readonly scope: Scope;
}

function accountOf(evidence: Evidence, rules: readonly Rule[]): Account {
  const { history } = evidence;
  const lookup = lookUp(evidence);
  const context: Context = { bounds: boundsOf(history.policy), lookup, tell: tellingOf(history) };
  const caller = callersOf(evidence);
  const explainer = { context, rules, caller, bound: SEARCH_BOUND };
  const seats = lookup.courses.map((course) => ({
    scope: course.scope,
    ...explain(course, EMPTY_LEDGER, explainer),
  }));
  return { context, seats };
}

/** Laws made of rules. They share one account of a History, because the order of its calls has to satisfy them all. */
export function lawsOf(rules: readonly Rule[]): { laws: readonly Law[]; account: (evidence: Evidence) => Account } {
  const accounts = new WeakMap<Evidence, Account>();
  const account = (evidence: Evidence): Account => {
    let known = accounts.get(evidence);
    if (known === undefined) {
      known = accountOf(evidence, rules);
      accounts.set(evidence, known);
    }
    return known;
  };
  const laws = rules.map(({ code, name, kind, statement, unjudgeable }, index) => ({
    code,
    name,
    kind,
    statement,
    judge: (evidence: Evidence) => judgementOf(account(evidence), index, unjudgeable),
  }));
  return { laws, account };
}

function judgementOf({ seats, context }: Account, index: number, unjudgeable: Rule['unjudgeable']): Judgement {
  const breaches: Breach[] = [];
  let tested = 0;
  let inDoubt = false;
  for (const { moments, broken, doubtful } of seats) {
    inDoubt ||= (doubtful & (1 << index)) !== 0;
    const isBroken = (broken & (1 << index)) !== 0;
    for (const { sightings } of moments) {
      const sighting = sightings[index];
      if (!sighting) continue;
      tested += 1;
      if (isBroken && sighting.breach !== null) breaches.push(sighting.breach);
    }
  }
  breaches.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const doubt = inDoubt
    ? 'the calls that overlap could have run in more orders than the search for the right one tries'
    : null;
  return { tested, breaches, notJudged: unjudgeable?.(context.lookup) ?? doubt };
}
