/** Where a design comes from: one that comes with Seatproof, by its name, or a module of the user's own. */
import { UsageError } from '../../core/failures.ts';
import { PRESETS } from '../../core/presets/index.ts';
import type { Design } from '../../designs/design.ts';
import { referenceDesign } from '../../designs/reference.ts';

/** Plain data, so that a worker can be told of it. */
export type DesignSource =
  | { readonly type: 'named'; readonly name: string }
  /** An absolute path. */
  | { readonly type: 'file'; readonly file: string };

export const KNOWN_DESIGNS: readonly Design[] = PRESETS.map(({ policy, about }) => referenceDesign(policy, about));

/** Throws `UsageError` where there is none. */
export async function openDesign(source: DesignSource): Promise<Design> {
  if (source.type === 'file') throw new UsageError('not yet');
  const known = KNOWN_DESIGNS.find(({ name }) => name === source.name);
  if (known === undefined) throw new UsageError(`there is no design '${source.name}'`);
  return known;
}
