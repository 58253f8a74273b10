/** Does on a database what the store of a world did: the same commands, in the order in which they took effect, at the same times. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import { formatInstant, type Instant } from '../core/time.ts';
import { serverOf, type Design } from '../designs/design.ts';
import type { History, SeatRow } from '../history/history.ts';
import type { Finding } from '../laws/finding.ts';
import type { Deployment } from '../service/port.ts';
import type { Procedure, ServerProcess, Waiting } from '../service/procedure.ts';
import { send } from '../service/send.ts';
import { StoreFailure } from '../service/store.ts';
import { licensesOf } from '../world/licenses.ts';
import { playInWorld } from '../world/play.ts';
import type { Script } from '../world/script.ts';
import { differenceFinding, keyOf, replyDifference, rowDifference } from './agree.ts';

/** A command as it took effect in a store, or was found to be about a license that the store does not know. */
export interface Effect {
  readonly command: Command;
  /** The store's clock. */
  readonly now: Instant;
  readonly reply: Reply;
  /** Everything that the store held afterwards. */
  readonly rows: readonly SeatRow[];
}

export interface Replayed {
  /** What happened in the world, as it did on the database too where there is no difference. */
  readonly history: History;
  readonly difference: Finding | null;
}

/**
 * Plays the script in a world, and then does each effect on the deployment, which is reset first, and compares every reply
 * and every row. The design must do one statement a command, as the reference does. What a store refused, and what never
 * reached it, has no effect; what took effect and was never answered has. The store's clock must not be set back, because a
 * deployment's cannot.
 */
export async function replay(script: Script, design: Design, deployment: Deployment): Promise<Replayed> {
  const { history, effects } = effectsIn(script, design);
  const on = deployment.name;
  await deployment.reset(licensesOf(script));
  let difference: Finding | null = null;
  for (const { command, now, reply, rows } of effects) {
    await deployment.setClock(now);
    const about = `the ${command.type} at ${formatInstant(now)} of the store's clock`;
    const actual = await send(deployment.service, command);
    const message =
      replyDifference(about, reply, actual, on) ??
      rowDifference(now, byScope(rows), byScope(await deployment.held()), on);
    if (message === null) continue;
    difference = differenceFinding(on, now, message, []);
    break;
  }
  return { history: { ...history, on }, difference };
}

/** What takes effect in a world, in its order. */
export function effectsIn(
  script: Script,
  design: Design,
): { readonly history: History; readonly effects: readonly Effect[] } {
  const effects: Effect[] = [];
  const watched: Design = {
    ...design,
    serve: (host) => {
      const process = serverOf(design)(host);
      const watching: ServerProcess = {
        handle: (command, caller) => watch(process.handle(command, caller), command, effects),
      };
      return watching;
    },
  };
  // Actions that are impossible were reported when the script was played on the model.
  return { history: playInWorld(script, watched, () => undefined), effects };
}

/** The same procedure, with each statement that takes effect written down. */
function* watch(procedure: Procedure<Reply>, command: Command, effects: Effect[]): Procedure<Reply> {
  let step = procedure.next();
  while (step.done !== true) {
    let outcome: unknown;
    let failure: { readonly error: unknown } | null = null;
    try {
      outcome = yield watchStatement(step.value, command, effects);
    } catch (error) {
      failure = { error };
    }
    step = failure === null ? procedure.next(outcome) : procedure.throw(failure.error);
  }
  return step.value;
}

function watchStatement(waiting: Waiting, command: Command, effects: Effect[]): Waiting {
  if (waiting.type !== 'statement') return waiting;
  return {
    ...waiting,
    run(store, now) {
      try {
        const reply = waiting.run(store, now) as Reply;
        effects.push({ command, now, reply, rows: store.all() });
        return reply;
      } catch (error) {
        if (error instanceof StoreFailure && error.why === 'unknown-license') {
          effects.push({
            command,
            now,
            reply: { type: 'failed', why: error.why, message: error.message },
            rows: store.all(),
          });
        }
        throw error;
      }
    },
  };
}

function byScope(rows: readonly SeatRow[]): ReadonlyMap<string, SeatRow> {
  return new Map(rows.map((row) => [keyOf(row.scope), row]));
}
