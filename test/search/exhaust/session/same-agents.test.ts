/** What the session model leaves out of a client makes no difference, whatever reaches it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agent, dueAt } from '../../../../src/core/agent.ts';
import { FRESH_AGENT, type AgentInput, type AgentState, type AgentStep } from '../../../../src/core/agent/state.ts';
import type { ClientConfig } from '../../../../src/core/client.ts';
import type { Reply } from '../../../../src/core/reply.ts';
import type { Instant } from '../../../../src/core/time.ts';
import { NOW } from '../../../../src/search/exhaust/session/numbers/normal.ts';
import { amongRequests, simplestAgent } from '../../../../src/search/exhaust/session/numbers/same-agents.ts';
import { anyConfig, replyOf } from '../../../core/agent/any-client.ts';
import { LONG } from '../../../long.ts';
import { seed } from '../../../seed.ts';

const RUNS = LONG ? 5_000 : 2_000;

const INPUTS: ReadonlySet<string> = new Set(['time', 'start', 'take-over', 'stop', 'wake', 'at-rest']);

/** What happens after a while: an input, or something to one of the requests under way, by its place among them. */
interface Happening {
  readonly after: number;
  readonly what: 'time' | 'start' | 'take-over' | 'stop' | 'wake' | 'at-rest' | Reply['type'] | 'lost';
  readonly place: number;
  /** Whether an answer may come once more. */
  readonly again: boolean;
  readonly term: number;
}

const happening = (what: readonly Happening['what'][], after: fc.Arbitrary<number>): fc.Arbitrary<Happening> =>
  fc.record({
    after,
    what: fc.constantFrom(...what),
    place: fc.nat({ max: 5 }),
    again: fc.boolean(),
    term: fc.constantFrom(1, 1, 1, 2),
  });

/** All of it; or what makes for starts that are given up, repeated and answered late. */
const anyCourse: fc.Arbitrary<readonly Happening[]> = fc.oneof(
  fc.array(
    happening(
      [
        ...(['time', 'time', 'time', 'start', 'start', 'take-over', 'stop', 'wake', 'at-rest'] as const),
        ...([
          'granted',
          'granted',
          'granted',
          'renewed',
          'renewed',
          'refused',
          'gone',
          'failed',
          'ended',
          'lost',
        ] as const),
      ],
      fc.oneof(fc.constantFrom(0, 0, 0, 1, 3, 5, 10), fc.nat({ max: 60 })),
    ),
    { minLength: 1, maxLength: 24 },
  ),
  fc.array(happening(['start', 'take-over', 'time', 'stop', 'refused', 'gone'], fc.constantFrom(0, 30)), {
    minLength: 4,
    maxLength: 12,
  }),
);

/** A request that can still be answered. */
interface UnderWay {
  readonly request: number;
  readonly sentAt: Instant;
  readonly session: string;
}

/** Instants so much longer ago. */
function aged<State>(state: State, by: number): State {
  return JSON.parse(JSON.stringify(state), (key, value: unknown) =>
    typeof value === 'number' && ['anchor', 'sentAt', 'due'].includes(key) ? value - by : value,
  ) as State;
}

function inputFor({ what, term }: Happening, name: string, asked: UnderWay | undefined): AgentInput | null {
  switch (what) {
    case 'start':
    case 'take-over':
      return {
        type: 'start',
        scope: { license: 'L1', symbol: '' },
        session: name,
        device: 'laptop',
        takeOver: what === 'take-over',
      };
    case 'time':
    case 'stop':
    case 'wake':
    case 'at-rest':
      return { type: what };
    case 'lost':
      return null;
    default: {
      if (asked === undefined) return null;
      const { request, sentAt, session } = asked;
      return { type: 'answer', request, sentAt, reply: replyOf(what, session, term) };
    }
  }
}

/** A client, its simple twin, and what can still be answered. */
interface Pair {
  own: AgentState;
  twin: AgentState;
  underWay: readonly UnderWay[];
}

function pass(pair: Pair, by: number): void {
  pair.own = aged(pair.own, by);
  pair.twin = aged(pair.twin, by);
  pair.underWay = aged(pair.underWay, by);
}

/** Which request an answer is to, or is lost; it is then under way no more, or once more. */
function takeOut(pair: Pair, { what, place, again }: Happening): UnderWay | undefined {
  if (INPUTS.has(what)) return undefined;
  const asked = pair.underWay[place % pair.underWay.length];
  if (what === 'lost' || !again) pair.underWay = pair.underWay.filter((each) => each !== asked);
  return asked;
}

function give(pair: Pair, input: AgentInput, config: ClientConfig): void {
  const step: AgentStep = agent(pair.own, input, config, NOW);
  const other: AgentStep = agent(pair.twin, input, config, NOW);
  expect(other.effects).toEqual(step.effects);
  pair.own = step.state;
  pair.twin = other.state;
  for (const effect of step.effects) {
    if (effect.type !== 'send') continue;
    const { request, command } = effect;
    pair.underWay = [...pair.underWay, { request, sentAt: NOW, session: command.session }];
  }
}

/** What is due in the past is due now. */
function dueOf(state: AgentState, config: ClientConfig): number | null {
  const due = dueAt(state, config);
  return due === null ? null : Math.max(due, NOW);
}

test('a client and one that is made simple after every step say the same, and at the same times', () => {
  fc.assert(
    fc.property(anyConfig, anyCourse, (config, course) => {
      const pair: Pair = { own: FRESH_AGENT, twin: FRESH_AGENT, underWay: [] };
      for (const [index, each] of course.entries()) {
        pass(pair, each.after);
        const input = inputFor(each, `s${index}`, takeOut(pair, each));
        if (input !== null) give(pair, input, config);
        const bits = pair.underWay.reduce((all, { request }) => all | (1 << request), 0);
        pair.twin = simplestAgent(amongRequests(pair.twin, bits), config);
        expect(dueOf(pair.twin, config)).toBe(dueOf(pair.own, config));
      }
    }),
    { seed, numRuns: RUNS },
  );
});
