/** The script in the HTML report: built with the package, or made on the spot where the sources run. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export async function pageScript(): Promise<string> {
  if (import.meta.url.endsWith('.ts')) return bundlePage();
  return readFile(new URL('../tune/page.js', import.meta.url), 'utf8');
}

/** One file of JavaScript with the charts and the closed forms in it, for browsers. */
export async function bundlePage(): Promise<string> {
  // Only where the sources are: what is installed has no bundler, and needs none.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../tune/page/main.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    write: false,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('the bundler made no file');
  return file.text;
}
