/** The reference design on Postgres: each command is one statement, and its row is turned into the reply. */
import type { ClientBase, Pool, QueryResultRow } from 'pg';
import type { EndCommand, HeartbeatCommand, StartCommand, StatusCommand } from '../core/command.ts';
import { graceNotice, idleNotice, refusalNotice, replacementNotice } from '../core/notices.ts';
import type { Policy } from '../core/policy.ts';
import type {
  Complete,
  EndReply,
  Failed,
  Gone,
  HeartbeatReply,
  Holder,
  Refused,
  StartReply,
  StatusReply,
} from '../core/reply.ts';
import { unreachable } from '../core/unreachable.ts';
import type { CompleteService } from '../service/port.ts';
import { answered } from './answer.ts';
import { NUMBERS } from './connection.ts';
import { END, type EndRow } from './sql/end.ts';
import { HEARTBEAT, type HeartbeatRow } from './sql/heartbeat.ts';
import { START, type StartRow } from './sql/start.ts';
import { STATUS, type StatusRow } from './sql/status.ts';
import { SWEEP, type SweepRow } from './sql/sweep.ts';
import { byScope } from './rows.ts';
import { failedOrThrow, unknownLicense } from './store-failure.ts';

/** A pool, or one connection. */
export type Queryable = Pick<ClientBase | Pool, 'query'>;

/** How often a start is said again that lost the race for the very first grant of a seat. Twice needs a seat that came and went. */
const START_ATTEMPTS = 10;

/**
 * The service over the tables of `migrate`, found through the search path. `database` is asked at each use, because a
 * restart replaces it. A lost connection, and a server that no longer answers, is thrown as `EnvironmentError`.
 */
export function postgresService(database: () => Queryable, policy: Policy): CompleteService {
  const boundary = policy.expiry === 'at' ? 0 : 1;
  const sweepEvery = policy.cleanUp.type === 'swept' ? policy.cleanUp.every : null;
  const { timeout, grace } = policy;

  const rowsOf = async <R extends QueryResultRow>(
    statement: { readonly name: string; readonly text: string },
    values: readonly unknown[],
  ): Promise<readonly R[]> => {
    const { rows } = await database().query<R>({ ...statement, values: [...values], types: NUMBERS });
    return rows;
  };

  return {
    start: (command) =>
      orFailed('start', command.scope.license, async () => {
        const { scope, session, device } = command;
        // The reference always tells the term to take over.
        const takeOver = command.takeOver === 'any' ? null : command.takeOver;
        const asked = [scope.license, scope.symbol, session, device, takeOver];
        const rules = [timeout, boundary, policy.onConflict, policy.sameDevice, sweepEvery];
        const values = [...asked, ...rules, grace.afterExpiry, grace.afterTakeover];
        for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
          const [row] = await rowsOf<StartRow>(START, values);
          if (row !== undefined) return startReply(row, command, policy);
        }
        throw new Error(`a start lost the race for the first grant of a seat ${START_ATTEMPTS} times`);
      }),

    heartbeat: (command) =>
      orFailed('heartbeat', command.scope.license, async () => {
        const values = [...named(command), timeout, boundary, policy.lateHeartbeat];
        const [row] = await rowsOf<HeartbeatRow>(HEARTBEAT, values);
        return row === undefined ? unknownLicense(command.scope.license) : heartbeatReply(row, command);
      }),

    end: (command) =>
      orFailed('end', command.scope.license, async () => {
        const [row] = await rowsOf<EndRow>(END, named(command));
        return row === undefined ? unknownLicense(command.scope.license) : endReply(row);
      }),

    status: ({ scope }: StatusCommand) =>
      orFailed('status', scope.license, async () => {
        const values = [scope.license, scope.symbol, boundary, sweepEvery, grace.afterExpiry, grace.afterTakeover];
        const [row] = await rowsOf<StatusRow>(STATUS, values);
        return row === undefined ? unknownLicense(scope.license) : statusReply(row, policy);
      }),

    sweep: () =>
      orFailed('sweep', null, async () => {
        const rows = await rowsOf<SweepRow>(SWEEP, [boundary]);
        const sessions = rows.map(({ license_key, symbol, session_id, device, term }) => {
          return { session: session_id, device, term, scope: { license: license_key, symbol } };
        });
        return { type: 'swept', sessions: sessions.sort(byScope) };
      }),
  };
}

