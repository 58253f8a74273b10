/** Where a design comes from: one that comes with Seatproof, by its name, or a module of the user's own. */
import { UsageError } from '../../core/failures.ts';
import { designByName } from '../../designs/all.ts';
import type { Design } from '../../designs/design.ts';
import { isDesign } from '../../designs/written.ts';
import { loadDefaultExport } from '../../scenario/load.ts';

/** Plain data, so that a worker can be told of it. */
export type DesignSource =
  | { readonly type: 'named'; readonly name: string }
  /** An absolute path. */
  | { readonly type: 'file'; readonly file: string };

/** Throws `UsageError` where there is none. */
export async function openDesign(source: DesignSource): Promise<Design> {
  if (source.type === 'named') return designByName(source.name);
  const exported = await loadDefaultExport(source.file);
  if (isDesign(exported)) return exported;
  throw new UsageError(
    `the default export is not a design; write for example ` +
      `export default design({ name: 'my-service', policy: recommended, serve: (host) => new MyService(host) })`,
    { file: source.file },
  );
}
