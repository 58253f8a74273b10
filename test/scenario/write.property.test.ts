/** A Script that is written as a scenario file and read again is the same Script, and the file is formatted. */
import fc from 'fast-check';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../src/core/presets/index.ts';
import { instant, milliseconds } from '../../src/core/time.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import * as seatproof from '../../src/index.ts';
import type { Scenario } from '../../src/index.ts';
import { needsWorld } from '../../src/scenario/needs-world.ts';
import { writeScenario, type Told } from '../../src/scenario/write.ts';
import { ALL_FAULTS } from '../../src/search/campaign/fault-kinds.ts';
import { scriptOfRun } from '../../src/search/campaign/draws.ts';
import type { Action, Expectation, ReplyPattern, Script, Step } from '../../src/world/script.ts';
import { seed } from '../seed.ts';
import { anyWorldScript } from '../world/any-world-script.ts';
import { LONG } from '../long.ts';
import { anyPolicy, anyScript } from './any-script.ts';

const RUNS = LONG ? 150 : 40;

const TOLD: Told = { heading: 'A test.', about: null, proves: [], breaks: [], design: null };
const prettier = await resolveConfig(import.meta.filename);

/** Runs the file as the loader would, with the words of the package at hand. */
function read(text: string): Scenario {
  const body = text
    .replace(/^import (\{[^}]*\}) from 'seatproof';$/ms, 'const $1 = seatproof;')
    .replace('export default ', 'return ');
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is ours, and a file for each run would take too long
  return new Function('seatproof', body)(seatproof) as Scenario;
}

/** What of a Script is kept: no places, no empty steps, and in a world one action a step. */
function kept(script: Script): Script {
  const filled = script.steps.filter(({ actions, expectations }) => actions.length + expectations.length > 0);
  const steps = needsWorld(script)
    ? filled.flatMap((step) =>
        step.actions.length < 2 ? step : step.actions.map((action) => ({ ...step, actions: [action] })),
      )
    : filled;
  return { ...script, steps: steps.map((step) => ({ ...step, place: null })) };
}

/** Expects that each Script is read back as it was written, and compares the format of some with Prettier's. Returns of how many. */
async function writeAndRead(scripts: fc.Arbitrary<Script>): Promise<number> {
  let formatted = 0;
  await fc.assert(
    fc.asyncProperty(scripts, fc.boolean(), async (script, formats) => {
      const text = writeScenario(script, TOLD);
      expect(kept(read(text).script)).toEqual(kept(script));
      // How wide letters of other scripts are, only Prettier knows.
      if (!formats || !/^[\n -~]*$/.test(text)) return;
      expect(await format(text, { ...prettier, parser: 'typescript' })).toBe(text);
      formatted += 1;
    }),
    { seed, numRuns: RUNS },
  );
  return formatted;
}

const presets = fc.constantFrom(...PRESETS.map(({ policy }) => policy));
/** Servers that are told of must be there. */
const onTwoServers = (script: Script): Script => ({ ...script, surroundings: { ...script.surroundings, servers: 2 } });
const hasSteps = ({ steps }: Script): boolean => steps.some(({ actions }) => actions.length > 0);

