/** How long `npm start` takes in full, a cold Postgres included. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measure, type Figure } from './figure.ts';

export async function benchStart(): Promise<readonly Figure[]> {
  return [
    await measure(
      { name: 'npm start, from nothing to the reports', unit: 's', promised: 15, better: 'lower' },
      3,
      async () => {
        const begun = performance.now();
        const child = spawn('npm', ['start', '--silent'], {
          cwd: fileURLToPath(new URL('../..', import.meta.url)),
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        const [code] = (await once(child, 'exit')) as [number | null];
        if (code !== 0) throw new Error(`npm start ended with exit code ${String(code)}`);
        return (performance.now() - begun) / 1000;
      },
    ),
  ];
}
