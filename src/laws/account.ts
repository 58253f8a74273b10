/** The account of a whole History: every seat judged by all rules, computed once and shared by the laws. */
import type { Scope } from '../core/seat.ts';
import { boundsOf } from './bounds.ts';
import { callersOf, coursesOf, type Course } from './course.ts';
import type { Evidence } from './evidence.ts';
import { explain, SEARCH_BOUND, type Explainer } from './explanation.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { EMPTY_LEDGER } from './ledger.ts';
import { Lives, type Life } from './lives.ts';
import { lookUp } from './lookup.ts';
import { Passage } from './passage.ts';
import { noted, type Context, type Rule, type Untold } from './rule.ts';
import { tellingOf } from './telling.ts';
import { seatsIn, walk } from './walk.ts';
import type { RuleSet } from './world.ts';

export interface Account {
  readonly context: Context;
  readonly seats: readonly SeatAccount[];
}

export interface SeatAccount {
  readonly scope: Scope;
  /** How often each rule was put to the test, and its breaches, in the order of the rules. */
  readonly tested: readonly number[];
  readonly breaches: readonly (readonly Breach[])[];
  /** What each rule needed and the service did not tell, in the order of the rules. */
  readonly untold: readonly (ReadonlySet<Untold> | undefined)[];
  /** The rules that look broken, where the search met its bound before it had tried every order. */
  readonly doubtful: RuleSet;
  /** Kept where the license has several seats, and where the order of the calls is not in doubt. */
  readonly lives: readonly Life[];
}

/** How an account is made; what it says does not depend on it. */
export interface Manner {
  /** Whether plain renewals are counted without a look by each rule. */
  readonly plainly: boolean;
}

function accountOf(evidence: Evidence, rules: readonly Rule[], { plainly }: Manner): Account {
  const { history } = evidence;
  const lookup = lookUp(evidence);
  const context: Context = { bounds: boundsOf(history.policy), lookup, tell: tellingOf(history) };
  const explainer: Explainer = { context, rules, caller: callersOf(evidence), plainly, bound: SEARCH_BOUND };
  const scopes = seatsIn(evidence, lookup.store);
  const shared = sharedLicenses(scopes);
  const livesOf = (scope: Scope): Lives | null =>
    shared.has(scope.license) ? new Lives(scope, context.bounds.boundary) : null;
  const passages = scopes.map((scope) => new Passage(scope, explainer, livesOf(scope)));
  walk(evidence, lookup.store, passages);
  const courses = passages.some(({ failed }) => failed) ? coursesOf(evidence, lookup.store, scopes) : [];
  const seats = passages.map((passage, seat): SeatAccount => {
    const course = courses[seat];
    const scope = scopes[seat] as Scope;
    if (passage.failed && course !== undefined) return searched(course, explainer, livesOf(scope));
    passage.close();
    return {
      scope,
      tested: passage.tested,
      breaches: [],
      untold: passage.untold,
      doubtful: 0,
      lives: passage.lives?.all ?? [],
    };
  });
  return { context, seats };
}

/** The licenses that have more than one seat. */
function sharedLicenses(scopes: readonly Scope[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { license } of scopes) (seen.has(license) ? shared : seen).add(license);
  return shared;
}

/** A seat on which some law looks broken in the order of the answers. */
function searched(course: Course, explainer: Explainer, lives: Lives | null): SeatAccount {
  const { moments, broken, doubtful } = explain(course, EMPTY_LEDGER, explainer);
  const tested = explainer.rules.map(() => 0);
  const breaches = explainer.rules.map((): Breach[] => []);
  const untold: (ReadonlySet<Untold> | undefined)[] = [];
  const { length } = explainer.rules;
  for (const each of moments) {
    if ('plain' in each) {
      for (let rule = 0; rule < length; rule += 1) {
        if (explainer.rules[rule]?.plain?.[each.plain] === true) tested[rule] = (tested[rule] ?? 0) + 1;
      }
      if (each.plain === 'call') lives?.take(each.before.tenure, each.after.tenure, each.operation);
      continue;
    }
    const { moment, sightings } = each;
    sightings.forEach((sighting, rule) => {
      if (sighting === null) return;
      if (sighting.untold !== undefined) {
        untold[rule] = noted(untold[rule], sighting.untold);
        return;
      }
      tested[rule] = (tested[rule] ?? 0) + 1;
      if ((broken & (1 << rule)) !== 0 && sighting.breach !== null) breaches[rule]?.push(sighting.breach());
    });
    if ('operation' in moment) lives?.take(moment.before.tenure, moment.after.tenure, moment.operation);
  }
  // Lives of an order that is in doubt prove nothing.
  return { scope: course.scope, tested, breaches, untold, doubtful, lives: doubtful === 0 ? (lives?.all ?? []) : [] };
}

/** Laws made of rules. They share one account of a History, because the order of its calls has to satisfy them all. */
export function lawsOf(
  rules: readonly Rule[],
  manner: Manner,
): { laws: readonly Law[]; account: (evidence: Evidence) => Account } {
  const accounts = new WeakMap<Evidence, Account>();
  const account = (evidence: Evidence): Account => {
    let known = accounts.get(evidence);
    if (known === undefined) {
      known = accountOf(evidence, rules, manner);
      accounts.set(evidence, known);
    }
    return known;
  };
  const laws = rules.map(({ code, name, kind, statement, needs, unjudgeable }, index) => ({
    code,
    name,
    kind,
    statement,
    ...(needs === undefined ? {} : { needs }),
    judge: (evidence: Evidence) => judgementOf(account(evidence), index, unjudgeable),
  }));
  return { laws, account };
}

function judgementOf({ seats, context }: Account, index: number, unjudgeable: Rule['unjudgeable']): Judgement {
  const breaches = seats.flatMap((seat) => seat.breaches[index] ?? []).sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const tested = seats.reduce((sum, seat) => sum + (seat.tested[index] ?? 0), 0);
  const inDoubt = seats.some(({ doubtful }) => (doubtful & (1 << index)) !== 0);
  const doubt = inDoubt
    ? 'the calls that overlap could have run in more orders than the search for the right one tries'
    : null;
  const missing = tested > 0 ? null : notTold(seats.flatMap(({ untold }) => [...(untold[index] ?? [])]));
  const unjudged = unjudgeable?.(context.lookup) ?? null;
  return { tested, breaches, notJudged: unjudged ?? doubt ?? missing, inDoubt: unjudged === null && inDoubt };
}

/** Why a law was not judged: the fields that the service does not return; null if none was missing. */
function notTold(fields: readonly Untold[]): string | null {
  return fields.length === 0 ? null : `the service does not tell ${[...new Set(fields)].join(', nor ')}`;
}
