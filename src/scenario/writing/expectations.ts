/** What is expected of a step, in the words of scenarios. */
import type { Duration, Instant } from '../../core/time.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Expectation, ReplyPattern } from '../../world/script.ts';
import { variable, type Stage } from './actions.ts';
import { call, type Doc } from './layout.ts';
import { duration, fields, literal, time } from './source.ts';

export function expectationSource(expectation: Expectation, stage: Stage): Doc {
  switch (expectation.type) {
    case 'works':
      return using(stage, expectation.does ? 'working' : 'notWorking', [variable(expectation.actor, stage)]);
    case 'each':
      return patternSource(expectation.reply, stage);
    case 'count': {
      const { min, max, reply } = expectation;
      const word = min === max ? 'exactly' : 'atLeast';
      if (min !== max && max !== Number.MAX_SAFE_INTEGER) throw new Error(`no word says ${min} to ${max} answers`);
      return using(stage, word, [String(min), patternSource(reply, stage)]);
    }
    default:
      return unreachable(expectation);
  }
}

function patternSource(pattern: ReplyPattern, stage: Stage): Doc {
  const { type, ...rest } = pattern;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const reason =
    type === 'refused'
      ? 'reason'
      : type === 'gone'
        ? 'why'
        : type === 'failed'
          ? 'why'
          : type === 'swept'
            ? 'sessions'
            : null;
  const first = given.find(([field]) => field === reason);
  const others = fields(
    Object.fromEntries(
      given.filter(([field]) => field !== reason).map(([field, value]) => [field, valueSource(field, value)]),
    ),
  );
  const args = [
    ...(first === undefined ? (reason !== null && others !== null ? ['undefined'] : []) : [literal(first[1])]),
    ...(others === null ? [] : [others]),
  ];
  return using(stage, type, args, others !== null);
}

function valueSource(field: string, value: unknown): Doc {
  if (field === 'retryAfter') return duration(value as Duration);
  if (field === 'expiry') return time(value as Instant);
  return literal(value as string | number | boolean | null);
}

function using(stage: Stage, word: string, args: readonly Doc[], hugs = false): Doc {
  stage.words.add(word);
  return call(word, args, hugs);
}
