/** A History drawn as lines of text: who did what when, and what was answered. */
import { formatInstant, type Instant } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Answered, Called, DesignFailed, History, HistoryEvent, RequestLost } from '../history/history.ts';
import type { Finding } from '../laws/finding.ts';
import { nearest } from './nearest.ts';
import {
  actorInWords,
  clockInWords,
  commandInWords,
  faultInWords,
  networkInWords,
  replyInWords,
  scopeInWords,
  serverInWords,
  stopInWords,
} from './words.ts';

/** One line before it is set in columns. */
export interface Moment {
  readonly at: Instant;
  readonly who: string;
  readonly what: string;
  /** What was answered; null where nothing is to be answered. */
  readonly reply: string | null;
  /** The call that it shows; null where it shows none. */
  readonly call: number | null;
  /** Whether it leaves everything as it was, so that a short timeline can do without it. */
  readonly quiet: boolean;
  /** Whether it shows a probe, which is drawn only where it belongs to the finding; absent: no. */
  readonly probe?: boolean;
}

/** How many moments a timeline shows around a finding. */
const MOST_MOMENTS = 12;

/**
 * The lines of a timeline, in columns: all moments, or those that lead to the finding. Calls that show the finding are
 * marked with `>`, and gaps say how many moments they leave out.
 */
export function timeline(history: History, finding: Finding | null, most = MOST_MOMENTS): readonly string[] {
  const moments = momentsOf(history).filter(({ probe, call }) => probe !== true || belongs(call, finding));
  const shown = finding === null ? moments.map((_, index) => index) : nearest(moments, finding, most);
  const width = (text: (moment: Moment) => string): number =>
    Math.max(0, ...shown.map((index) => text(momentAt(moments, index)).length));
  const [times, names, deeds] = [width(({ at }) => formatInstant(at)), width(({ who }) => who), width(replied)];
  const lines = shown.map((index): string => {
    const moment = momentAt(moments, index);
    const mark = moment.call !== null && finding?.calls.includes(moment.call) === true ? '>' : ' ';
    const answer = moment.reply === null ? '' : `  → ${moment.reply}`;
    const deed = moment.reply === null ? moment.what : moment.what.padEnd(deeds);
    return `${mark} ${formatInstant(moment.at).padEnd(times)}  ${moment.who.padEnd(names)}  ${deed}${answer}`;
  });
  return lines.flatMap((line, position) => {
    const skipped = (shown[position] ?? 0) - (shown[position - 1] ?? -1) - 1;
    return skipped === 0 ? [line] : [`  … ${skipped} more`, line];
  });
}

function belongs(call: number | null, finding: Finding | null): boolean {
  return finding === null || (call !== null && finding.calls.includes(call));
}

/** The probes of a History, each with its answer: `heartbeat of laptop → renewed until 80s`. */
export function probesInWords({ events, cast }: History): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'called' || event.probe !== true) return [];
    const { call, command } = event;
    const end = events.find(
      (each): each is Answered | DesignFailed =>
        (each.type === 'answered' || each.type === 'design-failed') && each.call === call,
    );
    const reply =
      end === undefined
        ? 'no answer'
        : end.type === 'answered'
          ? replyInWords(end.reply, cast)
          : `${end.how === 'hung' ? 'no answer' : 'invalid reply'}: ${end.message}`;
    const by = command.type === 'status' || event.actor === null ? '' : ` of ${event.actor}`;
    return [`${command.type}${by} → ${reply}`];
  });
}

/** The column of deeds is as wide as the widest that has an answer. */
function replied({ what, reply }: Moment): string {
  return reply === null ? '' : what;
}

function momentAt(moments: readonly Moment[], index: number): Moment {
  const moment = moments[index];
  if (moment === undefined) throw new Error(`a timeline has no moment ${index}`);
  return moment;
}

/** One moment for each call, crash, restart and fault, in the order in which they took effect. */
function momentsOf(history: History): readonly Moment[] {
  const calls = new Map<number, Called>();
  const scopes = new Set<string>();
  for (const event of history.events) {
    if (event.type !== 'called') continue;
    calls.set(event.call, event);
    if ('scope' in event.command) scopes.add(scopeInWords(event.command.scope));
  }
  const answered = new Set(history.events.flatMap((event) => (event.type === 'answered' ? [event.call] : [])));
  const together = concurrentSteps(history);
  const drawing = { history, several: scopes.size > 1, together };
  return history.events.flatMap((event) => momentOf(event, drawing, calls, answered));
}

