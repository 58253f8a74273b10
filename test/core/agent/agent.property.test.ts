/** A client under random inputs, answers and times: what it never does, whatever reaches it. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agent, dueAt } from '../../../src/core/agent.ts';
import { FRESH_AGENT, type AgentInput, type AgentState } from '../../../src/core/agent/state.ts';
import type { ClientConfig } from '../../../src/core/client.ts';
import type { Reply } from '../../../src/core/reply.ts';
import type { Instant } from '../../../src/core/time.ts';
import { seed } from '../../seed.ts';
import { anyConfig, replyOf } from './any-client.ts';

const RUNS = 3_000;

/** What reaches the client after a while. `back` counts requests from the last one sent, so that old ones are answered too. */
interface Happening {
  readonly after: number;
  /** Whether it stands still meanwhile, so that nothing that is due is done in time. */
  readonly hangs: boolean;
  readonly what:
    | 'time'
    | 'start'
    | 'take-over'
    | 'stop'
    | 'wake'
    | 'at-rest'
    | { readonly back: number; readonly reply: Reply['type'] };
  readonly session: number;
  readonly term: number;
}

const anyHappening: fc.Arbitrary<Happening> = fc.record({
  after: fc.oneof(fc.constantFrom(0, 0, 1, 5, 10, 20), fc.nat({ max: 70 })),
  hangs: fc.boolean(),
  what: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('time', 'start', 'start', 'take-over', 'stop', 'wake', 'at-rest') },
    {
      weight: 8,
      arbitrary: fc.record({
        back: fc.constantFrom(0, 0, 0, 1, 2, 5),
        reply: fc.constantFrom(
          'granted',
          'granted',
          'granted',
          'renewed',
          'renewed',
          'refused',
          'gone',
          'failed',
          'ended',
        ),
      }),
    },
  ),
  session: fc.constantFrom(0, 0, 0, 1),
  term: fc.constantFrom(1, 1, 1, 2),
});

/** What the rest of the program sees of the client. */
interface Seen {
  readonly now: Instant;
  readonly input: AgentInput;
  readonly before: AgentState;
  readonly after: AgentState;
  readonly works: boolean;
  /** When the time is due next. */
  readonly due: Instant | null;
  /** Whether something had been due before. */
  readonly late: boolean;
  readonly effects: ReturnType<typeof agent>['effects'];
}

/** Runs the client; it is given the time when that is due, unless it hangs. `wallJumps` sets its clock back now and then. */
function run(config: ClientConfig, happenings: readonly Happening[], jumps: readonly number[]): readonly Seen[] {
  const seen: Seen[] = [];
  const requests: { readonly sentAt: Instant; readonly session: string }[] = [];
  let [state, clock, works, sessions]: [AgentState, number, boolean, number] = [FRESH_AGENT, 10_000, false, 0];
  const give = (input: AgentInput): void => {
    const now = clock as Instant;
    const step = agent(state, input, config, now);
    for (const effect of step.effects) {
      if (effect.type === 'send') requests[effect.request] = { sentAt: now, session: effect.command.session };
      if (effect.type === 'begin-work') works = true;
      if (effect.type === 'stop-work') works = false;
    }
    const before = dueAt(state, config);
    const late = before !== null && before < now;
    const due = dueAt(step.state, config);
    seen.push({ now, input, before: state, after: step.state, works, due, late, effects: step.effects });
    state = step.state;
  };
  happenings.forEach((happening, index) => {
    const end = clock + happening.after;
    for (let due = dueAt(state, config); !happening.hangs && due !== null && due <= end; due = dueAt(state, config)) {
      clock = Math.max(clock, due);
      give({ type: 'time' });
      if (seen.length > 10_000) throw new Error('it never comes to rest');
    }
    clock = end + (jumps[index] ?? 0);
    give(inputOf(happening, requests, () => `s${(sessions += 1)}`));
  });
  return seen;
}

function inputOf(
  { what, session, term }: Happening,
  requests: readonly { readonly sentAt: Instant; readonly session: string }[],
  newSession: () => string,
): AgentInput {
  if (what === 'start' || what === 'take-over') {
    const scope = { license: 'L1', symbol: '' };
    return { type: 'start', scope, session: newSession(), device: 'laptop', takeOver: what === 'take-over' };
  }
  if (typeof what === 'string') return { type: what };
  const request = Math.max(1, requests.length - 1 - what.back);
  const asked = requests[request] ?? { sentAt: 0 as Instant, session: 's0' };
  const id = session === 0 ? asked.session : 'somebody else';
  return { type: 'answer', request, sentAt: asked.sentAt, reply: replyOf(what.reply, id, term) };
}

const courses = fc.array(anyHappening, { minLength: 1, maxLength: 40 });
const anyJumps: fc.Arbitrary<readonly number[]> = fc.array(fc.constantFrom(0, 0, 0, -30, -500, 100), { maxLength: 40 });

/** What a run shows that must never be; empty where it shows nothing of the kind. */
type Rule = (seen: readonly Seen[], config: ClientConfig) => readonly unknown[];