describe('a Script that is written and read is the same', () => {
  test('as campaigns find them', async () => {
    const draws = fc.record({ seed: fc.nat(), devices: fc.constantFrom(null, 1, 5), faults: fc.constant(ALL_FAULTS) });
    const scripts = fc
      .tuple(presets, draws, fc.nat(1_000))
      .map(([policy, drawn, run]) => scriptOfRun(referenceDesign(policy, 'a preset'), drawn, run));
    expect(await writeAndRead(scripts), `seed ${seed}`).toBeGreaterThan(0);
  });

  test('with any client, and everything that can happen in a world', async () => {
    const scripts = presets
      .chain((policy) => anyWorldScript(policy, 12))
      .filter(hasSteps)
      .map(onTwoServers);
    expect(await writeAndRead(scripts), `seed ${seed}`).toBeGreaterThan(0);
  });

  test('with any policy, led by hand', async () => {
    const scripts = anyPolicy.chain((policy) => anyScript(policy, 12));
    expect(await writeAndRead(scripts), `seed ${seed}`).toBeGreaterThan(0);
  });

  test('whatever is expected of the answers', async () => {
    const scripts = fc
      .array(fc.tuple(fc.nat(100_000), anyExpectation), { minLength: 1, maxLength: 10 })
      .map((expected) => byHand(expected.map(([at, expectation]) => stepAt(at, [{ type: 'sweep' }], [expectation]))));
    expect(await writeAndRead(scripts), `seed ${seed}`).toBeGreaterThan(0);
  });

  test('whatever the names and the title are', async () => {
    const names = fc.uniqueArray(
      fc.oneof(anyText, fc.constantFrom('at', 'class', 'client', 'actor1', '__proto__', 'a b', "it's")),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    const scripts = fc.tuple(anyText, names).map(([title, actors]): Script => {
      const policy = seatproof.recommended;
      const { script } = seatproof.scenario({
        title,
        policy,
        cast: Object.fromEntries(actors.map((name) => [name, seatproof.client(`the ${name}`)])),
        steps: (cast) =>
          actors.map((name) =>
            seatproof.at(
              '1s',
              (cast[name] as seatproof.ClientPerformer).starts(),
              seatproof.notWorking(cast[name] as seatproof.ClientPerformer),
            ),
          ),
      });
      return script;
    });
    expect(await writeAndRead(scripts), `seed ${seed}`).toBeGreaterThan(0);
  });
});

describe('what no scenario can say is not written:', () => {
  const plain = byHand([stepAt(0, [{ type: 'sweep' }], [])]);
  const [laptop] = plain.cast;
  const named = { ...seatproof.clientOf(seatproof.recommended) };
  test.each<[string, Script, string]>([
    [
      'a fingerprint of its own',
      { ...plain, cast: plain.cast.map((actor) => ({ ...actor, fingerprint: 'abc' })) },
      `'laptop' has a fingerprint of its own, which no scenario can say`,
    ],
    [
      'a sleep of a machine that nobody is on',
      { ...plain, steps: [stepAt(0, [{ type: 'sleep', device: 'fridge', lasts: milliseconds(1) }], [])] },
      `no actor of the cast is on 'fridge', so no scenario can name it`,
    ],
    [
      'somebody who is not in the cast',
      { ...plain, steps: [stepAt(0, [{ type: 'crash', actor: 'thief' }], [])] },
      `'thief' is not in the cast of the script`,
    ],
    [
      'a count from two to three',
      {
        ...plain,
        steps: [stepAt(0, [{ type: 'sweep' }], [{ type: 'count', min: 2, max: 3, reply: { type: 'ended' } }])],
      },
      `no word says 2 to 3 answers`,
    ],
    [
      'what is expected of several actions in a world',
      {
        ...plain,
        cast: laptop === undefined ? [] : [{ ...laptop, client: named }],
        steps: [stepAt(0, [{ type: 'sweep' }, { type: 'sweep' }], [{ type: 'each', reply: { type: 'swept' } }])],
      },
      `in a world only a step of one action can expect something`,
    ],
  ])('%s', (_what, script, message) => {
    expect(() => writeScenario(script, TOLD)).toThrow(message);
  });
});

/** A title or a name that a scenario may have. Keys that look like numbers would come out of order. */
/** Half of it is plain ASCII, because the format is compared of a file without other letters only. */
const anyText = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 }),
  )
  .filter((text) => !/\p{Cc}/u.test(text) && text.trim() !== '' && !/^\d+$/.test(text));

const device = fc.constantFrom('laptop', "the director's", null);
const wait = fc.nat(100_000).map(milliseconds);
const anyPattern: fc.Arbitrary<ReplyPattern> = fc.oneof(
  fc.record(
    { type: fc.constant('granted' as const), term: fc.nat(9), replaced: device, sameSession: fc.boolean() },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    {
      type: fc.constant('refused' as const),
      reason: fc.constantFrom('same-device', 'other-device', 'grace'),
      retryAfter: wait,
      holder: fc.constant('laptop'),
      replaced: device,
      notice: anyText,
    },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    { type: fc.constant('renewed' as const), expiry: fc.nat(100_000).map(instant) },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    {
      type: fc.constant('gone' as const),
      why: fc.constantFrom('expired', 'replaced', 'ended', 'unknown'),
      by: device,
    },
    { requiredKeys: ['type'] },
  ),
  fc.constant({ type: 'ended' } as const),
  fc.record({ type: fc.constant('active' as const), holder: fc.constant('laptop') }, { requiredKeys: ['type'] }),
  fc.record({ type: fc.constant('idle' as const), retryAfter: wait }, { requiredKeys: ['type'] }),
  fc.record({ type: fc.constant('swept' as const), sessions: fc.nat(9) }, { requiredKeys: ['type'] }),
  fc.record(
    { type: fc.constant('failed' as const), why: fc.constantFrom('unknown-license', 'store') },
    { requiredKeys: ['type'] },
  ),
);

const anyExpectation: fc.Arbitrary<Expectation> = anyPattern.chain((reply) =>
  fc.constantFrom<Expectation>(
    { type: 'each', reply },
    { type: 'count', min: 2, max: 2, reply },
    { type: 'count', min: 1, max: Number.MAX_SAFE_INTEGER, reply },
  ),
);

function stepAt(at: number, actions: readonly Action[], expectations: readonly Expectation[]): Step {
  return { at: instant(at), actions, expectations, place: null };
}

function byHand(steps: readonly Step[]): Script {
  const sorted = steps.toSorted((a, b) => a.at - b.at);
  const { script } = seatproof.scenario({
    title: 'by hand',
    policy: seatproof.recommended,
    cast: { laptop: seatproof.device('laptop'), director: seatproof.device("the director's") },
    steps: () => [seatproof.at('1s', seatproof.server.sweeps())],
  });
  return { ...script, steps: sorted, until: sorted.at(-1)?.at ?? instant(0) };
}
