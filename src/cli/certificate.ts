/** A certificate of an exhaustive search: what was searched, under which rules and bounds, and what came of it. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../core/failures.ts';
import type { Duration } from '../core/time.ts';
import type { Design } from '../designs/design.ts';
import type { SessionCheck, SessionOptions } from '../search/exhaust/session/check.ts';
import { FAULTS } from '../search/exhaust/session/session-model.ts';
import { PACKAGE } from './package.ts';

const VERSION = 1;

const duration = z
  .number()
  .int()
  .nonnegative()
  .transform((ms) => ms as Duration);

const schema = z.object({
  seatproof: z.literal('certificate'),
  version: z.literal(VERSION),
  tool: z.string(),
  design: z.object({ name: z.string(), hash: z.string() }),
  options: z.object({
    devices: z.number().int(),
    launcher: z.boolean(),
    faults: z.number().int(),
    kinds: z.array(z.enum(FAULTS)),
    unit: duration,
    latency: duration,
    allowed: duration,
    bounds: z.object({ maxStates: z.number(), maxMemory: z.number(), maxTime: duration }),
  }),
  abstracted: z.array(z.string()),
  outcome: z.object({
    result: z.enum(['proved', 'broken', 'inconclusive']),
    states: z.number(),
    distinct: z.number(),
    depth: z.number(),
    collision: z.number(),
    laws: z.array(z.object({ name: z.string(), outcome: z.string() })),
  }),
});

export type Certificate = z.infer<typeof schema>;

export function certificateOf(design: Design, options: SessionOptions, check: SessionCheck): Certificate {
  const { grid, outcome, abstracted } = check;
  const { devices, launcher, faults, kinds, allowed, bounds } = options;
  return {
    seatproof: 'certificate',
    version: VERSION,
    tool: PACKAGE.version,
    design: { name: design.name, hash: hashOf(grid) },
    options: {
      devices,
      launcher,
      faults,
      kinds: [...kinds],
      unit: grid.unit,
      latency: grid.latency,
      allowed,
      bounds: {
        maxStates: bounds.maxStates ?? 0,
        maxMemory: bounds.maxMemory ?? 0,
        maxTime: bounds.maxTime ?? (0 as Duration),
      },
    },
    abstracted: [...abstracted],
    outcome: {
      result: outcome.result,
      states: outcome.states,
      distinct: outcome.distinct,
      depth: outcome.depth,
      collision: outcome.collision,
      laws: outcome.laws.map((law) => ({ name: law.name, outcome: law.outcome })),
    },
  };
}

/** Of every figure and choice; what the server's program does shows in the counts. */
function hashOf({ policy, client }: SessionCheck['grid']): string {
  return createHash('sha256').update(JSON.stringify({ policy, client })).digest('hex');
}

export async function writeCertificate(file: string, certificate: Certificate): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(certificate, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(
      `the certificate '${file}' cannot be written (${reasonOf(error)}); name a file in a folder that exists`,
    );
  }
}

/** Throws `UsageError` for a file that is none. */
export async function readCertificate(file: string): Promise<Certificate> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `the certificate '${file}' cannot be read (${reasonOf(error)}); write one with --certificate ${file}`,
    );
  }
  const read = schema.safeParse(parsed(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageError(
    `this is no certificate of version ${VERSION}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}; write one with --certificate ${file}`,
    { file },
  );
}

/** What is different, in sentences. The version of the tool may be. */
export function differences(then: Certificate, now: Certificate): readonly string[] {
  const parts = (each: Certificate): readonly (readonly [string, unknown])[] => [
    ['the design', each.design],
    ['what was abstracted', each.abstracted],
    ...Object.entries(each.outcome),
  ];
  return parts(then).flatMap(([name, was], index) => {
    const [before, after] = [JSON.stringify(was), JSON.stringify(parts(now)[index]?.[1])];
    return before === after ? [] : [`${name}: ${before} in the certificate, ${after} now`];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/,.*/, '') : String(error);
}
