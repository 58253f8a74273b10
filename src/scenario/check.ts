/** Whether the answers of a run are those that its script expects, and whether those are at work who should be. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import { formatInstant } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import type { History } from '../history/history.ts';
import { evidenceOf, type Operation } from '../laws/evidence.ts';
import type { Finding } from '../laws/finding.ts';
import type { Context } from './context.ts';
import { describePattern, describeReply } from './describe.ts';
import { matches } from './match.ts';
import type { Action, ReplyExpectation, Script, Step, WorkExpectation } from '../world/script.ts';
import { workOf, type Work } from './work.ts';

/** One answered call of a step. */
interface Answer {
  readonly operation: Operation;
  readonly reply: Reply;
  readonly context: Context;
}

/** Every expectation of the script that this History does not meet, in order of time. */
export function checkExpectations(script: Script, history: History): readonly Finding[] {
  const answers = answersByStep(script, history);
  const work = workOf(history);
  return script.steps.flatMap((step, index) =>
    step.expectations.flatMap((expectation) =>
      expectation.type === 'works'
        ? checkWork(step, expectation, work)
        : checkOne(step, expectation, answers.get(index) ?? []),
    ),
  );
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

function checkOne(step: Step, expectation: ReplyExpectation, answers: readonly Answer[]): readonly Finding[] {
  const matching = answers.filter(({ reply, context }) => matches(expectation.reply, reply, context));
  const wanted = describePattern(expectation.reply);
  const got = answers.map(describeAnswer).join('; ');
  switch (expectation.type) {
    case 'each': {
      if (answers.length > 0 && matching.length === answers.length) return [];
      const message =
        answers.length > 0
          ? `expected ${wanted}, but ${got}`
          : step.actions.some(({ type }) => ASKS.has(type))
            ? `expected ${wanted}, but until the end of the scenario the server answers nothing`
            : `expected ${wanted}, but this step sends no command`;
      return [finding(step, message, answers)];
    }
    case 'count': {
      const { min, max } = expectation;
      if (matching.length >= min && matching.length <= max) return [];
      const times = min === max ? `exactly ${min}` : `at least ${min}`;
      return [finding(step, `expected ${times} × ${wanted}, found ${matching.length}: ${got}`, answers)];
    }
    default:
      return unreachable(expectation);
  }
}

function checkWork(step: Step, { actor, does }: WorkExpectation, work: Work): readonly Finding[] {
  const { works, since, why } = work(actor, step.at);
  if (works === does) return [];
  const wanted = `expected ${actor} ${does ? 'at work' : 'not at work'}`;
  const been = since === null ? 'it never began' : `${why} at ${formatInstant(since)}`;
  return [finding(step, works ? `${wanted}, but it is: ${been}` : `${wanted}, but it is not: ${been}`, [])];
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

function answersByStep(script: Script, history: History): ReadonlyMap<number, readonly Answer[]> {
  const steps = new Map<number, Answer[]>();
  const granted = new Set<string>();
  // In the order of the answers, because whether a session was granted before depends on it.
  const operations = evidenceOf(history).operations.toSorted((a, b) => a.to - b.to);
  for (const operation of operations) {
    if (operation.answer === null || operation.step === null) continue;
    if (!script.steps[operation.step]?.actions.some((action) => isAbout(action, operation.command))) continue;
    const { reply } = operation.answer;
    const session = reply.type === 'granted' ? `${reply.term} ${reply.session}` : null;
    const context = { cast: history.cast, sameSession: session !== null && granted.has(session) };
    if (session !== null) granted.add(session);
    const answers = steps.get(operation.step) ?? [];
    steps.set(operation.step, [...answers, { operation, reply, context }]);
  }
  return steps;
}
