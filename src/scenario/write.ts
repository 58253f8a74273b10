/** Writes a Script as a scenario file that gives the same Script when it is loaded. */
import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../core/time.ts';
import type { Design } from '../designs/design.ts';
import { STILL, type Script, type Step } from '../world/script.ts';
import { designFor } from './design.ts';
import { needsWorld } from './needs-world.ts';
import { actionSource, type Stage } from './writing/actions.ts';
import { castSource, clockFields, clocksOfClients, namesOf, parameters } from './writing/cast.ts';
import { expectationSource } from './writing/expectations.ts';
import { array, call, entry, object, print, textEntry, type Doc } from './writing/layout.ts';
import { policySource } from './writing/policy.ts';
import { duration, fields, quoted, time } from './writing/source.ts';

/** What a scenario says besides its Script. */
export interface Told {
  /** The comment at the top of the file, as one sentence. */
  readonly heading: string;
  readonly about: string | null;
  readonly proves: readonly string[];
  readonly breaks: readonly string[];
  /** The name of a design, or one with the module that exports it by default. */
  readonly design: string | { readonly design: Design; readonly from: string } | null;
}

/**
 * The text of a TypeScript file, formatted. Loaded, it gives the same Script, with these exceptions: steps have places, one
 * in which nothing happens and nothing is expected is left out, and in a world several actions of a step become several
 * steps, as they are carried out there. Throws where a Script says what no scenario can.
 */
export function writeScenario(script: Script, told: Told): string {
  const words = new Set(['at', 'scenario']);
  const stage: Stage = { cast: script.cast, names: namesOf(script.cast), words };
  const body = scenarioSource(script, told, stage);
  const imports = [...words].sort(byCodeUnits);
  const { design } = told;
  const own = typeof design === 'object' && design !== null ? [`import ${DESIGN} from ${quoted(design.from)};\n`] : [];
  return print([
    `/** ${told.heading.replaceAll('*/', '* /')} */\n`,
    ['import ', object(imports), " from 'seatproof';\n"],
    ...own,
    '\n',
    ['export default ', call('scenario', [body], true), ';\n'],
  ]);
}

/** What the module of a design is imported as. */
const DESIGN = 'subject';

function scenarioSource(script: Script, told: Told, stage: Stage): Doc {
  const { title, policy, cast, surroundings, until } = script;
  const steps = stepsOf(script);
  const design = typeof told.design === 'object' && told.design !== null ? told.design.design : told.design;
  const base = designFor(design, policy).client;
  const isOwnPolicy = design !== null && isDeepStrictEqual(designFor(design, null).policy, policy);
  const clocks = clocksOfClients(cast, surroundings.clocks);
  const others = surroundings.clocks.filter((clock) => !clocks.includes(clock));
  const list = (field: string, codes: readonly string[]): readonly Doc[] =>
    codes.length === 0 ? [] : [entry(field, array(codes.map(quoted)))];
  const setting = (['latency', 'storeLatency', 'stopTime'] as const).flatMap((field) =>
    surroundings[field] === STILL[field] ? [] : [entry(field, duration(surroundings[field]))],
  );
  return object([
    textEntry('title', quoted(title)),
    ...(told.about === null ? [] : [textEntry('about', quoted(told.about))]),
    ...list('proves', told.proves),
    ...list('breaks', told.breaks),
    ...(design === null ? [] : [entry('design', typeof design === 'string' ? quoted(design) : DESIGN)]),
    ...(isOwnPolicy ? [] : [entry('policy', policySource(policy, stage.words))]),
    ...setting,
    ...(surroundings.servers === STILL.servers ? [] : [entry('servers', String(surroundings.servers))]),
    ...(others.length === 0
      ? []
      : [
          entry(
            'clocks',
            fields(Object.fromEntries(others.map((each) => [each.clock, fields(clockFields(each)) ?? '{}']))) ?? '{}',
          ),
        ]),
    entry('cast', castSource(cast, base, clocks, stage.words)),
    ['steps: (', parameters(stage.names), ') => ', array(steps.map((step) => stepSource(step, stage)))],
    ...(until === lastOf(steps) ? [] : [entry('until', time(until))]),
  ]);
}

function stepsOf(script: Script): readonly Step[] {
  const steps = script.steps.filter(({ actions, expectations }) => actions.length > 0 || expectations.length > 0);
  if (!needsWorld(script)) return steps;
  return steps.flatMap((step) => {
    if (step.actions.length < 2) return [step];
    if (step.expectations.length > 0) throw new Error('in a world only a step of one action can expect something');
    return step.actions.map((action) => ({ ...step, actions: [action] }));
  });
}

function stepSource({ at, actions, expectations }: Step, stage: Stage): Doc {
  const expected = expectations.map((expectation) => expectationSource(expectation, stage));
  const done = actions.map((action) => actionSource(action, stage));
  const [only] = done;
  if (only === undefined) {
    stage.words.add('expect');
    return call('at', [time(at), call('expect', expected)]);
  }
  if (done.length === 1) return call('at', [time(at), only, ...expected]);
  stage.words.add('together');
  return call('at', [time(at), call('together', done), ...expected]);
}

function lastOf(steps: readonly Step[]): Instant | null {
  return steps.at(-1)?.at ?? null;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
