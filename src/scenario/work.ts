/** Who is at work when, as a History tells it. */
import type { Instant } from '../core/time.ts';
import type { History, HistoryEvent } from '../history/history.ts';

export interface AtWork {
  readonly works: boolean;
  /** When and how it came to this; null where the actor never began to work. */
  readonly since: Instant | null;
  readonly why: string | null;
}

/** How an actor stands once everything of an instant has happened. */
export type Work = (actor: string, at: Instant) => AtWork;

const NEVER: AtWork = { works: false, since: null, why: null };

/** A process that stands still does not work, and one that dies does not either. */
export function workOf(history: History): Work {
  const courses = new Map<string, AtWork[]>();
  const begun = new Set<string>();
  const still = new Set<string>();
  const turns = (actor: string, since: Instant, why: string): void => {
    const course = courses.get(actor) ?? [];
    course.push({ works: begun.has(actor) && !still.has(actor), since, why });
    courses.set(actor, course);
  };
  for (const event of history.events) {
    const why = turnIn(event);
    if (why === null || !('actor' in event) || event.actor === null) continue;
    const { actor, at, type } = event;
    if (type === 'work-began') begun.add(actor);
    if (type === 'work-stopped' || type === 'crashed') begun.delete(actor);
    if (type === 'paused') still.add(actor);
    if (type === 'resumed' || type === 'crashed') still.delete(actor);
    turns(actor, at, why);
  }
  return (actor, at) => courses.get(actor)?.findLast(({ since }) => since !== null && since <= at) ?? NEVER;
}

function turnIn(event: HistoryEvent): string | null {
  switch (event.type) {
    case 'work-began':
      return 'it began to work';
    case 'work-stopped':
      return 'its work came to rest';
    case 'crashed':
      return 'it crashed';
    case 'paused':
      return event.why === 'sleep' ? 'its machine fell asleep' : 'it began to hang';
    case 'resumed':
      return 'it went on';
    default:
      return null;
  }
}