interface Drawing {
  readonly history: History;
  /** Whether a line must say which seat it is about. */
  readonly several: boolean;
  readonly together: ReadonlySet<number>;
}

function momentOf(
  event: HistoryEvent,
  drawing: Drawing,
  calls: ReadonlyMap<number, Called>,
  answered: ReadonlySet<number>,
): readonly Moment[] {
  const { cast } = drawing.history;
  const plain = (at: Instant, who: string, what: string): readonly Moment[] => [
    { at, who, what, reply: null, call: null, quiet: false },
  ];
  switch (event.type) {
    // A call is drawn where it was answered, because there it took effect.
    case 'called':
      return answered.has(event.call) ? [] : [momentOfCall(event, null, drawing)];
    case 'answered': {
      const call = calls.get(event.call);
      return call === undefined ? [] : [momentOfCall(call, event, drawing)];
    }
    case 'crashed':
      return plain(event.at, actorInWords(event.actor, cast), 'crashes');
    case 'server-restarted':
      return plain(event.at, serverInWords(event.server), 'restarts');
    case 'store-faulted':
      return plain(event.at, 'store', faultInWords(event.fault));
    case 'store-emptied':
      return plain(event.at, 'store', 'has its table made anew, empty');
    case 'server-crashed':
      return plain(event.at, serverInWords(event.server), 'crashes');
    case 'request-lost':
      return [lostRequest(event, cast)];
    case 'work-began':
      return plain(
        event.at,
        actorInWords(event.actor, cast),
        event.term === null ? 'begins to work' : `begins to work (term ${event.term})`,
      );
    case 'work-stopping':
      return plain(event.at, actorInWords(event.actor, cast), stopInWords(event.why));
    case 'work-stopped':
      return plain(event.at, actorInWords(event.actor, cast), 'has stopped working');
    case 'paused':
      return plain(event.at, actorInWords(event.actor, cast), event.why === 'hang' ? 'hangs' : 'falls asleep');
    case 'resumed':
      return plain(event.at, actorInWords(event.actor, cast), 'goes on');
    case 'network-changed':
      return plain(event.at, 'network', networkInWords(event, cast));
    case 'clock-set':
      return plain(event.at, 'clock', clockInWords(event));
    case 'design-failed':
      return plain(event.at, 'server', `${event.how}: ${event.message}`);
    case 'effect-tried':
      return event.accepted
        ? []
        : plain(event.at, actorInWords(event.actor, cast), `is refused an effect of term ${event.term}`);
    case 'held':
    case 'end':
      return [];
    default:
      return unreachable(event);
  }
}

function lostRequest({ at, actor, command }: RequestLost, cast: History['cast']): Moment {
  const who = actorInWords(actor, cast);
  return { at, who, what: commandInWords(command), reply: 'lost on the way', call: null, quiet: false };
}

function momentOfCall(call: Called, answer: Answered | null, drawing: Drawing): Moment {
  const { command } = call;
  const { cast } = drawing.history;
  const about = drawing.several && 'scope' in command ? ` on ${scopeInWords(command.scope)}` : '';
  const alongside = call.step !== null && drawing.together.has(call.step) ? ', at once' : '';
  const lost = answer?.arrived === false ? ' (the answer is lost)' : '';
  return {
    at: call.at,
    who: call.actor === null ? 'server' : actorInWords(call.actor, cast),
    what: `${call.probe === true ? 'probe: ' : ''}${commandInWords(command)}${about}${alongside}`,
    reply: answer === null ? 'no answer' : `${replyInWords(answer.reply, cast)}${lost}`,
    call: call.call,
    quiet: answer !== null && changesNothing(answer),
    ...(call.probe === true ? { probe: true } : {}),
  };
}

function changesNothing({ reply }: Answered): boolean {
  if (reply.type === 'swept') return reply.sessions?.length === 0;
  return reply.type === 'renewed' || reply.type === 'active' || reply.type === 'idle';
}

/** Steps in which several actions sent commands at once. Attempts of one action follow each other. */
function concurrentSteps(history: History): ReadonlySet<number> {
  const actions = new Map<number, Set<number>>();
  for (const event of history.events) {
    if (event.type !== 'called' || event.step === null) continue;
    const known = actions.get(event.step);
    if (known === undefined) actions.set(event.step, new Set([event.action]));
    else known.add(event.action);
  }
  return new Set([...actions].flatMap(([step, { size }]) => (size > 1 ? [step] : [])));
}
