/** Whether a Docker engine answers, and has the image: asked over its socket. */
import { existsSync } from 'node:fs';
import { request, type RequestOptions } from 'node:http';
import { homedir } from 'node:os';
import path from 'node:path';
import type { CheckOutcome } from './checks.ts';

/** An engine that has not answered by then is taken for dead. */
const LIMIT_MS = 5_000;

export async function lookAtDocker(image: string): Promise<CheckOutcome> {
  try {
    const engine = engineAt(process.env['DOCKER_HOST']);
    const version = await get(engine, '/version');
    const has = (await get(engine, `/images/${encodeURIComponent(image)}/json`)).status === 200;
    return {
      ok: version.status === 200,
      found: `Docker ${versionIn(version.body)} answers; the image ${image} is ${has ? 'there' : 'not there yet'}`,
      remedy: has ? null : `docker pull ${image}, or name one that is there with --image`,
    };
  } catch (error) {
    return missing(error instanceof Error ? error.message : String(error));
  }
}

type Engine = Pick<RequestOptions, 'socketPath' | 'host' | 'port'>;

/** Where DOCKER_HOST says, otherwise at the first of the sockets that engines make. Throws where there is none. */
function engineAt(dockerHost: string | undefined): Engine {
  if (dockerHost === undefined || dockerHost === '') return { socketPath: socketOfEngine() };
  const local = /^(?:unix|npipe):\/\/(.+)$/.exec(dockerHost);
  if (local?.[1] !== undefined) return { socketPath: local[1] };
  const remote = /^(?:tcp|http):\/\/([^/:]+)(?::(\d+))?/.exec(dockerHost);
  if (remote?.[1] === undefined) throw new Error(`DOCKER_HOST is '${dockerHost}', which doctor cannot ask`);
  return { host: remote[1], port: remote[2] ?? '2375' };
}

function socketOfEngine(): string {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const sockets = [
    process.platform === 'win32' ? '//./pipe/docker_engine' : '/var/run/docker.sock',
    ...(runtime === undefined ? [] : [path.join(runtime, 'docker.sock')]),
    path.join(homedir(), '.docker', 'run', 'docker.sock'),
    path.join(homedir(), '.docker', 'desktop', 'docker.sock'),
  ];
  const socket = sockets.find((each) => existsSync(each));
  if (socket === undefined) throw new Error('there is no socket of an engine, and DOCKER_HOST is not set');
  return socket;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function get(engine: Engine, url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ ...engine, path: url, timeout: LIMIT_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${LIMIT_MS / 1000} s`)));
    sent.on('error', reject);
    sent.end();
  });
}

function versionIn(body: string): string {
  try {
    const { Version } = JSON.parse(body) as { readonly Version?: unknown };
    return typeof Version === 'string' ? Version : 'of an unknown version';
  } catch {
    return 'of an unknown version';
  }
}

function missing(reason: string): CheckOutcome {
  return {
    ok: false,
    found: `no Docker engine answers (${reason}); only --postgres container needs one`,
    remedy: 'install Docker from https://docs.docker.com/engine/install and start it, or set DOCKER_HOST',
  };
}
