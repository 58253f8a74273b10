/** One course of events that is possible for a seat so far, and how it goes on with the next item. */
import type { Fingerprint } from '../core/seat.ts';
import type { Course, Item } from './course.ts';
import type { Unanswered } from './walk.ts';
import type { AnsweredOperation, Operation } from './evidence.ts';
import { crashed, entered, setBack, type Ledger, type Tenure } from './ledger.ts';
import { isPlainRow, plainSign } from './plain.ts';
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

/** A plain renewal, or the row after one. Every rule knows beforehand what it makes of them. */
export type PlainMoment =
  | { readonly plain: 'row' }
  | {
      readonly plain: 'call';
      readonly operation: AnsweredOperation;
      readonly before: Ledger;
      readonly after: Ledger;
    };

/** A set of rules: bit i stands for the rule at place i. */
export type RuleSet = number;

/** What is needed to judge the next item. */
export interface Judging {
  readonly context: Context;
  readonly rules: readonly Rule[];
  readonly caller: (operation: Operation) => Fingerprint | null;
  /** Whether plain moments are recognised; that must make no difference but to speed. */
  readonly plainly: boolean;
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
  readonly judged: Judged | PlainMoment;
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
    const { at, row, before, since, to } = item;
    if (judging.plainly && isPlain(ledger, item))
      return { ...world, trail: { before: world.trail, judged: PLAIN_ROW } };
    const moment = rowMoment(context, scope, { at, row, before, since, position: to }, ledger);
    return judged(world, ledger, { moment, sightings: rules.map((rule) => rule.onRow?.(moment) ?? null) });
  }
  const { operation } = item;
  const after = entered(ledger, operation, context.bounds, caller(operation) ?? '');
  const last = ledger.tenure?.sign.earliest;
  const sign = judging.plainly && last !== undefined ? plainSign(ledger, last, operation, context.bounds) : null;
  if (sign !== null)
    return {
      ...world,
      ledger: after,
      trail: { before: world.trail, judged: { plain: 'call', operation, before: ledger, after } },
    };
  const moment = callMoment(context, scope, operation, ledger, after);
  return judged(world, after, { moment, sightings: rules.map((rule) => rule.onCall?.(moment) ?? null) });
}

const PLAIN_ROW: PlainMoment = { plain: 'row' };

function isPlain({ tenure }: Ledger, { row, since }: Extract<Item, { type: 'row' }>): boolean {
  if (tenure === null || tenure.standing.type !== 'held') return false;
  const { sign } = tenure;
  return sign.kind === 'heartbeat' && sign.earliest === sign.latest && isPlainRow(tenure, sign.earliest, row, since);
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
    contradictions: world.contradictions + ('operation' in seen.moment ? 0 : breaches),
  };
}

/** The rules that the last moment broke. */
export function surprisesIn({ trail }: World): RuleSet {
  return trail === null || 'plain' in trail.judged ? 0 : brokenBy(trail.judged.sightings);
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
export function listed(world: World): readonly (Judged | PlainMoment)[] {
  const all: (Judged | PlainMoment)[] = [];
  for (let trail = world.trail; trail !== null; trail = trail.before) all.push(trail.judged);
  return all.toReversed();
}

/** All that what follows depends on, as text. */
export function stateOf({ ledger, presumed: taken }: World): string {
  const { tenure, former, waits, strayEnd, sweptAt } = ledger;
  let text = `${strayEnd} ${sweptAt} ${taken.length}`;
  for (const { operation } of taken) text += ` ${operation.call}`;
  for (const { device, until, call } of waits) text += ` w${named(device)} ${until} ${call}`;
  if (former !== null) text += ` f${named(former)}`;
  return tenure === null ? text : `${text} ${asText(tenure)}`;
}

function asText(tenure: Tenure): string {
  const {
    id,
    term,
    device,
    credential,
    call,
    sign,
    promised,
    standing,
    closedUntil,
    ids,
    startedAs,
    actors,
    crashedAt,
  } = tenure;
  const { earliest, latest, kind } = sign;
  let text = `${named(id)} ${term} ${named(device)} ${credential === null ? '' : named(credential)} ${call} ${earliest} ${latest} ${kind} ${sign.call} ${promised} ${crashedAt} ${closedUntil} ${standing.type}`;
  if (standing.type !== 'held') text += ` ${standing.at} ${standing.call}`;
  if (standing.type === 'revoked') text += ` ${named(standing.by)}`;
  for (const own of ids) text += ` i${named(own)}`;
  for (const started of startedAs) text += ` s${named(started)}`;
  for (const actor of actors) text += actor === null ? ' a' : ` a${named(actor)}`;
  return text;
}

/** With its length, so that no two lists of names read the same. */
function named(text: string): string {
  return `${text.length}:${text}`;
}
