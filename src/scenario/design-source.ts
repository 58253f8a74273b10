/** The source of a design, as data: the name of a built-in one, or a module of the user's own. Any thread opens it. */
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