async function orFailed<R>(
  command: string,
  license: string | null,
  answer: () => Promise<R>,
): Promise<R | Complete<Failed>> {
  try {
    return await answered(command, answer());
  } catch (error) {
    return failedOrThrow(error, command, license);
  }
}

function named({ scope, session, term }: HeartbeatCommand | EndCommand): readonly unknown[] {
  return [scope.license, scope.symbol, session, term];
}

function startReply(row: StartRow, { device, scope: { license } }: StartCommand, policy: Policy): Complete<StartReply> {
  switch (row.verdict) {
    case 'granted':
    case 'kept':
      return granted(row, null, null);
    case 'replaced': {
      const holder = holderOf(row);
      return granted(row, holder, replacementNotice(holder.device === device ? 'this-device' : 'another-device'));
    }
    case 'revoked':
      return { ...keptFree(row, device, policy), replaced: holderOf(row) };
    case 'other-device':
    case 'same-device':
      return refused(row, row.verdict, policy);
    case 'grace':
      return keptFree(row, device, policy);
    case 'gone':
      return row.asker_how === null ? gone('ended', null) : gone(row.asker_how, row.holder_device);
    case 'unknown-license':
      return unknownLicense(license);
    default:
      return unreachable(row.verdict);
  }
}

function granted(row: StartRow, replaced: Holder | null, notice: string | null): Complete<StartReply> {
  const { session_id: session, term } = row;
  return { type: 'granted', session, term, expiry: row.expiry, replaced, notice };
}

function refused(row: StartRow, reason: 'same-device' | 'other-device', policy: Policy): Complete<Refused> {
  const retryAfter = row.retry_after_ms;
  const notice = refusalNotice(reason, retryAfter, policy.onConflict === 'ask');
  return { type: 'refused', reason, holder: holderOf(row), retryAfter, replaced: null, notice };
}

function keptFree(row: StartRow, caller: string, policy: Policy): Complete<Refused> {
  const holder = holderOf(row);
  const retryAfter = row.retry_after_ms;
  const closing = holder.device === caller ? 'this-device' : 'another-device';
  // The row tells how the seat stood before the statement; what this very statement revoked is not to come back.
  const returns = row.verdict === 'grace' && mayReturn(row.holder_state, policy);
  const notice = graceNotice(closing, retryAfter, returns);
  return { type: 'refused', reason: 'grace', holder, retryAfter, replaced: null, notice };
}

/** Whether who had the seat last may have it again before its grace is over. */
function mayReturn(state: StartRow['holder_state'], policy: Policy): boolean {
  const byHeartbeat = state === 'held' && policy.lateHeartbeat === 'revive';
  const byStart = state !== 'revoked' && policy.sameDevice !== 'refuse';
  return byHeartbeat || byStart;
}

function holderOf({ holder_session_id: session, holder_device: device, holder_term: term }: StartRow): Holder {
  if (session === null || device === null || term === null) throw new Error('the statement returned no holder');
  return { session, device, term };
}

function heartbeatReply(row: HeartbeatRow, { term }: HeartbeatCommand): Complete<HeartbeatReply> {
  // The statement matches the term, so without one it has renewed no row.
  if (row.verdict !== 'renewed' || term === null)
    return gone(row.verdict === 'renewed' ? 'unknown' : row.verdict, row.by);
  return { type: 'renewed', term, expiry: row.expiry };
}

function endReply(row: EndRow): Complete<EndReply> {
  return row.verdict === 'released' || row.verdict === 'ended' ? { type: 'ended' } : gone(row.verdict, row.by);
}

function statusReply(row: StatusRow, policy: Policy): Complete<StatusReply> {
  if (!row.active) {
    const retryAfter = row.retry_after_ms;
    return { type: 'idle', retryAfter, notice: idleNotice(retryAfter, mayReturn(row.state, policy)) };
  }
  const { session_id: session, device, term, expiry } = row;
  if (session === null || device === null || term === null || expiry === null) {
    throw new Error('the statement returned an active seat without a holder');
  }
  return { type: 'active', holder: { session, device, term }, expiry };
}

function gone(why: Complete<Gone>['why'], by: string | null): Complete<Gone> {
  return { type: 'gone', why, by };
}
