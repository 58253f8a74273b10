/** P0: a service answers what it is asked. */
import type { Failed } from '../core/reply.ts';
import type { DesignFailed } from '../history/history.ts';
import { isAnswered, type AnsweredOperation, type Evidence } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { tellingOf, type Telling } from './telling.ts';

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

function uncaughtError(operation: AnsweredOperation, { message = '', sqlstate }: Failed, tell: Telling): Breach {
  const said = sentence(message);
  const code = sqlstate === undefined ? '' : `SQLSTATE ${sqlstate}`;
  return {
    at: operation.answer.at,
    message: `a ${operation.command.type} of ${tell.caller(operation)} ended in an error that the service did not handle`,
    why: [code, said].filter((text) => text !== '').join(': ') || null,
    fix: fixOf(sqlstate),
    calls: [operation.call],
  };
}

/** By the class of the SQLSTATE, because what to do depends on it. */
function fixOf(sqlstate: string | undefined): string {
  switch (sqlstate?.slice(0, 2)) {
    case undefined:
      return 'catch the error and return a reply; a refusal is a reply, and so is a failing store';
    case '40':
      return 'retry the transaction when the database rolls it back (serialization failure, deadlock)';
    case '23':
      return 'catch the constraint violation and return a refusal, or remove the row that stands in the way first';
    default:
      return 'catch the error of the database and return failed, or declare it: errors on the design';
  }
}

const FIXES: Readonly<Record<DesignFailed['how'], string>> = {
  threw: 'catch what the store throws and answer failed; any other error is a bug of the service',
  hung: 'answer every call, also where the event it waits for never comes',
  'invalid-reply': 'return a reply of the command, with each field it tells in its form',
};

function breachOf({ at, call, how, message, example }: DesignFailed, { operations }: Evidence, tell: Telling): Breach {
  const operation = call === null ? undefined : operations.find((each) => each.call === call);
  const asked = operation === undefined ? null : `a ${operation.command.type} of ${tell.caller(operation)}`;
  const said = sentence(message);
  return {
    at,
    message: deedOf(how, asked),
    why: said === '' ? null : how === 'invalid-reply' ? said : `the service reported: ${said}`,
    fix: example === undefined ? FIXES[how] : `return for example ${example}`,
    calls: call === null ? [] : [call],
  };
}

function deedOf(how: DesignFailed['how'], asked: string | null): string {
  switch (how) {
    case 'threw':
      return asked === null ? 'the service threw outside of any call' : `the service threw while it handled ${asked}`;
    case 'hung':
      return asked === null
        ? 'the service hung outside of any call'
        : `the service never answered ${asked}, and no event was left that it could wait for`;
    case 'invalid-reply':
      return `the service answered ${asked ?? 'a call'} with an invalid reply`;
  }
}

function sentence(text: string): string {
  return text.replace(/[.\s]+$/, '');
}
