/** A process of S4's server: the controller's memory, the service's cache, and the database that they are to agree with. */
import type { EndCommand, HeartbeatCommand } from '../../core/command.ts';
import { decide } from '../../core/decide.ts';
import type { Reply } from '../../core/reply.ts';
import { spawn, type Procedure } from '../../service/procedure.ts';
import { withCommands, withServer, type Commands } from '../change.ts';
import { serverOf, type Design } from '../design.ts';
import { apply } from '../reference.ts';
import { create, unheard } from './creation.ts';
import { lookUp } from './look-up.ts';
import { SeatMemory } from './memory.ts';
import { commit, remember, type Process } from './process.ts';
import type { System } from './system.ts';
import { milliseconds, seconds } from '../../core/time.ts';

/** The design with a server that is made in this way. */
export function asSystem(design: Design, system: System): Design {
  const several = { agreeWithin: milliseconds(200), reconcileWithin: seconds(5) };
  const commands = (process: Process): Design => withCommands(design, () => commandsOf(process));
  const changed = withServer(design, (host) => {
    const process: Process = { system, host, controller: new SeatMemory(), cache: new SeatMemory() };
    const { server } = host;
    return {
      ...serverOf(commands(process))(host),
      memory: () => [
        { store: `controller ${server}`, seats: process.controller.rows() },
        { store: `cache ${server}`, seats: process.cache.rows() },
      ],
    };
  });
  return { ...changed, promises: system.remembers ? several : null };
}

function commandsOf(process: Process): Commands {
  const { server } = process.host;
  let [starts, lookUps] = [0, 0];
  return {
    start: (command) => create(process, command, `command-${server}-${++starts}`),
    heartbeat: (command) => heartbeat(process, command),
    end: (command) => end(process, command),
    status: (command) => lookUp(process, command, lookUps++),
  };
}

function* heartbeat(process: Process, command: HeartbeatCommand): Procedure<Reply> {
  const { system, controller, host } = process;
  const { scope } = command;
  if (system.decides === 'database') return yield* inDatabase(process, command);
  const { seat, reply } = decide(controller.read(scope), scope, command, host.policy, host.now());
  remember(process, scope, seat);
  const persisted = commit(process, 'update the heartbeat', (store) => store.write(scope, seat));
  if (system.answers === 'before-the-commit') yield* spawn(unheard(persisted));
  else yield* persisted;
  return reply;
}

/** Whichever is cleared first, a failure of the database leaves the other as it was. */
function* end(process: Process, command: EndCommand): Procedure<Reply> {
  const { system, controller, host } = process;
  const { scope } = command;
  if (system.clears === 'database-first') return yield* inDatabase(process, command);
  const { seat, reply } = decide(controller.read(scope), scope, command, host.policy, host.now());
  // A controller that has no such session, perhaps because it has cleared it before, has nothing to stop.
  if (reply.type !== 'ended' || controller.read(scope).latest?.standing.type === 'released') return reply;
  // The cache is the service's, and the controller does not clear it.
  controller.write(scope, seat, host.now());
  return yield* commit(process, 'mark it stopped', (store, now) =>
    apply(decide, store, scope, command, host.policy, now),
  );
}

/** The database decides, and the memory follows once it has. */
function* inDatabase(process: Process, command: HeartbeatCommand | EndCommand): Procedure<Reply> {
  const { scope } = command;
  const { reply, seat } = yield* commit(process, command.type, (store, now) => ({
    reply: apply(decide, store, scope, command, process.host.policy, now),
    seat: store.read(scope),
  }));
  remember(process, scope, seat);
  return reply;
}
