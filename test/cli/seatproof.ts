/** Runs the program as it is built and packed, as a child process, in a project folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, inject } from 'vitest';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE = inject('builtPackage');
export const COMMAND = [process.execPath, path.join(PACKAGE, 'dist', 'cli', 'main.js')] as const;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once standard output holds this. */
  says(text: string): Promise<void>;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs it to its end. */
export function seatproof(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return begin(args, surroundings).ended;
}

/** Begins it. */
export function begin(args: readonly string[], { cwd = TOP, env = {} }: Surroundings = {}): Running {
  const [program, main] = COMMAND;
  const child = spawn(program, [main, ...args], {
    cwd,
    env: { ...withoutColours(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      heard[name] += chunk;
      for (const listener of listeners) listener();
    });
  }
  return {
    process: child,
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, ...heard }));
    }),
    says: (text) =>
      new Promise((resolve) => {
        const listener = (): void => {
          if (heard.stdout.includes(text)) resolve();
        };
        listeners.add(listener);
        listener();
      }),
  };
}

function withoutColours(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
  return rest;
}

const roots: string[] = [];

afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A folder with these files, in which the package can be imported; removed after the tests of the file. */
export function project(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'seatproof-test-'));
  roots.push(root);
  // The embedded Postgres may run as another user, and its folder may lie in here.
  chmodSync(root, 0o755);
  mkdirSync(path.join(root, 'node_modules'));
  symlinkSync(PACKAGE, path.join(root, 'node_modules', 'seatproof'));
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

/** A scenario file: these steps of a bot on a laptop and a rival on a desktop, under S3's policy. */
export function scenarioFile(title: string, steps: readonly string[], more = ''): string {
  return `import { adjust, at, atLeast, device, every, exactly, granted, refused, renewed, s3, scenario, together } from 'seatproof';
void [adjust, atLeast, every, exactly, refused, renewed, together];
export default scenario({
  title: ${JSON.stringify(title)},
  policy: s3,
  cast: { bot: device('laptop'), rival: device('desktop') },
  steps: ({ bot, rival }) => (void [bot, rival], [
    ${steps.join(',\n    ')},
  ]),
});
${more}`;
}

export const PASSES = scenarioFile('a start is granted', [`at('0s', bot.starts(), granted())`]);
export const FAILS = scenarioFile('a rival is let in too early', [
  `at('0s', bot.starts(), granted())`,
  `at('39s', rival.starts(), granted())`,
]);

/** So many steps that nobody waits for its end, and a line on standard output once it is read. */
export const LASTS = scenarioFile(
  'a session that lasts',
  [`at('0s', bot.starts(), granted())`, `...every('20ms', { from: '20ms', to: '1900s' }, bot.heartbeats(), renewed())`],
  `process.stdout.write('read\\n');\n`,
);

/** Eight at once have 40,320 orders; of crashes, because nothing of them has to be judged. */
export const TOO_MANY = scenarioFile('eight crashes at once', [
  `at('0s', together(${['bot', 'rival', 'bot', 'rival', 'bot', 'rival', 'bot', 'rival'].map((name) => `${name}.crashes()`).join(', ')}))`,
]);
