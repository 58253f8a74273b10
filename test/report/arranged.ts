/** Reports to print: histories and findings written by hand, small enough to read. */
import type { Command } from '../../src/core/command.ts';
import { s3 } from '../../src/core/presets/s3.ts';
import type { Reply } from '../../src/core/reply.ts';
import { instant, milliseconds, seconds, type Instant } from '../../src/core/time.ts';
import type { Actor, Called, History, HistoryEvent } from '../../src/history/history.ts';
import type { Finding } from '../../src/laws/finding.ts';
import type { Verdict } from '../../src/laws/law.ts';
import type { Played, RunReport, Target } from '../../src/report/run-report.ts';

const BOT: Actor = { name: 'bot', device: 'laptop', fingerprint: '00000000000000aa', client: null };
const DESKTOP: Actor = { name: 'desktop', device: 'desktop', fingerprint: '00000000000000bb', client: null };
const SCOPE = { license: 'L1', symbol: '' };

export const at = (time: number): Instant => instant(seconds(time));

/** Events of a history with their calls numbered as they come. */
class Recorder {
  readonly events: HistoryEvent[] = [];
  #calls = 0;

  call(time: number, actor: Actor | null, command: Command, more: Partial<Called> = {}): number {
    const call = this.#calls++;
    const name = actor?.name ?? null;
    const step = actor === null ? null : call;
    this.events.push({
      type: 'called',
      at: at(time),
      sent: at(time),
      call,
      actor: name,
      step,
      action: 0,
      command,
      ...more,
    });
    return call;
  }

  answer(time: number, call: number, reply: Reply, arrived = true): this {
    this.events.push({ type: 'answered', at: at(time), call, storeTime: at(time), reply, arrived });
    return this;
  }

  ask(time: number, actor: Actor | null, command: Command, reply: Reply, arrived = true): this {
    return this.answer(time, this.call(time, actor, command), reply, arrived);
  }

  also(event: HistoryEvent): this {
    this.events.push(event);
    return this;
  }

  history(title: string, on = 'model', until = 80): History {
    const events: readonly HistoryEvent[] = [...this.events, { type: 'end', at: at(until) }];
    return { title, on, policy: s3, cast: [BOT, DESKTOP], clocks: [], stores: null, events };
  }
}

const start = (session: string, device: Actor): Command => ({
  type: 'start',
  scope: SCOPE,
  session,
  device: device.fingerprint,
  takeOver: null,
});

const granted = (session: string, term: number, until: number): Reply => ({
  type: 'granted',
  session,
  term,
  expiry: at(until),
  replaced: null,
  notice: null,
});

const heartbeat: Command = { type: 'heartbeat', scope: SCOPE, session: 'bot-1', term: 1, device: BOT.fingerprint };
const renewed = (until: number): Reply => ({ type: 'renewed', term: 1, expiry: at(until) });
const holder = { session: 'bot-1', device: BOT.fingerprint, term: 1 };

/** A bot crashes, and a rival comes a millisecond too early, and then in time. */
export const crash = new Recorder()
  .ask(0, BOT, start('bot-1', BOT), granted('bot-1', 1, 40))
  .ask(20, BOT, heartbeat, renewed(60))
  .also({ type: 'crashed', at: at(25), actor: 'bot' })
  .ask(59.999, DESKTOP, start('desktop-1', DESKTOP), {
    type: 'refused',
    reason: 'other-device',
    holder,
    retryAfter: milliseconds(1),
    replaced: null,
    notice: 'License in use on another device.',
  })
  .ask(60, DESKTOP, start('desktop-2', DESKTOP), granted('desktop-2', 2, 100))
  .history('a bot that crashes frees its license at the timeout');

/** Everything that a timeline can show, in a run that is longer than a timeline. */
export const outage = (() => {
  const recorder = new Recorder().ask(0, BOT, start('bot-1', BOT), granted('bot-1', 1, 40));
  for (let beat = 1; beat <= 20; beat++) recorder.ask(beat * 20, BOT, heartbeat, renewed(beat * 20 + 40), beat !== 20);
  recorder
    .also({ type: 'store-faulted', at: at(410), fault: 'table-missing' })
    .ask(420, BOT, heartbeat, { type: 'failed', why: 'store', message: 'the table of the seats is missing' })
    .also({ type: 'server-restarted', at: at(425), server: 1 })
    .also({ type: 'store-faulted', at: at(430), fault: null })
    .ask(450, null, { type: 'sweep' }, { type: 'swept', sessions: [{ ...holder, scope: SCOPE }] })
    .ask(451, DESKTOP, { type: 'status', scope: SCOPE }, { type: 'idle', retryAfter: seconds(0), notice: '' });
  const [first, second] = [0, 1].map((action) =>
    recorder.call(460, [BOT, DESKTOP][action] ?? BOT, start(`s-${action}`, BOT), { step: 90, action }),
  );
  recorder.answer(460, second ?? 0, granted('s-1', 2, 500)).answer(460, first ?? 0, granted('s-0', 3, 500));
  recorder.call(470, BOT, { type: 'end', scope: SCOPE, session: 's-0', term: 3, device: BOT.fingerprint });
  return recorder.history('a store that fails in the middle of a long session', 'model', 480);
})();

