/** A proxy in front of the shared server, and connections through it, closed when the test has finished. */
import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { Problem } from '../../src/wire/problem.ts';
import { openProxy, type ProxyOptions, type WireProxy } from '../../src/wire/proxy.ts';
import type { Controller, Release, WireReply, WireStep } from '../../src/wire/step.ts';
import { sharedServer } from '../postgres/shared-server.ts';

export interface TestProxy extends WireProxy {
  readonly problems: readonly Problem[];
}

export async function throughProxy(options: Partial<ProxyOptions> = {}): Promise<TestProxy> {
  const problems: Problem[] = [];
  const url = options.url ?? (await sharedServer()).url;
  const proxy = await openProxy({ onProblem: (problem) => problems.push(problem), ...options, url });
  onTestFinished(() => proxy.close());
  return {
    get url() {
      return proxy.url;
    },
    get connections() {
      return proxy.connections;
    },
    connect: (outside) => proxy.connect(outside),
    close: () => proxy.close(),
    problems,
  };
}

export async function clientOf(url: string, config: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, ...config });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

/** A controller that writes down what it sees, and releases each step as `decide` says. */
export class Recorder implements Controller {
  readonly steps: WireStep[] = [];
  readonly replies: WireReply[] = [];
  readonly #decide: (step: WireStep) => Release | Promise<Release>;

  constructor(decide: (step: WireStep) => Release | Promise<Release> = () => ({ type: 'forward' })) {
    this.#decide = decide;
  }

  onStep(step: WireStep): Release | Promise<Release> {
    this.steps.push(step);
    return this.#decide(step);
  }

  onReply(_: WireStep, reply: WireReply): void {
    this.replies.push(reply);
  }

  /** `extended idle: SELECT 1 | SELECT 2`, one for each step. */
  get seen(): readonly string[] {
    return this.steps.map(
      ({ kind, status, statements }) =>
        `${kind} ${status}: ${statements.map(({ text, executed }) => (executed ? text : `${text} (bound)`)).join(' | ')}`,
    );
  }
}

/** Fails the step whose text matches, once; all others are forwarded. */
export function once(pattern: RegExp, release: Release): (step: WireStep) => Release {
  let used = false;
  return ({ statements }) => {
    if (used || !statements.some(({ text }) => pattern.test(text))) return { type: 'forward' };
    used = true;
    return release;
  };
}
