/** The figures of a design, measured in simulated time: how soon a crashed user is let in, how often a healthy one is thrown out, what it writes. */
import { serverOf, type Design } from '../../designs/design.ts';
import type { History } from '../../history/history.ts';
import type { Procedure, Waiting } from '../../service/procedure.ts';
import { randomFrom } from '../../service/random.ts';
import { playerOf } from '../campaign/player.ts';
import { crashScript, DAYS, lossScript, steadyScript } from './conditions.ts';

export interface Measures {
  /** How long after a crash another device gets in that tries each second, in milliseconds; null where it never did. */
  readonly recovery: { readonly mean: number; readonly p95: number; readonly max: number } | null;
  /** Sessions of a healthy client that were lost or given up in a day, where one request in a hundred is lost. */
  readonly falseExpiriesPerDay: number;
  /** Statements that wrote, in a second, for a thousand devices at work. */
  readonly writesPerSecond: number;
}

/** How many crashes are looked at, at times spread evenly over a heartbeat interval or a sweep period. */
const CRASHES = 100;

export async function measure(design: Design, seed: number): Promise<Measures> {
  return {
    recovery: await measureRecovery(design),
    falseExpiriesPerDay: await measureFalseExpiries(design, seed),
    writesPerSecond: await measureWrites(design),
  };
}

async function measureRecovery(design: Design): Promise<Measures['recovery']> {
  const player = playerOf(design);
  const { cleanUp, heartbeat, timeout } = design.policy;
  const period = Math.max(heartbeat, cleanUp.type === 'swept' ? cleanUp.every : 0);
  const waits: number[] = [];
  for (let n = 0; n < CRASHES; n += 1) {
    const crashAt = timeout + Math.round(((n + 0.5) * period) / CRASHES);
    const history = await player.play(crashScript(design, crashAt));
    const letIn = history.events.find((event) => event.type === 'work-began' && event.actor === 'rival');
    if (letIn === undefined) return null;
    waits.push(letIn.at - crashAt);
  }
  waits.sort((a, b) => a - b);
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  return { mean, p95: waits[Math.ceil(waits.length * 0.95) - 1] ?? 0, max: waits.at(-1) ?? 0 };
}

async function measureFalseExpiries(design: Design, seed: number): Promise<number> {
  const history = await playerOf(design).play(lossScript(design, randomFrom(seed)));
  return lossesIn(history) / DAYS;
}

/** Stops that no user wanted, and times at which the store would have let another in although the client was at work. */
function lossesIn({ events, policy }: History): number {
  const boundary = policy.timeout + (policy.expiry === 'at' ? 0 : 1);
  let lost = 0;
  let sign: number | null = null;
  for (const event of events) {
    if (event.type === 'work-stopping' && event.why !== 'user') {
      lost += 1;
      sign = null;
    }
    if (event.type !== 'answered' || (event.reply.type !== 'granted' && event.reply.type !== 'renewed')) continue;
    if (sign !== null && event.storeTime - sign >= boundary) lost += 1;
    sign = event.storeTime;
  }
  return lost;
}

async function measureWrites(design: Design): Promise<number> {
  let writes = 0;
  const script = steadyScript(design);
  await playerOf(watched(design, () => (writes += 1))).play(script);
  return (writes / (script.until / 1000)) * 1000;
}

/** The same design, and `onWrite` is told of each statement that writes. */
function watched(design: Design, onWrite: () => void): Design {
  const watch = (waiting: Waiting): Waiting => watchStatement(waiting, onWrite);
  return {
    ...design,
    serve(host) {
      const process = serverOf(design)({
        ...host,
        wait: (waiting, done) => host.wait(watch(waiting), done),
        atOnce: (statement) => host.atOnce(watch(statement) as typeof statement),
      });
      const handle: typeof process.handle = (command, caller) => watchAll(process.handle(command, caller), watch);
      return { ...process, handle };
    },
  };
}

function* watchAll<R>(procedure: Procedure<R>, watch: (waiting: Waiting) => Waiting): Procedure<R> {
  let turn = procedure.next();
  while (turn.done !== true) {
    const waiting: Waiting =
      turn.value.type === 'spawn'
        ? { type: 'spawn', procedure: watchAll(turn.value.procedure, watch) }
        : watch(turn.value);
    let outcome: unknown;
    let failure: { readonly error: unknown } | null = null;
    try {
      outcome = yield waiting;
    } catch (error) {
      failure = { error };
    }
    turn = failure === null ? procedure.next(outcome) : procedure.throw(failure.error);
  }
  return turn.value;
}

function watchStatement(waiting: Waiting, onWrite: () => void): Waiting {
  if (waiting.type !== 'statement' || waiting.access !== 'write') return waiting;
  const { run } = waiting;
  return {
    ...waiting,
    run(store, now) {
      let wrote = false;
      const seats = {
        read: store.read.bind(store),
        all: store.all.bind(store),
        write: (...args: Parameters<typeof store.write>) => {
          wrote = true;
          store.write(...args);
        },
      };
      const result = run(seats, now);
      if (wrote) onWrite();
      return result;
    },
  };
}
