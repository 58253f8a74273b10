/** What package.json says of this package. */
import { readFileSync } from 'node:fs';

interface Package {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** Two folders up, both from the sources and from what is built of them. */
export const PACKAGE = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Package;

/** How this command is given: as an installed package, or from its own sources, where npx would not find it. */
export const COMMAND = import.meta.url.endsWith('.ts') ? 'npm run seatproof --' : 'npx seatproof';