const NEVER: Readonly<Record<string, Rule>> = {
  'works other than in the phase that says so': (seen) =>
    seen.filter(({ after, works }) => works !== (after.phase === 'working')),

  'is told to begin work that runs, or to stop work that does not': (seen) =>
    seen
      .flatMap(({ effects }) => effects.map(({ type }) => type))
      .filter((type) => type === 'begin-work' || type === 'stop-work')
      .filter((type, index) => type !== (index % 2 === 0 ? 'begin-work' : 'stop-work')),

  'begins work again before the work before has come to rest': (seen) => {
    let resting = false;
    return seen.filter(({ input, before, effects }) => {
      if (input.type === 'at-rest' && before.phase !== 'working') resting = false;
      const begins = resting && effects.some(({ type }) => type === 'begin-work');
      if (effects.some(({ type }) => type === 'stop-work')) resting = true;
      return begins;
    });
  },

  'leaves out a number of a request, or uses one twice': (seen) =>
    seen
      .flatMap(({ effects }) => effects.flatMap((effect) => (effect.type === 'send' ? effect.request : [])))
      .filter((request, index) => request !== index + 1),

  // With no time to wait for an answer, the attempts of one request follow one another.
  'has something due still, when it was given the time for it': (seen, config) =>
    config.requestTimeout === 0
      ? []
      : seen.filter(({ input, now, due }) => input.type === 'time' && due !== null && due <= now),

  'knows or wants what is not plain data': (seen) =>
    seen.filter(
      ({ after, effects }) => !isDeepStrictEqual(JSON.parse(JSON.stringify({ after, effects })), { after, effects }),
    ),

  'gives a session back before its work is at rest, unless it is made so': (seen, { release }) => {
    let resting = false;
    return seen.filter(({ input, effects }) => {
      if (input.type === 'at-rest') resting = false;
      if (effects.some(({ type }) => type === 'stop-work')) resting = true;
      const gives = effects.some((effect) => effect.type === 'send' && effect.command.type === 'end');
      return gives && (release === 'never' || (release === 'after-work' && resting));
    });
  },
};

/** What holds where its clock is not set back. */
const NEVER_ON_A_STEADY_CLOCK: Readonly<Record<string, Rule>> = {
  'works when its lease is as old as the fence, if it is given the time when that is due': (seen, { fence }) => {
    if (fence === null || seen.some(({ late }) => late)) return [];
    return seen.filter(({ after }, index) => {
      const next = seen[index + 1];
      if (after.phase !== 'working' || next === undefined) return false;
      const age = next.now - after.lease.anchor;
      return age > fence || (age === fence && next.input.type === 'time' && next.works);
    });
  },

  'counts its fence from anything but the sending of a request, unless it is made so': (seen, { fenceFrom }) => {
    if (fenceFrom === 'answer') return [];
    const sentAt = new Set<number>();
    return seen.filter(({ now, after, effects }) => {
      if (effects.some(({ type }) => type === 'send')) sentAt.add(now);
      return (after.phase === 'working' || after.phase === 'fenced') && !sentAt.has(after.lease.anchor);
    });
  },
};

describe('a client, whatever reaches it and when, never', () => {
  test.each(Object.entries(NEVER))('%s', (_name, rule) => {
    fc.assert(
      fc.property(anyConfig, courses, anyJumps, (config, happenings, jumps) => {
        expect(rule(run(config, happenings, jumps), config)).toEqual([]);
      }),
      { seed, numRuns: RUNS },
    );
  });

  test.each(Object.entries(NEVER_ON_A_STEADY_CLOCK))('%s', (_name, rule) => {
    let fenced = 0;
    fc.assert(
      // In half of the runs it never hangs: one hang keeps a run from being judged by its fence.
      fc.property(anyConfig, courses, fc.boolean(), (config, happenings, mayHang) => {
        const course = mayHang ? happenings : happenings.map((each) => ({ ...each, hangs: false }));
        const seen = run(config, course, []);
        expect(rule(seen, config)).toEqual([]);
        if (!seen.some(({ late }) => late) && seen.some(({ after }) => after.phase === 'fenced')) fenced += 1;
      }),
      { seed, numRuns: RUNS },
    );
    expect(fenced, `seed ${seed}`).toBeGreaterThan(10);
  });
});

describe('the random runs', () => {
  test('go through everything that it can', () => {
    const reached = new Set<string>();
    for (const [config, happenings, jumps] of fc.sample(fc.tuple(anyConfig, courses, anyJumps), {
      seed,
      numRuns: RUNS,
    })) {
      for (const { after, effects } of run(config, happenings, jumps)) {
        reached.add(after.phase);
        for (const effect of effects) {
          if (effect.type === 'send') reached.add(effect.command.type);
          if (effect.type === 'stop-work') reached.add(`stops (${effect.why})`);
        }
      }
    }
    const phases = ['idle', 'starting', 'working', 'fenced', 'stopping', 'start', 'heartbeat', 'end'];
    const stops = ['fence', 'gone', 'user', 'failure', 'wake'].map((why) => `stops (${why})`);
    expect([...phases, ...stops].filter((each) => !reached.has(each))).toEqual([]);
  });
});
