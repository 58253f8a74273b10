/** A certificate of an exhaustive search: what was searched, under which rules and bounds, and what came of it. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { UsageError } from '../core/failures.ts';
import type { Duration } from '../core/time.ts';
import { designByName } from '../designs/all.ts';
import type { Design } from '../designs/design.ts';
import type { DesignSource } from '../scenario/design-source.ts';
import { allowedBy, type SessionCheck, type SessionOptions } from '../search/exhaust/session/check.ts';
import { FAULTS } from '../search/exhaust/session/faults.ts';
import { hashOfDesign } from './design-hash.ts';
import { openReportFolder, type ReportFolder } from './output.ts';
import { PACKAGE } from './package.ts';

const VERSION = 1;

const count = z.number().int().nonnegative();
const duration = count.transform((ms) => ms as Duration);

const schema = z.strictObject({
  seatproof: z.literal('certificate'),
  version: z.literal(VERSION),
  tool: z.string(),
  design: z.strictObject({
    name: z.string(),
    /** Of a design of the user's own: its module, seen from the folder of the certificate. */
    file: z.string().nullable(),
    hash: z.string().regex(/^[\da-f]{64}$/),
  }),
  options: z.strictObject({
    devices: z.number().int().min(1).max(3),
    launcher: z.boolean(),
    /** Where none are named, there was no telling them apart yet. */
    symbols: z.number().int().min(1).max(2).default(1),
    faults: count,
    kinds: z.array(z.enum(FAULTS)),
    unit: duration,
    latency: duration,
    drift: z.number().min(0).max(1),
    allowed: duration,
    bounds: z.strictObject({ maxStates: count, maxMemory: count, maxTime: duration }),
  }),
  abstracted: z.array(z.string()),
  outcome: z.strictObject({
    result: z.enum(['proved', 'broken', 'inconclusive']),
    states: count,
    distinct: count,
    depth: count,
    collision: z.number().min(0).max(1),
    laws: z.array(z.strictObject({ name: z.string(), outcome: z.string() })),
  }),
});

export type Certificate = z.infer<typeof schema>;

/** What was searched, and where the certificate of it stands. */
interface Certified {
  readonly source: DesignSource;
  readonly design: Design;
  readonly options: SessionOptions;
  readonly check: SessionCheck;
  readonly file: string;
}

export function certificateOf({ source, design, options, check, file }: Certified): Certificate {
  const { grid, outcome, abstracted } = check;
  const { devices, launcher, symbols, faults, kinds, bounds } = options;
  const module = source.type === 'file' ? path.relative(path.dirname(path.resolve(file)), source.file) : null;
  return {
    seatproof: 'certificate',
    version: VERSION,
    tool: PACKAGE.version,
    design: {
      name: design.name,
      file: module?.split(path.sep).join('/') ?? null,
      hash: hashOfDesign(source, { policy: grid.policy, client: grid.client }),
    },
    options: {
      devices,
      launcher,
      symbols,
      faults,
      kinds: [...kinds],
      unit: grid.unit,
      latency: grid.latency,
      drift: grid.policy.clockDrift,
      allowed: allowedBy(design, options),
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

/** Where the certificate will be written, as a whole or not at all. Throws `EnvironmentError` now for what could not be then. */
export async function openCertificate(file: string): Promise<(certificate: Certificate) => Promise<void>> {
  const told = { what: 'the certificate', example: 'seatproof exhaust --certificate exhaust.json' };
  const folder: ReportFolder = await openReportFolder(path.dirname(file), told);
  const name = path.basename(file);
  if (await isFolder(file))
    throw new UsageError(`the certificate '${file}' is a folder; name a file, for example ${told.example}`);
  return (certificate) => folder.add([{ name, text: `${JSON.stringify(certificate, null, 2)}\n` }]);
}

async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Throws `UsageError` for a file that is none. */
export async function readCertificate(file: string): Promise<Certificate> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/,.*/, '') : String(error);
    throw new UsageError(`the certificate '${file}' cannot be read (${reason}); write one with --certificate ${file}`);
  }
  const refuse = (why: string): UsageError =>
    new UsageError(`this is no certificate: ${why}; write one with --certificate ${file}`, { file });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('it is no JSON, or not the whole of it');
  }
  const kind = z.object({ seatproof: z.literal('certificate'), version: z.number() }).safeParse(value);
  if (!kind.success) throw refuse(`it does not say that it is one`);
  if (kind.data.version !== VERSION) {
    throw refuse(
      `it is of version ${kind.data.version}, and this is seatproof ${PACKAGE.version}, which reads ${VERSION}`,
    );
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw refuse(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/** The design of which a certificate in this file speaks. Throws `UsageError` where there is none any more. */
export function designOfCertificate({ design }: Certificate, file: string): DesignSource {
  if (design.file === null) return { type: 'named', name: designByName(design.name).name };
  return { type: 'file', file: path.resolve(path.dirname(file), design.file) };
}

/** What is different, in sentences. The version of the tool may be. */
export function differences(then: Certificate, now: Certificate): readonly string[] {
  const parts = (each: Certificate): readonly (readonly [string, unknown])[] => [
    ['the name of the design', each.design.name],
    ['the hash of the design', each.design.hash],
    ...Object.entries(each.options),
    ['what was abstracted', each.abstracted],
    ...Object.entries(each.outcome),
  ];
  return parts(then).flatMap(([name, was], index) => {
    const [before, after] = [JSON.stringify(was), JSON.stringify(parts(now)[index]?.[1])];
    return before === after ? [] : [`${name}: ${before} in the certificate, ${after} now`];
  });
}
