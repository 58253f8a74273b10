/** Probes a service when the calls of an execution are over: what it answers then shows what the calls have left. */
import { formatDuration, type Duration, type Instant } from '../../core/time.ts';
import type { HistoryEvent } from '../../history/history.ts';
import { probesOf, type Probe } from '../../service/probe.ts';
import type { Checked } from '../../service/reply-gate.ts';
import { ask } from '../../service/send.ts';
import type { SessionService } from '../../service/port.ts';
import { DEFAULTS } from './execution.ts';
import { answerEvent, SeenRows } from './record.ts';
import type { Place, Staged } from './stage.ts';

/** Where the calls were just played, the events of that, and the instant of the clock when they were over. */
export interface AtRest {
  readonly place: Place;
  readonly events: readonly HistoryEvent[];
  readonly at: Instant;
}

/**
 * Sends one probe after another and returns the events. A probe without an answer within `patience` real milliseconds hangs;
 * it is the last one.
 */
export async function probeAtRest(
  { stranger }: Pick<Staged, 'stranger'>,
  { place, events, at }: AtRest,
  patience: number = DEFAULTS.patience,
): Promise<readonly HistoryEvent[]> {
  const service = await place.atRest();
  const asked: HistoryEvent[] = [];
  const rows = new SeenRows(place.name, events);
  const probes = probesOf(events, stranger, (request) => place.has(request));
  let call = events.filter(({ type }) => type === 'called').length;
  asked.push(...rows.look(at, await place.rows()));
  let turn = probes.next();
  while (turn.done !== true) {
    const { actor, command } = turn.value;
    asked.push({ type: 'called', at, sent: at, call, actor, step: null, action: 0, command, probe: true });
    const checked = await within(patience, service, turn.value, place.errors);
    if (checked === null) {
      await place.giveUp();
      const message = `no answer came within ${formatDuration(patience as Duration)}`;
      return [...asked, { type: 'design-failed', at, call, how: 'hung', message }];
    }
    asked.push(answerEvent(call, at, checked), ...rows.look(at, await place.rows()));
    call += 1;
    turn = probes.next('reply' in checked ? checked.reply : null);
  }
  return asked;
}

/** Null where no answer comes in time. */
async function within(
  patience: number,
  service: SessionService,
  { command }: Probe,
  errors: readonly string[],
): Promise<Checked | null> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patience);
  });
  try {
    return await Promise.race([ask(service, command, errors), late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
