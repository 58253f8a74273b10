/** Whether the answers of a run are those that its script expects, and whether those are at work who should be. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Place } from '../core/failures.ts';
import { formatInstant } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import type { History } from '../history/history.ts';
import { evidenceOf, type Operation } from '../laws/evidence.ts';
import type { Finding } from '../laws/finding.ts';
import type { Context } from './context.ts';
import { describePattern, describeReply } from './describe.ts';
import { match, type Match } from './match.ts';
import type { Action, ReplyExpectation, Script, Step, WorkExpectation } from '../world/script.ts';
import { workOf, type Work } from './work.ts';

/** One answered call of a step. */
interface Answer {
  readonly operation: Operation;
  readonly reply: Reply;
  readonly context: Context;
}

/** An expectation or a claim about a law that could not be judged, because the service does not tell what it is about. */
export interface Unjudged {
  /** `the expectation at 80s`, `P15 honest wait`. */
  readonly what: string;
  /** `the service does not tell retryAfter in its reply to a start`. */
  readonly why: string;
  readonly place: Place | null;
}

export interface Checked {
  /** Expectations that the History does not meet, in order of time. */
  readonly unmet: readonly Finding[];
  readonly unjudged: readonly Unjudged[];
  /** How many were judged, met or not. */
  readonly judged: number;
}

/** Compares a History with every expectation of its script. */
export function checkExpectations(script: Script, history: History): Checked {
  const answers = answersByStep(script, history);
  const work = workOf(history);
  const unmet: Finding[] = [];
  const unjudged: Unjudged[] = [];
  let judged = 0;
  script.steps.forEach((step, index) => {
    for (const expectation of step.expectations) {
      const result =
        expectation.type === 'works'
          ? checkWork(step, expectation, work)
          : checkOne(step, expectation, answers.get(index) ?? []);
      if (result !== null && 'what' in result) {
        unjudged.push(result);
        continue;
      }
      judged += 1;
      if (result !== null) unmet.push(result);
    }
  });
  return { unmet, unjudged, judged };
}

/** What sends a command that is answered, unless something comes between. */
const ASKS: ReadonlySet<Action['type']> = new Set<Action['type']>([
  'start',
  'heartbeat',
  'end',
  'status',
  'sweep',
  'user-starts',
  'user-stops',
]);

/** A finding where the expectation is not met for certain, the reason where that cannot be told, and null where it is met. */
function checkOne(step: Step, expectation: ReplyExpectation, answers: readonly Answer[]): Finding | Unjudged | null {
  const matched = answers.map((answer) => match(expectation.reply, answer.reply, answer.context));
  const possible = matched.filter((each) => each.possible).length;
  const certain = matched.filter((each) => each.possible && each.untold.length === 0).length;
  const wanted = describePattern(expectation.reply);
  const got = answers.map(describeAnswer).join('; ');
  switch (expectation.type) {
    case 'each': {
      if (answers.length > 0 && possible === answers.length) {
        return certain === possible ? null : notTold(step, answers, matched);
      }
      const message =
        answers.length > 0
          ? `expected ${wanted}, but ${got}`
          : step.actions.some(({ type }) => ASKS.has(type))
            ? `expected ${wanted}, but until the end of the scenario the server answers nothing`
            : `expected ${wanted}, but this step sends no command`;
      return finding(step, message, answers);
    }
    case 'count': {
      const { min, max } = expectation;
      if (certain >= min && possible <= max) return null;
      if (possible >= min && certain <= max) return notTold(step, answers, matched);
      const times = min === max ? `exactly ${min}` : `at least ${min}`;
      return finding(step, `expected ${times} × ${wanted}, found ${possible}: ${got}`, answers);
    }
    default:
      return unreachable(expectation);
  }
}

function notTold(step: Step, answers: readonly Answer[], matched: readonly Match[]): Unjudged {
  const fields = [...new Set(matched.flatMap(({ possible, untold }) => (possible ? untold : [])))].join(', ');
  const commands = [...new Set(answers.map(({ operation }) => operation.command.type))].join(' or ');
  const why = `the service does not tell ${fields} in its reply to a ${commands}`;
  return { what: `the expectation at ${formatInstant(step.at)}`, why, place: step.place };
}

function checkWork(step: Step, { actor, does }: WorkExpectation, work: Work): Finding | null {
  const { works, since, why } = work(actor, step.at);
  if (works === does) return null;
  const wanted = `expected ${actor} ${does ? 'at work' : 'not at work'}`;
  const been = since === null ? 'it never began' : `${why} at ${formatInstant(since)}`;
  return finding(step, works ? `${wanted}, but it is: ${been}` : `${wanted}, but it is not: ${been}`, []);
}

function finding(step: Step, message: string, answers: readonly Answer[]): Finding {
  return {
    kind: 'expectation',
    title: 'expectation',
    at: step.at,
    message,
    why: null,
    fix: null,
    calls: answers.map(({ operation }) => operation.call),
    place: step.place,
  };
}

/** What a client sends later on because its user once started it is not the start that the step speaks of. */
function isAbout(action: Action, { type }: Command): boolean {
  if (action.type === 'user-starts') return type === 'start';
  return action.type === 'user-stops' ? type === 'end' : true;
}

function describeAnswer({ operation, reply, context }: Answer): string {
  return `${operation.actor ?? 'the server'}'s ${operation.command.type} was answered ${describeReply(reply, context)}`;
}

/** The session and term of a grant as text; null for any other reply. */
function grantedIn(command: Command, reply: Reply): string | null {
  if (reply.type !== 'granted' || command.type !== 'start') return null;
  return `${reply.term ?? ''} ${reply.session ?? command.session}`;
}

function answersByStep(script: Script, history: History): ReadonlyMap<number, readonly Answer[]> {
  const steps = new Map<number, Answer[]>();
  const granted = new Set<string>();
  // In the order of the answers, because whether a session was granted before depends on it.
  const operations = evidenceOf(history).operations.toSorted((a, b) => a.to - b.to);
  for (const operation of operations) {
    if (operation.answer === null || operation.step === null) continue;
    if (!script.steps[operation.step]?.actions.some((action) => isAbout(action, operation.command))) continue;
    const { reply } = operation.answer;
    const session = grantedIn(operation.command, reply);
    const context = { cast: history.cast, sameSession: session !== null && granted.has(session) };
    if (session !== null) granted.add(session);
    const answers = steps.get(operation.step) ?? [];
    steps.set(operation.step, [...answers, { operation, reply, context }]);
  }
  return steps;
}
