/** How S4 creates a session: who decides, what is written when, and what is answered. */
import type { StartCommand } from '../../core/command.ts';
import { decide } from '../../core/decide.ts';
import type { Reply } from '../../core/reply.ts';
import type { Seat } from '../../core/seat.ts';
import { milliseconds, seconds } from '../../core/time.ts';
import { pause, spawn, type Procedure } from '../../service/procedure.ts';
import { StoreFailure, type SeatStore } from '../../service/store.ts';
import { apply, orFailed } from '../reference.ts';
import { check, claim } from '../rows.ts';
import { commit, remember, type Process } from './process.ts';

/** How long a start waits for its session where it can answer without one. */
const PATIENCE = seconds(5);
const LOOKS_AGAIN = milliseconds(10);

/** The session, or after a while the command that is still at it, as if that were one. */
export function* create(process: Process, command: StartCommand, commandId: string): Procedure<Reply> {
  if (process.system.answersWith === 'its-session') return yield* createSession(process, command);
  const result: { reply: Reply | null } = { reply: null };
  yield* spawn(
    (function* (): Procedure<void> {
      result.reply = yield* orFailed(createSession(process, command));
    })(),
  );
  for (let waited = 0; waited < PATIENCE; waited += LOOKS_AGAIN) {
    if (result.reply !== null) return result.reply;
    yield* pause(LOOKS_AGAIN);
  }
  if (result.reply !== null) return result.reply;
  const { policy, now } = process.host;
  const promised = decide(process.controller.read(command.scope), command.scope, command, policy, now()).reply;
  return promised.type === 'granted' ? { ...promised, session: commandId, replaced: null } : promised;
}

function createSession(process: Process, command: StartCommand): Procedure<Reply> {
  return process.system.decides === 'memory' ? inMemory(process, command) : inDatabase(process, command);
}

function* inMemory(process: Process, command: StartCommand): Procedure<Reply> {
  const { controller, host, system } = process;
  const { scope } = command;
  const { seat, reply } = decide(controller.read(scope), scope, command, host.policy, host.now());
  if (reply.type !== 'granted') return reply;
  const persisted = commit(process, 'insert the session', (store) => store.write(scope, seat));
  if (system.answers === 'after-it') yield* persisted;
  remember(process, scope, seat);
  if (system.answers === 'before-the-commit') yield* spawn(unheard(persisted));
  return reply;
}

function* inDatabase(process: Process, command: StartCommand): Procedure<Reply> {
  const { host, system } = process;
  const { policy } = host;
  const { scope } = command;
  let found: Reply | null = null;
  if (system.claims === 'after-a-check' || system.answers === 'before-the-commit') {
    found = yield* check(command, policy);
    if (found.type !== 'granted') return found;
    if (system.answers === 'before-the-commit') {
      yield* spawn(unheard(commit(process, 'insert the session', insert)));
      return found;
    }
  }
  const created = yield* commit(process, 'insert the session', insert);
  if (created.reply.type === 'granted') remember(process, scope, created.seat);
  return created.reply;

  function insert(store: SeatStore, now: Parameters<typeof claim>[3]): { reply: Reply; seat: Seat } {
    const inOne = system.claims === 'in-one-statement';
    const reply = inOne ? apply(decide, store, scope, command, policy, now) : claim(store, command, policy, now, found);
    return { reply, seat: store.read(scope) };
  }
}

/** What fails after the answer is written to a log. */
export function* unheard(procedure: Procedure<unknown>): Procedure<void> {
  try {
    yield* procedure;
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
  }
}
