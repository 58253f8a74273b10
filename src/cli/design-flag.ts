/** What `--design` names: a design that comes with Seatproof, or a module of the user's own. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { KNOWN_DESIGNS, type DesignSource } from '../search/campaign/design-source.ts';
import { wrongUsage } from './options.ts';
import { suggest } from './suggest.ts';

/** A word is a name; what looks like a path is a file. */
export function readDesign(text: string): DesignSource {
  const names = KNOWN_DESIGNS.map(({ name }) => name);
  if (names.includes(text)) return { type: 'named', name: text };
  if (/[/\\]|\.[cm]?[jt]s$/.test(text)) {
    const file = path.resolve(text);
    if (existsSync(file)) return { type: 'file', file };
    throw wrongUsage(`--design: there is no file '${text}'`, 'seatproof campaign --design ./my-service.ts');
  }
  const nearest = suggest(text, names);
  const meant = nearest === null ? '' : `. Did you mean '${nearest}'?`;
  throw wrongUsage(
    `--design: there is no design '${text}'; the designs are ${names.join(', ')}${meant}`,
    `seatproof campaign --design ${nearest ?? 'recommended'}`,
  );
}
