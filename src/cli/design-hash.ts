/** A hash of a design: of its figures, its client, and the text of its program. */
import { createHash, type Hash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientConfig } from '../core/client.ts';
import type { Policy } from '../core/policy.ts';
import type { DesignSource } from '../scenario/design-source.ts';

/** What a design that comes along is made of, and the client of any: rooms of this package, as they are installed. */
const ROOMS = ['core', 'service', 'designs'] as const;

/** Of a file of the user's own its bytes count, and not those of what it imports. */
export function hashOfDesign(
  source: DesignSource,
  figures: { readonly policy: Policy; readonly client: ClientConfig },
): string {
  const hash = createHash('sha256').update(JSON.stringify(figures));
  for (const room of ROOMS) addFolder(hash, fileURLToPath(new URL(`../${room}`, import.meta.url)));
  if (source.type === 'file') hash.update(readFileSync(source.file));
  return hash.digest('hex');
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) addFolder(hash, file);
    // Beside what runs, a build leaves types and maps.
    else if (/(?<!\.d)\.[jt]s$/.test(entry.name)) hash.update(entry.name).update(readFileSync(file));
  }
}
