/** P0: a service answers what it is asked. */
import type { DesignFailed } from '../history/history.ts';
import type { Evidence } from './evidence.ts';
import type { Breach, Judgement, Law } from './law.ts';
import { tellingOf, type Telling } from './telling.ts';

export const SERVICE_ANSWERS: Law = {
  code: 'P0',
  name: 'service answers',
  kind: 'safety',
  statement: 'a service answers each call with a reply of the kind that was asked for; it neither throws nor hangs',
  judge,
};

function judge(evidence: Evidence): Judgement {
  const { history, operations, incidents } = evidence;
  const tell = tellingOf(history);
  const breaches = incidents.flatMap((event) =>
    event.type === 'design-failed' ? [breachOf(event, evidence, tell)] : [],
  );
  const answered = operations.reduce((sum, { answer }) => (answer === null ? sum : sum + 1), 0);
  return { tested: answered + breaches.length, breaches, notJudged: null };
}

const FIXES: Readonly<Record<DesignFailed['how'], string>> = {
  threw: `catch what the store throws and answer failed; anything else is a bug of the service`,
  hung: 'answer every call, also where something it waits for never comes',
  nonsense: 'answer with one of the replies of the command, with all of its fields',
};

function breachOf({ at, call, how, message }: DesignFailed, { operations }: Evidence, tell: Telling): Breach {
  const operation = call === null ? undefined : operations.find((each) => each.call === call);
  const asked =
    operation === undefined ? 'outside of any call' : `a ${operation.command.type} of ${tell.caller(operation)}`;
  const said = message.replace(/[.\s]+$/, '');
  return {
    at,
    message: deedOf(how, asked, operation === undefined),
    why: said === '' ? null : how === 'nonsense' ? `the answer is no reply: ${said}` : `the service said: ${said}`,
    fix: FIXES[how],
    calls: call === null ? [] : [call],
  };
}

function deedOf(how: DesignFailed['how'], asked: string, alone: boolean): string {
  switch (how) {
    case 'threw':
      return alone ? `the service threw ${asked}` : `the service threw while it handled ${asked}`;
    case 'hung':
      return alone
        ? `the service hung ${asked}`
        : `the service never answered ${asked}, and nothing it could wait for was left`;
    case 'nonsense':
      return alone
        ? `the service answered nonsense ${asked}`
        : `the service answered ${asked} with what is no reply to it`;
  }
}
