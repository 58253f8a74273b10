/** Writes the script of the HTML report beside what is built, as a step of `npm run build`. */
import { writeFile } from 'node:fs/promises';
import { bundlePage } from './page-script.ts';

await writeFile(new URL('../../dist/tune/page.js', import.meta.url), await bundlePage());
