/** What one schedule shows: which laws it breaks, whether an order of its calls explains it, and how it ended for everybody. */
import type { Instant } from '../../core/time.ts';
import type { Finding } from '../../laws/finding.ts';
import { certainOverlap } from '../../laws/certain-overlap.ts';
import { judgeHistory } from '../../laws/judge.ts';
import { linearizable } from '../../laws/linearizability.ts';
import { sameAnswer } from '../../laws/same-meaning.ts';
import type { History, HistoryEvent } from '../../history/history.ts';
import type { Played } from './explore.ts';
import { probeAtRest } from './at-rest.ts';
import { answerOf, eventsOf, historyOf, replyOf } from './record.ts';
import type { Place, Staged } from './stage.ts';

/** The code under which a schedule without a linear order is reported. */
const NO_ORDER = 'linearizability';

export interface Judged {
  readonly history: History;
  /** Each way in which a law broke, the first of a kind. */
  readonly breaches: readonly Breach[];
  /** Laws that were tested and held. */
  readonly kept: readonly string[];
  readonly undecided: readonly string[];
  /** Laws that this History could not test, with the reason: mostly a field that the service does not tell. */
  readonly notJudged: ReadonlyMap<string, string>;
  /** `granted, refused`: how it ended for each call. */
  readonly outcome: string;
  /** Whether some call was carried out: any reply but `failed`. */
  readonly succeeded: boolean;
}

export interface Breach {
  /** The code of the law: `P1`, or `linearizability`. */
  readonly law: string;
  /** The law and the cause: breaches alike in this are of one kind. */
  readonly sort: string;
  readonly finding: Finding;
}

/** What the History alone decides. */
type Verdicts = Omit<Judged, 'outcome' | 'succeeded'>;

/** Probes and judges schedules. Remembers what it has judged: many schedules make the same History. */
export class Judge {
  readonly #staged: Staged;
  readonly #patience: number | undefined;
  readonly #known = new Map<string, Verdicts>();
  /** The probes that followed the same events. */
  readonly #probed = new Map<string, readonly HistoryEvent[]>();

  /** `patience` in real milliseconds, for each probe. */
  constructor(staged: Staged, patience?: number) {
    this.#staged = staged;
    this.#patience = patience;
  }

  /** `place` is where the schedule was just played, so that it still holds what the calls left. */
  async judge(played: Played, place: Place = this.#staged.place): Promise<Judged> {
    const staged = this.#staged;
    const events = eventsOf(staged, played);
    const at = played.events.at(-1)?.clock ?? staged.now;
    const history = historyOf(staged, [...events, ...(await this.#probe(events, at, place))], at);
    const succeeded = played.answers.some((_, actor) => {
      const reply = replyOf(staged, played, actor);
      return reply !== null && reply.type !== 'failed';
    });
    return { ...this.#verdicts(history), outcome: outcomeOf(staged, played), succeeded };
  }

  /** Where rows tell all that a service keeps, the same answers and rows need to be probed once. */
  async #probe(events: readonly HistoryEvent[], at: Instant, place: Place): Promise<readonly HistoryEvent[]> {
    if (!place.rowsTellAll) return probeAtRest(this.#staged, { place, events, at }, this.#patience);
    const key = `${at} ${keyOf(events)}`;
    let probed = this.#probed.get(key);
    if (probed === undefined) {
      probed = await probeAtRest(this.#staged, { place, events, at }, this.#patience);
      this.#probed.set(key, probed);
    }
    return probed;
  }

  /** Statements tell the cause of a breach and decide no law, so Histories that differ in nothing else are kept alike. */
  #verdicts(history: History): Verdicts {
    const known = this.#judgedOnce(keyOf(history.events), history);
    if (known.breaches.length === 0) return known;
    return this.#judgedOnce(JSON.stringify(history.events), history);
  }

  #judgedOnce(key: string, history: History): Verdicts {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = judged(history, this.#staged);
      this.#known.set(key, known);
    }
    return known;
  }
}

/** The events as text, without the statements of the calls. */
function keyOf(events: readonly HistoryEvent[]): string {
  return JSON.stringify(events, (name, value: unknown) => (name === 'statements' ? undefined : value));
}

function judged(history: History, { place, now, clock }: Staged): Verdicts {
  const breaches: Breach[] = [];
  const kept: string[] = [];
  const undecided: string[] = [];
  const notJudged = new Map<string, string>();
  for (const { code, outcome, findings, notJudged: reason } of judgeHistory(history)) {
    for (const finding of outcome === 'broken' ? findings : []) add(breaches, code, finding);
    if (outcome === 'kept') kept.push(code);
    if (outcome === 'not-judged' && reason !== null) notJudged.set(code, reason);
  }
  // The cheap look first: grants that overlap for certain need no search.
  const overlap = certainOverlap(history);
  if (overlap !== null && !breaches.some(({ law }) => law === 'P1')) {
    add(breaches, NO_ORDER, overlapping(history, overlap.calls));
  }
  if (overlap === null && place.keepsRule) {
    const found = linearizable(history, { same: sameAnswer, instants: [now, ...clock] });
    if (found.answer === 'no') add(breaches, NO_ORDER, withoutOrder(history, found.calls, found.furthest));
    else if (found.answer === 'yes') kept.push(NO_ORDER);
    else undecided.push(NO_ORDER);
  }
  return { history, breaches, kept, undecided, notJudged };
}

function add(breaches: Breach[], law: string, finding: Finding): void {
  const sort = `${law} ${finding.cause ?? finding.title}`;
  if (!breaches.some((known) => known.sort === sort)) breaches.push({ law, sort, finding });
}

function overlapping(history: History, calls: readonly [number, number]): Finding {
  return {
    ...NO_PLACE,
    title: 'one holder',
    cause: 'grants-overlap',
    at: history.events.at(-1)?.at ?? null,
    message: 'two sessions held one seat at once, each from its grant until its end or expiry',
    why: 'neither session was ended, replaced or expired before the other was granted',
    fix: 'lock a row that exists before the check, or let a unique key or a condition in the claim itself decide',
    calls,
  };
}

function withoutOrder(history: History, calls: readonly number[], furthest: number): Finding {
  return {
    ...NO_PLACE,
    title: NO_ORDER,
    cause: 'no-order',
    at: history.events.at(-1)?.at ?? null,
    message: 'no order of the calls, one after another, gives these replies',
    why: `the rule explains at most ${furthest} of the ${calls.length} calls in any order that their spans allow`,
    fix: 'let each call take effect at one point: one statement, or one transaction that locks the row of the seat first',
    calls,
  };
}

const NO_PLACE = { kind: 'law', place: null } as const;

function outcomeOf(staged: Staged, played: Played): string {
  return played.answers
    .map((answer, actor) => {
      if (answer.type === 'crashed') return 'crashed';
      const answered = answerOf(staged, played, actor);
      if (answered === null) return 'answer lost';
      if ('invalid' in answered) return 'invalid reply';
      const { reply } = answered;
      if (reply.type === 'gone') return reply.why === undefined ? 'gone' : `gone (${reply.why})`;
      return reply.type === 'failed' && reply.sqlstate !== undefined ? `error ${reply.sqlstate}` : reply.type;
    })
    .join(', ');
}
