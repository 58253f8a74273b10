/** What a service tells: each of its requests is sent on a fresh seat, and the optional fields of its replies are listed. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import { isUsageError } from '../core/failures.ts';
import { withoutRequests } from '../designs/change.ts';
import { hasRequest, type Design } from '../designs/design.ts';
import type { History } from '../history/history.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { device } from '../scenario/words/cast.ts';
import { server } from '../scenario/words/machines.ts';
import { scenario } from '../scenario/words/scenario.ts';
import { at } from '../scenario/words/steps.ts';
import type { Untold } from '../laws/rule.ts';
import { optionalFields } from '../service/reply-gate.ts';
import { playInWorld } from '../world/play.ts';
import { playSettled } from '../world/play-settled.ts';
import type { Script } from '../world/script.ts';

/** A reply of one type, as the service gave it first. */
export interface TriedReply {
  readonly request: Command['type'];
  readonly type: Reply['type'];
  /** The optional fields that it told, and those that it did not. */
  readonly tells: readonly string[];
  readonly silent: readonly string[];
}

export interface Trial {
  readonly replies: readonly TriedReply[];
  /** Errors, hangs and invalid replies, in sentences. */
  readonly problems: readonly string[];
}

/** Plays the requests; on `postgres` where the design is one in SQL. `design` has its requests filled in. */
export async function tryDesign(design: Design, postgres: PostgresServer | null): Promise<Trial> {
  try {
    return trialIn(await played(trialFor(design), design, postgres));
  } catch (error) {
    // A start that is not granted leaves no session to name in a heartbeat or an end.
    if (!isUsageError(error)) throw error;
    return trialIn(await played(trialFor(withoutRequests(design, 'heartbeat', 'end')), design, postgres));
  }
}

async function played(script: Script, design: Design, postgres: PostgresServer | null): Promise<History> {
  if (postgres === null) return design.promised === true ? playSettled(script, design) : playInWorld(script, design);
  const { openDatabasePlayer } = await import('../world/play-on-database.ts');
  const player = await openDatabasePlayer(postgres, design);
  try {
    return await player.play(script);
  } finally {
    await player.close();
  }
}

/** A start, a heartbeat, a status and an end; and the start of a rival in between, because a refusal tells more. */
function trialFor(design: Design): Script {
  const trial = scenario({
    title: 'each request once',
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) => [
      at('1s', bot.starts()),
      ...(hasRequest(design, 'heartbeat') ? [at('2s', bot.heartbeats())] : []),
      ...(hasRequest(design, 'status') ? [at('3s', rival.asksStatus())] : []),
      at('4s', rival.starts()),
      ...(hasRequest(design, 'end') ? [at('5s', bot.ends())] : []),
      ...(hasRequest(design, 'status') ? [at('6s', rival.asksStatus())] : []),
      ...(hasRequest(design, 'sweep') ? [at('7s', server.sweeps())] : []),
    ],
    // A request that was left without an answer for so long hangs.
    until: '5m',
  });
  return trial.against(design).script;
}

function trialIn({ events }: History): Trial {
  const commands = new Map(events.flatMap((event) => (event.type === 'called' ? [[event.call, event.command]] : [])));
  const replies = new Map<string, TriedReply>();
  const problems: string[] = [];
  for (const event of events) {
    if (event.type === 'design-failed') {
      const request = event.call === null ? 'the service' : `a ${commands.get(event.call)?.type ?? 'request'}`;
      problems.push(`${request} ${HOW[event.how]}: ${event.message}`);
    }
    if (event.type !== 'answered') continue;
    const request = commands.get(event.call)?.type;
    if (request === undefined) continue;
    const { reply } = event;
    if (reply.type === 'failed') {
      problems.push(`a ${request} was answered failed${reply.message === undefined ? '' : `: ${reply.message}`}`);
      continue;
    }
    const key = `${request} ${reply.type}`;
    if (!replies.has(key)) replies.set(key, triedReply(request, reply));
  }
  return { replies: [...replies.values()], problems: [...new Set(problems)] };
}

const HOW = {
  threw: 'threw an error',
  hung: 'was not answered',
  'invalid-reply': 'was answered with an invalid reply',
};

function triedReply(request: Command['type'], reply: Reply): TriedReply {
  const fields = optionalFields(reply.type);
  const isTold = (field: string): boolean => field in reply;
  return { request, type: reply.type, tells: fields.filter(isTold), silent: fields.filter((each) => !isTold(each)) };
}

/** The reply and its field for each fact that laws need. */
const TOLD_IN: Readonly<Record<Untold, { readonly type: Reply['type']; readonly field: string }>> = {
  'the term': { type: 'granted', field: 'term' },
  'which session a start was granted': { type: 'granted', field: 'session' },
  'which session a start replaced': { type: 'granted', field: 'replaced' },
  'how long to wait': { type: 'refused', field: 'retryAfter' },
  'which sessions a sweep removed': { type: 'swept', field: 'sessions' },
};

/** Whether a reply that could have told it did not. */
export function isUntold({ replies }: Trial, what: Untold): boolean {
  const { type, field } = TOLD_IN[what];
  return replies.some((reply) => reply.type === type && reply.silent.includes(field));
}
