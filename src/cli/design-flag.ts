/** What `--design` names: a design that comes with Seatproof, or a module of the user's own. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { designByName } from '../designs/all.ts';
import type { DesignSource } from '../search/campaign/design-source.ts';
import { wrongUsage } from './options.ts';

/** A word is a name; what looks like a path is a file. Throws `UsageError` where there is no such design. */
export function readDesign(text: string, command = 'campaign'): DesignSource {
  if (!/[/\\]|\.[cm]?[jt]s$/.test(text)) return { type: 'named', name: designByName(text).name };
  const file = path.resolve(text);
  if (existsSync(file)) return { type: 'file', file };
  throw wrongUsage(`--design: there is no file '${text}'`, `seatproof ${command} --design ./my-service.ts`);
}
