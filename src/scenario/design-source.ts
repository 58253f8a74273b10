/** Where a design comes from: a built-in one, by its name, or a module of the user's own; and how it is opened. */
import { UsageError } from '../core/failures.ts';
import { designByName } from '../designs/all.ts';
import type { Design } from '../designs/design.ts';
import { DESIGN_EXAMPLE, isDesign } from '../designs/written.ts';
import { loadDefaultExport } from './load.ts';

/** Plain data, so that a worker thread can open the same design. */
export type DesignSource =
  | { readonly type: 'named'; readonly name: string }
  /** An absolute path. */
  | { readonly type: 'file'; readonly file: string };

/** A design of the command line, and the source from which other threads open it. */
export interface OpenedDesign {
  readonly design: Design;
  /** As the user wrote it: a name or a path. */
  readonly text: string;
  readonly source: DesignSource;
}

/**
 * Loads the design. None of its code runs but its module: `withItsRequests` makes its service. Throws `UsageError` for a
 * name or a file that has no design.
 */
export async function openDesign(source: DesignSource): Promise<Design> {
  if (source.type === 'named') return designByName(source.name);
  const { file } = source;
  const exported = await loadDefaultExport(file);
  if (isDesign(exported)) return exported;
  throw new UsageError(`the default export is not a design; write for example ${DESIGN_EXAMPLE}`, { file });
}