const NAMES = { P1: 'one holder', P12: 'no early expiry', P17: 'one boundary', P19: 'conditional sweep' };

export function verdict(code: keyof typeof NAMES, outcome: Verdict['outcome'], tested = 3): Verdict {
  const notJudged = outcome === 'not-judged' ? 'the history holds no sweep' : null;
  return { code, name: NAMES[code], outcome, tested, findings: [], notJudged, inDoubt: false };
}

export function played(changes: Partial<Played> = {}): Played {
  return {
    title: 'a bot that crashes frees its license at the timeout',
    about: 'from the note on crash detection',
    file: 'scenarios/s3/crash.scenario.ts',
    line: 4,
    group: 's3',
    on: 'model',
    result: 'passed',
    doubt: null,
    findings: [],
    proves: ['P1', 'P12'],
    breaks: ['P17'],
    verdicts: [
      verdict('P1', 'kept'),
      verdict('P12', 'kept', 1),
      verdict('P17', 'broken'),
      verdict('P19', 'untested', 0),
    ],
    orders: { played: 1, total: 1 },
    commands: 4,
    history: crash,
    historyFile: 'histories/s3-a-bot-that-crashes-frees-its-license-at-the-timeout.model.jsonl',
    durationMs: 12.3456,
    ...changes,
  };
}

const MODEL: Target = { name: 'model', about: 'the model', flags: '--on model' };
const POSTGRES: Target = { name: 'postgres', about: 'PostgreSQL 18.4 (embedded)', flags: '--on postgres' };

export function report(all: readonly Played[], changes: Partial<RunReport> = {}): RunReport {
  const targets = [MODEL, POSTGRES].filter(({ name }) => all.some(({ on }) => on === name));
  return {
    tool: '0.1.0',
    command: 'npx seatproof',
    seed: 0x5eed01,
    startedAt: '2026-11-21T11:00:00.000Z',
    wallMs: 4_210,
    targets,
    played: all,
    goals: [
      { name: 'expiry', statement: 'a session expired', count: 3 },
      { name: 'takeover', statement: 'a device took over the live session of another', count: 0 },
    ],
    files: ['reports/report.json', 'reports/junit.xml', 'reports/histories/'],
    ...changes,
  };
}

export const lawFinding: Finding = {
  kind: 'law',
  title: 'P1 one holder',
  at: at(460),
  message: 'two sessions held the seat of license L1',
  why: 'desktop was granted term 2 at 460s, and laptop term 3 at the same instant, while term 2 had 40s left',
  fix: 'make the claim one conditional statement',
  calls: [24, 25],
  place: null,
};

export const expectationFinding: Finding = {
  kind: 'expectation',
  title: 'expectation',
  at: at(59.999),
  message: `expected granted, but desktop's start was answered refused (other-device, held by laptop, retry after 1ms)`,
  why: null,
  fix: null,
  calls: [2],
  place: { file: 'scenarios/s3/crash.scenario.ts', line: 12 },
};

const differenceFinding: Finding = {
  kind: 'difference',
  title: 'postgres differs from the model',
  at: at(60),
  message:
    'after 60s, the seat of L1 has term 2 on the model, 1 on postgres; none of the 2 orders of the model explains it',
  why: null,
  fix: null,
  calls: [],
  place: { file: 'scenarios/s3/crash.scenario.ts', line: 4 },
};

/** One report of each kind that is printed. */
export const reports = {
  passed: report(
    ['s0', 's1', 's3', 'own'].flatMap((group) =>
      ['model', 'postgres'].flatMap((on) =>
        [1, 2, 3].map((line) => played({ group, on, line, file: `scenarios/${group}/crash.scenario.ts` })),
      ),
    ),
  ),
  law: report([
    played({
      title: 'a store that fails in the middle of a long session',
      result: 'failed',
      findings: [lawFinding, expectationFinding],
      verdicts: [verdict('P1', 'broken'), verdict('P12', 'kept')],
      history: outage,
      orders: { played: 2, total: 2 },
    }),
    played(),
  ]),
  expectation: report(
    ['model', 'postgres'].map((on) =>
      played({ title: `it's refused a millisecond early`, on, result: 'failed', findings: [expectationFinding] }),
    ),
  ),
  difference: report([
    played(),
    played({ on: 'postgres', result: 'failed', findings: [differenceFinding], history: { ...crash, on: 'postgres' } }),
  ]),
  inconclusive: report([
    played({ result: 'inconclusive', orders: { played: 5_040, total: 40_320 } }),
    played({ line: 9 }),
  ]),
} as const;
