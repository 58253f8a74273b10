/** What an execution may have to say against a call, or of the server: nothing can be explored then. */
import { EnvironmentError } from '../../core/failures.ts';
import type { Actor } from './actor.ts';
import { RaceFault } from './fault.ts';
import type { Open } from './settle.ts';
import type { Step } from './step.ts';

/** It has taken as many steps as it may. */
export function endless({ name: call, taken }: Actor, { what: statement }: Step): RaceFault {
  return new RaceFault('never-finishes', {
    call,
    statement,
    says: `took ${taken} steps and wants more; the next is`,
    fix: 'bound how often it tries again, or allow more steps',
  });
}

/** `patience` is in milliseconds. */
export function tooSlow(call: string, { step }: Open, patience: number): RaceFault {
  return new RaceFault('never-finishes', {
    call,
    statement: step.what,
    says: `has a step that is neither done nor waits for a lock of these calls after ${patience / 1000} s`,
    fix: 'see what it waits for: another program on the same server, or something that never comes',
  });
}

/** Nothing can go on, and not everybody has come to an end. `open` is a step that waits, if there is one. */
export function stuck(actors: readonly Actor[], open: Open | undefined): RaceFault {
  const nameOf = (actor: number): string => actors[actor]?.name ?? 'a call';
  const call = nameOf(open?.actor ?? 0);
  const others = (open?.waitsFor ?? []).map(nameOf).join(' and ');
  return new RaceFault('stuck', {
    call,
    statement: open?.step.what ?? null,
    says:
      open === undefined
        ? 'neither answered nor has anything to do'
        : `waits for ever for ${others === call ? 'a lock that another connection of its own holds' : others}`,
    fix: 'end every transaction before answering, and use one connection for what belongs together',
  });
}

/** `left` says how it leaves its connections. */
export function leavesOpen({ name: call }: Actor, { what: statement }: Step, left: string): RaceFault {
  return new RaceFault('open-transaction', {
    call,
    statement,
    says: `${left}; its last statement was`,
    fix: 'end the transaction and release the client on every way out: try { … COMMIT } catch { … ROLLBACK } finally { client.release() }',
  });
}

/** Of a statement, a lock, a transaction or a session. A lock that is not waited for at all has the code of one waited for too long. */
export function isTimeLimit(code: string, statement: string): boolean {
  if (code === '55P03') return !/\bnowait\b/i.test(statement);
  // A COPY for which the driver has no data is cancelled by the same code.
  if (code === '57014') return !/^copy\b/i.test(statement);
  return ['25P03', '25P04', '57P05'].includes(code);
}

/** What a limit of real time has ended, of the statement or the transaction, and the server's words for it. */
export function timeLimit({ name: call }: Actor, { what: statement }: Step, message: string): RaceFault {
  return new RaceFault('time-limit', {
    call,
    statement,
    says: `has set a time limit that ended a statement (${message}), and how long one takes here means nothing`,
    fix: 'set statement_timeout, lock_timeout and their like in the configuration of production, or high enough, not in what is raced',
  });
}

/** A connection that nobody cut. */
export function serverLost({ name }: Actor, { what }: Step, message: string): EnvironmentError {
  return new EnvironmentError(
    `the connection to Postgres was lost while ${name} said ${what} (${message}): ` +
      `see that the server stays up, and race again`,
  );
}

/** While a call ran, the server could not be reached. */
export function serverGone({ name, last }: Actor, message: string): EnvironmentError {
  const after = last === null ? '' : `, after ${last}`;
  return new EnvironmentError(
    `the connection to Postgres was lost while ${name} ran${after} (${message}): see that the server stays up, and race again`,
  );
}

/** `message` is a sentence that begins with the party that broke the protocol. */
export function brokenProtocol({ name: call, last }: Actor, message: string): RaceFault {
  return new RaceFault('protocol', {
    call,
    statement: last,
    says: `cannot be raced, because ${message}${last === null ? '' : '; its last statement was'}`,
    fix: 'connect with a Postgres client that ends its messages with Sync or Flush',
  });
}

/** `call` sent the statement while it waited for another one, or after its answer. */
export function inTheBackground(call: string, statement: string): RaceFault {
  return new RaceFault('background', {
    call,
    statement,
    says: 'sent a statement from a timer or a task that it does not await, so the order of the statement cannot be controlled',
    fix: 'await each statement before the answer, and a delay before the next statement; a delay beside other statements can be a step of its own: step(label, fn)',
  });
}

export function tooManyConnections({ name: call, last }: Actor, most: number): RaceFault {
  return new RaceFault('too-many-connections', {
    call,
    statement: last,
    says: `asked for more than ${most} connections at once${last === null ? '' : ', after'}`,
    fix: 'release each client when its work is done',
  });
}
