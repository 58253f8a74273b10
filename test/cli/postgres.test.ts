/** `seatproof run` on a real Postgres. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { proxyTo } from '../postgres/proxy.ts';
import { FAILS, LASTS, PASSES, project, seatproof } from './seatproof.ts';
import { LONG } from '../long.ts';

test('plays on the model and on an embedded Postgres, and a failure on both is told once', async () => {
  const cwd = project({ 'scenarios/own/early.scenario.ts': FAILS, 'scenarios/own/start.scenario.ts': PASSES });
  const { code, stdout, stderr } = await seatproof(['run'], { cwd });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.match(/^✗ a rival/gm)).toHaveLength(1);
  expect(stdout).toContain('on model and postgres');
  expect(stdout).toMatch(/own +1 ✓ {2}1 ✗ +1 ✓ {2}1 ✗/);
  expect(readdirSync(path.join(cwd, 'reports', 'histories'))).toHaveLength(4);
});

test.runIf(LONG)(
  'a server that dies in the middle is an error of the surroundings, and no report is half-written',
  async () => {
    const { url } = await proxyTo(inject('postgresUrl'), 400);
    const cwd = project({
      'scenarios/a.scenario.ts': PASSES,
      'scenarios/b.scenario.ts': LASTS.replace('1900s', '20s'),
    });
    const { code, stderr } = await seatproof(['run', '--postgres', url], { cwd });
    expect({ code, stderr }).toMatchObject({ code: 3 });
    expect(stderr).toMatch(/^error: the connection to Postgres was lost during /);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr).not.toContain(new URL(url).password);
    expect(existsSync(path.join(cwd, 'reports'))).toBe(false);
  },
);
