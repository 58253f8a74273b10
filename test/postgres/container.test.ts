/** A Postgres in a container, where there is a Docker engine; SEATPROOF_REQUIRE_CONTAINER=1 makes its absence a failure. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { LONG } from '../long.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openServer } from '../../src/postgres/server.ts';
import { PLAIN } from '../service/moments.ts';

const IMAGE = process.env['SEATPROOF_CONTAINER_IMAGE'];
const options = IMAGE === undefined ? {} : { image: IMAGE };

function engineAnswers(): boolean {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const runs = process.env['SEATPROOF_REQUIRE_CONTAINER'] === '1' || engineAnswers();
const why = runs ? '' : ' (skipped: no Docker engine answers; SEATPROOF_REQUIRE_CONTAINER=1 requires one)';

function containers(): readonly string[] {
  const list = execFileSync('docker', ['ps', '-aq', '--filter', 'label=seatproof.run'], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line !== '');
}

test.runIf(runs && LONG)(`a container serves a deployment, and is gone afterwards${why}`, async () => {
  const before = containers();
  const server = await openServer({ type: 'container' }, options);
  expect(server.kind).toBe('container');
  const deployment = await deployPostgres(server, PLAIN);
  await deployment.reset(['key']);
  const scope = { license: 'key', symbol: '' };
  expect(await deployment.service.status({ type: 'status', scope })).toMatchObject({ type: 'idle', retryAfter: 0 });
  await deployment.close();
  await server.close();
  await server.close();
  expect(containers()).toEqual(before);
});

test.runIf(runs && LONG)(`a run that is killed with SIGKILL leaves no container${why}`, async () => {
  const before = containers();
  const entry = new URL('server.child.ts', import.meta.url).pathname;
  const args = ['--conditions=seatproof-source', '--import', 'tsx', entry, 'container'];
  const child = spawn(process.execPath, [...args, ...(IMAGE === undefined ? [] : [IMAGE])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Our own guardian is to do it.
    env: { ...process.env, TESTCONTAINERS_RYUK_DISABLED: 'true' },
  });
  await once(child.stdout, 'data');
  expect(containers()).toHaveLength(before.length + 1);
  child.kill('SIGKILL');
  for (let i = 0; i < 100 && containers().length > before.length; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(containers()).toEqual(before);
});

test.skipIf(!runs)(`an image that cannot be had is named, with the remedy${why}`, async () => {
  const opening = openServer({ type: 'container' }, { image: 'seatproof.invalid/no-such-image:1' });
  await expect(opening).rejects.toThrow(
    `the image 'seatproof.invalid/no-such-image:1' is not here and cannot be pulled`,
  );
});
