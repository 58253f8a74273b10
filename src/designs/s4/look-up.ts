/** The ways in which S4 looks a session up, which do not always find the same. */
import type { StatusCommand } from '../../core/command.ts';
import { decide } from '../../core/decide.ts';
import type { Reply } from '../../core/reply.ts';
import type { Seat } from '../../core/seat.ts';
import { seconds } from '../../core/time.ts';
import { read, type Procedure } from '../../service/procedure.ts';
import type { Process } from './process.ts';

/** For how long a memory that is only a cache is believed. The note asks for a limit and names none. */
const BELIEVED_FOR = seconds(5);

/** `turn` counts the look-ups: each endpoint looks in its own way, and a command does not say which one it came by. */
export function lookUp(process: Process, command: StatusCommand, turn: number): Procedure<Reply> {
  switch (process.system.looksUp) {
    case 'in-the-database':
      return inDatabase(process, command);
    case 'in-memory-first':
      return inMemoryFirst(process, command);
    case 'in-three-ways':
      return [inMemory, inDatabaseFirst, inDatabase][turn % 3]?.(process, command) ?? inDatabase(process, command);
  }
}

/** As one endpoint that asks the controller only. */
// oxlint-disable-next-line require-yield
function* inMemory({ controller, host }: Process, command: StatusCommand): Procedure<Reply> {
  return answer(controller.read(command.scope), command, { host });
}

function* inDatabaseFirst(process: Process, command: StatusCommand): Procedure<Reply> {
  const found = yield* inDatabase(process, command);
  return found.type === 'active' ? found : yield* inCache(process, command);
}

// oxlint-disable-next-line require-yield
function* inCache({ cache, host }: Process, command: StatusCommand): Procedure<Reply> {
  return answer(cache.read(command.scope), command, { host });
}

function* inMemoryFirst(process: Process, command: StatusCommand): Procedure<Reply> {
  const { controller, host } = process;
  const known = controller.recent(command.scope, host.now(), BELIEVED_FOR);
  const found = known === null ? null : answer(known, command, process);
  return found?.type === 'active' ? found : yield* inDatabase(process, command);
}

function inDatabase({ host }: Process, command: StatusCommand): Procedure<Reply> {
  return read(
    'select the session',
    (store, now) => decide(store.read(command.scope), command.scope, command, host.policy, now).reply,
  );
}

/** By the clock of the process, the only one that it has at hand. */
function answer(seat: Seat, command: StatusCommand, { host }: Pick<Process, 'host'>): Reply {
  return decide(seat, command.scope, command, host.policy, host.now()).reply;
}
