/** One course of events that is possible for a seat so far, and how it goes on with the next item. */
import type { Fingerprint } from '../core/seat.ts';
import type { Course, Item } from './course.ts';
import type { Unanswered } from './walk.ts';
import type { Operation } from './evidence.ts';
import { crashed, entered, setBack, type Ledger } from './ledger.ts';
import {
  callMoment,
  rowMoment,
  type CallMoment,
  type Context,
  type Rule,
  type RowMoment,
  type Sighting,
} from './rule.ts';

export type Moment = CallMoment | RowMoment;

/** One moment with what the rules saw in it, in the order of the rules. */
export interface Judged {
  readonly moment: Moment;
  readonly sightings: readonly (Sighting | null)[];
}

/** A set of rules: bit i stands for the rule at place i. */
export type RuleSet = number;

/** What is needed to judge the next item. */
export interface Judging {
  readonly context: Context;
  readonly rules: readonly Rule[];
  readonly caller: (operation: Operation) => Fingerprint | null;
}

/** One course of events that is possible so far. */
export interface World {
  readonly ledger: Ledger;
  readonly broken: RuleSet;
  readonly breaches: number;
  /** Those of them that a row of the store showed. */
  readonly contradictions: number;
  readonly trail: Trail | null;
  /** Unanswered calls that are taken to have had effect, as long as they could still be under way. */
  readonly presumed: readonly Unanswered[];
  /** How often it left the order of the answers, or presumed something. */
  readonly detours: number;
}

interface Trail {
  readonly before: Trail | null;
  readonly judged: Judged;
}

export function originOf(ledger: Ledger): World {
  return { ledger, broken: 0, breaches: 0, contradictions: 0, trail: null, presumed: [], detours: 0 };
}

/** The world after the item. */
export function step(world: World, item: Item, course: Course, judging: Judging): World {
  const { ledger } = world;
  if (item.type === 'crash') return { ...world, ledger: crashed(ledger, item.actor, item.at) };
  if (item.type === 'set-back') return { ...world, ledger: setBack(ledger) };
  const { context, rules, caller } = judging;
  const { scope } = course;
  if (item.type === 'row') {
    const { at, row, since, to } = item;
    const moment = rowMoment(context, scope, { at, row, since, position: to }, ledger);
    return judged(world, ledger, { moment, sightings: rules.map((rule) => rule.onRow?.(moment) ?? null) });
  }
  const { operation } = item;
  const after = entered(ledger, operation, context.bounds, caller(operation) ?? '');
  const moment = callMoment(context, scope, operation, ledger, after);
  return judged(world, after, { moment, sightings: rules.map((rule) => rule.onCall?.(moment) ?? null) });
}

function judged(world: World, ledger: Ledger, seen: Judged): World {
  const trail = { before: world.trail, judged: seen };
  const broken = brokenBy(seen.sightings);
  if (broken === 0) return { ...world, ledger, trail };
  const breaches = sizeOf(broken);
  return {
    ...world,
    ledger,
    trail,
    broken: world.broken | broken,
    breaches: world.breaches + breaches,
    contradictions: world.contradictions + ('row' in seen.moment ? breaches : 0),
  };
}

/** The rules that the last moment broke. */
export function surprisesIn({ trail }: World): RuleSet {
  return trail === null ? 0 : brokenBy(trail.judged.sightings);
}

function brokenBy(sightings: readonly (Sighting | null)[]): RuleSet {
  return sightings.reduce((broken, sighting, i) => (sighting?.breach ? broken | (1 << i) : broken), 0);
}

export function isWithin(part: RuleSet, whole: RuleSet): boolean {
  return (part & ~whole) === 0;
}

export function sizeOf(rules: RuleSet): number {
  let size = 0;
  for (let rest = rules; rest !== 0; rest &= rest - 1) size += 1;
  return size;
}

/** The moments of a world, in their order. */
export function listed(world: World): readonly Judged[] {
  const all: Judged[] = [];
  for (let trail = world.trail; trail !== null; trail = trail.before) all.push(trail.judged);
  return all.toReversed();
}

/** All that what follows depends on. */
export function stateOf({ ledger, presumed: taken }: World): string {
  const { tenure, waits, strayEnd, sweptAt } = ledger;
  return JSON.stringify([taken.map(({ operation }) => operation.call), strayEnd, sweptAt, waits, tenure]);
}
