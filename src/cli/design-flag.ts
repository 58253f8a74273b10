/** The flag `--design`: a built-in design by its name, or a module of the user's own. Each command resolves it once. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { kindOf, type Design } from '../designs/design.ts';
import { openDesign, type DesignSource } from '../scenario/design-source.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { wrongUsage } from './options.ts';

/** A design of the command line. */
export interface NamedDesign {
  readonly design: Design;
  /** As the user wrote it: a name or a path. */
  readonly text: string;
}

export interface OpenedDesign extends NamedDesign {
  /** Other threads open the design from it. */
  readonly source: DesignSource;
}

/** Commands that take designs as arguments, not by a flag. */
const POSITIONAL: ReadonlySet<string> = new Set(['compare', 'designs']);

/**
 * Opens the design that `text` names: text with a slash, a backslash or the ending of a module is a file. Throws
 * `UsageError` where there is no such design.
 */
export async function resolveDesign(text: string, command: string): Promise<OpenedDesign> {
  const source = sourceOf(text, command);
  return { design: await openDesign(source), text, source };
}

/** Whether the text names a module of the user's own, not a built-in design. */
export function isDesignFile(text: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/.test(text);
}

function sourceOf(text: string, command: string): DesignSource {
  if (!isDesignFile(text)) return { type: 'named', name: text };
  const file = path.resolve(text);
  if (existsSync(file)) return { type: 'file', file };
  const named = POSITIONAL.has(command);
  throw wrongUsage(
    `${named ? '' : '--design: '}there is no file '${text}'`,
    `seatproof ${command} ${named ? '' : '--design '}./my-service.ts`,
  );
}

/** Throws `UsageError` for a design in SQL, with the reason why the command cannot use it. */
export function rejectSqlOnly({ design, text }: NamedDesign, command: string, why: string): void {
  if (kindOf(design) !== 'sql') return;
  throw wrongUsage(
    `seatproof ${command} cannot use ${design.name}: it is a design in SQL, and ${why}`,
    `seatproof race --design ${text}`,
  );
}

/** The Postgres for a design in SQL; null for a design that needs none. Throws `UsageError` or `EnvironmentError`. */
export async function serverFor(
  { design, text }: NamedDesign,
  postgres: string | undefined,
  command: 'campaign' | 'designs',
): Promise<PostgresServer | null> {
  if (kindOf(design) !== 'sql') {
    if (postgres === undefined) return null;
    throw wrongUsage(
      `--postgres: ${design.name} runs in process, so no Postgres is used; designs in SQL run on one`,
      `seatproof ${command} ${POSITIONAL.has(command) ? '' : '--design '}${text}`,
    );
  }
  const { openServer, parsePostgresChoice } = await import('../postgres/server.ts');
  return openServer(parsePostgresChoice(postgres ?? 'embedded'));
}
