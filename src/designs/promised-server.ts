/** A service that answers by promises, or at once, as a process of an app server. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Scope, Seat } from '../core/seat.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { SessionService } from '../service/port.ts';
import { DATABASE, type Host, type Procedure, type ServerProcess, type Waiting } from '../service/procedure.ts';
import { copyOf, promiseOf, send } from '../service/send.ts';
import type { SeatStore } from '../service/store.ts';
import { requestsIn } from './design.ts';
import type { ServiceHost, StoreHandle } from './service-host.ts';

type Statement = Extract<Waiting, { type: 'statement' }>;

export function promisedServer(host: Host, serve: (host: ServiceHost) => SessionService): ServerProcess {
  let waitingFor = 0;
  const wait = <R>(waiting: Waiting): Promise<R> =>
    new Promise((resolve, reject) => {
      waitingFor += 1;
      host.wait(waiting, (outcome) => {
        waitingFor -= 1;
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value as R);
      });
    });
  const atOnce = <R>(run: (seats: SeatStore, now: Instant) => R): R =>
    host.atOnce(statement('write', 'at once', run)) as R;
  const service = serve({
    policy: host.policy,
    server: host.server,
    now: host.now,
    random: host.random,
    sleep: (ms) => wait({ type: 'pause', lasts: Math.max(0, Math.round(ms)) as Duration }),
    store: storeHandle(wait),
    seats: {
      read: (scope) => atOnce((seats) => seats.read(scope)),
      write: (scope, seat) => atOnce((seats) => seats.write(scope, seat)),
      all: () => atOnce((seats) => seats.all()),
    },
    storeNow: () => atOnce((_seats, now) => now),
  });
  return {
    handle: (command) => answer(service, command),
    requests: requestsIn(service),
    waits: () => waitingFor > 0,
  };
}

function storeHandle(wait: <R>(waiting: Waiting) => Promise<R>): StoreHandle {
  return {
    read: (scope) => wait(statement('read', 'read', (seats) => seats.read(scope))),
    readCopy: (scope) => wait(statement('read-copy', 'read a copy', (seats) => seats.read(scope))),
    write: (scope, seat) => wait(statement('write', 'write', (seats) => seats.write(scope, seat))),
    update: <R>(scope: Scope, change: (seat: Seat, now: Instant) => { readonly seat: Seat; readonly result: R }) =>
      wait<R>(
        statement('write', 'update', (seats, now) => {
          const before = seats.read(scope);
          const text = JSON.stringify(before);
          const { seat, result } = change(before, now);
          // A service may as well change the seat that it was given.
          if (seat !== before || JSON.stringify(seat) !== text) seats.write(scope, seat);
          return result;
        }),
      ),
    run: <R>(work: (seats: SeatStore, now: Instant) => R) => wait<R>(statement('write', 'run', work)),
  };
}

function statement(
  access: Statement['access'],
  label: string,
  run: (seats: SeatStore, now: Instant) => unknown,
): Statement {
  return { type: 'statement', store: DATABASE, label, access, run: (seats, now) => run(copying(seats), now) };
}

/** As with a database, what a service changes afterwards is not changed in the store. */
function copying(seats: SeatStore): SeatStore {
  return {
    read: (scope) => copyOf(seats.read(scope)),
    write: (scope, seat) => seats.write(copyOf(scope), copyOf(seat)),
    all: () => seats.all().map(copyOf),
  };
}

/** A service that answers at once may also do so in a promise. Its errors are answered where the reply is checked. */
function* answer(service: SessionService, command: Command): Procedure<Reply> {
  const answered: unknown = send(service, command);
  const promise = promiseOf(answered);
  return (promise === null ? answered : yield { type: 'promise', promise }) as Reply;
}
