/** P0: a service answers what it is asked. */
import type { Failed } from '../core/reply.ts';
import type { DesignFailed } from '../history/history.ts';
import { isAnswered, type AnsweredOperation, type Evidence } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { errorIn, tellingOf, withoutStop, type Telling } from './telling.ts';

export const SERVICE_ANSWERS: Law = {
  code: 'P0',
  name: 'service answers',
  kind: 'safety',
  statement: 'a service answers each call with a valid reply of its kind; it neither throws nor hangs',
  judge,
};

function judge(evidence: Evidence): Judgement {
  const { history, operations, incidents } = evidence;
  const tell = tellingOf(history);
  const failures = incidents.flatMap((event) =>
    event.type === 'design-failed' ? [breachOf(event, evidence, tell)] : [],
  );
  const answered = operations.filter(isAnswered);
  const errors = answered.flatMap((operation) => {
    const { reply } = operation.answer;
    // A store that was made to fail may well reach the caller as an error.
    const uncaught = reply.type === 'failed' && reply.why === 'error' && !operation.disturbed;
    return uncaught ? [uncaughtError(operation, reply, tell)] : [];
  });
  const breaches = [...failures, ...errors].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return { tested: answered.length + failures.length, breaches, notJudged: null };
}

function uncaughtError(operation: AnsweredOperation, reply: Failed, tell: Telling): Breach {
  return {
    at: operation.answer.at,
    message: `${tell.request(operation)} ended in an error that the service did not handle`,
    why: errorIn(reply) || 'the error carries no message',
    ...handlingOf(reply.sqlstate),
    calls: [operation.call],
  };
}

/** By the class of the SQLSTATE, because what to do depends on it. */
function handlingOf(sqlstate: string | undefined): Pick<Breach, 'cause' | 'fix'> {
  switch (sqlstate?.slice(0, 2)) {
    case undefined:
      return {
        cause: 'unhandled-error',
        fix: 'catch the error and return a reply; a refusal is a reply, and so is a failing store',
      };
    case '40':
      return {
        cause: 'unhandled-rollback',
        fix: 'retry the transaction when the database rolls it back (serialization failure, deadlock)',
      };
    case '23':
      return {
        cause: 'unhandled-constraint',
        fix: 'catch the constraint violation and return a refusal, or remove the row that stands in the way first',
      };
    case '25':
      return {
        cause: 'unhandled-transaction-state',
        fix: 'roll the transaction back after an error, before its connection is used again',
      };
    case '42':
      return {
        cause: 'invalid-statement',
        fix: 'correct the statement or create the table, column or function that it names: it fails whatever the data',
      };
    default:
      return {
        cause: 'unhandled-database-error',
        fix: 'catch the error of the database and return failed, or declare it: errors on the design',
      };
  }
}

function breachOf(event: DesignFailed, { operations }: Evidence, tell: Telling): Breach {
  const { at, call, message } = event;
  const operation = operations.find((each) => each.call === call);
  const said = withoutStop(message);
  return {
    at,
    ...failureOf(event, operation === undefined ? null : tell.request(operation), said),
    calls: call === null ? [] : [call],
  };
}

function failureOf(
  { how, example }: DesignFailed,
  request: string | null,
  said: string,
): Pick<Breach, 'cause' | 'message' | 'why' | 'fix'> {
  const reported = said === '' ? 'the error carries no message' : `the service reported: ${said}`;
  switch (how) {
    case 'threw':
      return request === null
        ? {
            cause: 'threw-outside-a-call',
            message: 'the service threw outside of any call',
            why: reported,
            fix: 'handle the errors of work that no call awaits: timers, events of a pool, promises that are not returned',
          }
        : {
            cause: 'threw',
            message: `the service threw while it handled ${request}`,
            why: reported,
            fix: 'catch what the store throws and answer failed; any other error is a bug of the service',
          };
    case 'hung':
      return {
        cause: 'hung',
        message: `the service never answered ${request ?? 'a call'}`,
        why: said === '' ? 'no event was left that the call could wait for' : reported,
        fix: 'settle every promise that the call awaits, also where a connection or a lock is never released',
      };
    case 'invalid-reply':
      return {
        cause: 'invalid-reply',
        message: `the service answered ${request ?? 'a call'} with an invalid reply`,
        why: said === '' ? 'the reply is none of the kind that the call needs' : said,
        fix:
          example === undefined
            ? 'return a reply of the command, each field in its form'
            : `return for example ${example}`,
      };
  }
}
