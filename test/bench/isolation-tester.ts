/** Postgres's own player of interleavings, from the package that brings the server, on given orders of two logins. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Choice } from '../../src/search/race/schedule.ts';

/** Null where it is not installed. `postgres` is the path of the server program. */
export async function findIsolationTester(postgres: string): Promise<string | null> {
  const program = path.join(postgres, '../../lib/postgresql/pgxs/src/test/isolation/isolationtester');
  return access(program).then(
    () => program,
    () => null,
  );
}

interface Setting {
  readonly url: string;
  readonly schema: string;
  /** Left to itself it would try impossible orders too, and wait for the first of them until its limit of 300 s. */
  readonly orders: readonly (readonly Choice[])[];
}

/** How long it took, in milliseconds. */
export async function runIsolationTester(program: string, { url, schema, orders }: Setting): Promise<number> {
  const target = new URL(url);
  target.searchParams.set('options', `-c search_path=${schema},pg_catalog`);
  const child = spawn(program, [target.href.replaceAll('+', '%20')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, LD_LIBRARY_PATH: path.join(path.dirname(program), '../../../../..') },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const begun = performance.now();
  child.stdin.end(specOf(orders));
  const [code] = (await once(child, 'exit')) as [number | null];
  const ms = performance.now() - begun;
  const played = said.split('starting permutation').length - 1;
  if (code !== 0 || played !== orders.length) {
    throw new Error(
      `isolationtester played ${played} of ${orders.length} orders and ended with ${String(code)}:\n${said.slice(-500)}`,
    );
  }
  return ms;
}

/** The same statements, and the same reset before each order. */
function specOf(orders: readonly (readonly Choice[])[]): string {
  const session = (name: string, device: string): string => `
session ${name}
step ${name}1 { BEGIN; }
step ${name}2 { SELECT device FROM seats WHERE license = 'L1'; }
step ${name}3 { UPDATE seats SET device = '${device}' WHERE license = 'L1'; }
step ${name}4 { COMMIT; }`;
  const permutations = orders.map((order) => {
    const taken = [0, 0];
    const steps = order.map(({ actor }) => `${actor === 0 ? 'a' : 'b'}${(taken[actor] = (taken[actor] ?? 0) + 1)}`);
    // Who was refused said three statements of the four: BEGIN, the check, and COMMIT.
    const whole = steps.map((step) =>
      taken[step.startsWith('a') ? 0 : 1] === 3 && step.endsWith('3') ? `${step.charAt(0)}4` : step,
    );
    return `permutation ${whole.join(' ')}`;
  });
  return `setup { SELECT seatproof_race_reset(); }\n${session('a', 'laptop')}\n${session('b', 'desktop')}\n${permutations.join('\n')}\n`;
}
