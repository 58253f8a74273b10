/** P0 in the search of every state: which errors and replies break it, and that the counterexample repeats in the world. */
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/core/command.ts';
import { recommended } from '../../../../src/core/presets/recommended.ts';
import { NO_TIME, seconds } from '../../../../src/core/time.ts';
import type { Design } from '../../../../src/designs/design.ts';
import type { ServiceHost } from '../../../../src/designs/service-host.ts';
import { design } from '../../../../src/designs/written.ts';
import { breachIn, checkSessions } from '../../../../src/search/exhaust/session/check.ts';
import type { FaultKind } from '../../../../src/search/exhaust/session/faults.ts';
import { replay } from '../../../../src/search/exhaust/session/replay/replay.ts';
import { solve } from '../../../../src/search/exhaust/session/solve.ts';
import { referenceService } from '../../../../src/service/reference.ts';
import { send } from '../../../../src/service/send.ts';
import { optionsFor } from './options.ts';

type Fails = (command: Command, host: ServiceHost) => unknown;

const SWEPT = { ...recommended, cleanUp: { type: 'swept', every: seconds(60) } } as const;

/** The reference service, except where `fails` throws or returns a value to reply with. */
function failing(fails: Fails, errors: readonly string[] = []): Design {
  return design({
    name: 'mine',
    policy: SWEPT,
    errors,
    serve: (host) => {
      const right = referenceService(host.seats, host.policy, host.storeNow);
      const asked = (command: Command): never => (fails(command, host) ?? send(right, command)) as never;
      return { start: asked, heartbeat: asked, end: asked, status: asked, sweep: asked };
    },
  });
}

const throwsOn =
  (type: Command['type'], error: unknown): Fails =>
  (command) => {
    if (command.type === type) throw error;
    return undefined;
  };

/** The age of the session that a command is about, by the clock of the store. */
function ageIn({ seats, storeNow }: ServiceHost, command: Command): number {
  const standing = 'scope' in command ? seats.read(command.scope).latest?.standing : undefined;
  return standing?.type === 'held' ? storeNow() - standing.lastHeartbeat : 0;
}

describe('the search reports a request that is not answered, by the shortest way to it', () => {
  it.each<{ says: string; fails: Fails; kinds?: readonly FaultKind[]; finding: object }>([
    {
      says: 'an error on the first start',
      fails: throwsOn('start', new TypeError('no row')),
      finding: { message: expect.stringMatching(/^a start of laptop ended in an error/), why: 'no row' },
    },
    {
      says: 'an error on a start that would be refused',
      fails: (command, { seats }) => {
        if (command.type !== 'start') return undefined;
        const { latest } = seats.read(command.scope);
        if (latest !== null && latest.device !== command.device) throw new TypeError('no device');
        return undefined;
      },
      finding: { message: expect.stringMatching(/^a start of desktop ended in an error/), why: 'no device' },
    },
    {
      says: 'an invalid reply to a heartbeat',
      fails: ({ type }) => (type === 'heartbeat' ? { type: 'renewed', expiry: 'soon' } : undefined),
      finding: {
        message: 'the service answered a heartbeat of laptop with an invalid reply',
        why: expect.stringMatching(/^expiry is 'soon'; it must be/),
      },
    },
    {
      says: 'an error on a heartbeat that comes late, and a failure of the store before',
      fails: (command, host) => {
        if (command.type !== 'heartbeat') return undefined;
        if (ageIn(host, command) >= 2 * SWEPT.heartbeat) throw new RangeError('too old');
        return { type: 'failed', why: 'store' };
      },
      finding: { message: expect.stringMatching(/^a heartbeat of laptop ended in an error/), why: 'too old' },
    },
    {
      says: 'an error on an end',
      fails: throwsOn('end', undefined),
      kinds: ['stop'],
      finding: { message: expect.stringMatching(/^an end of laptop ended in an error/) },
    },
    {
      says: 'an error in the clean-up job',
      fails: throwsOn('sweep', new Error('no table')),
      finding: { message: expect.stringMatching(/ended in an error/), why: 'no table' },
    },
    {
      says: 'an invalid reply where the store fails',
      fails: (command, { seats }) => {
        if (command.type === 'sweep') return undefined;
        try {
          seats.read(command.scope);
          return undefined;
        } catch {
          return { status: 503 };
        }
      },
      kinds: ['store-failure'],
      finding: { message: expect.stringMatching(/with an invalid reply$/) },
    },
  ])('$says', async ({ fails, kinds = [], finding }) => {
    const mine = failing(fails);
    const found = await checkSessions(mine, optionsFor(kinds));
    const breach = breachIn(found);
    expect(breach?.name).toBe('service answers');
    const replayed = await replay(mine, found.grid, found.model, breach!, NO_TIME);
    expect(replayed?.finding).toMatchObject({ title: 'P0 service answers', ...finding });
  });
});

it.each<{ says: string; mine: Design; kinds: readonly FaultKind[] }>([
  {
    says: 'an error that the design declares',
    mine: failing(throwsOn('heartbeat', Object.assign(new Error('deadlock'), { code: '40P01' })), ['40P01']),
    kinds: [],
  },
  {
    says: 'an error that wraps that of a store which was made to fail',
    mine: failing((command, { seats }) => {
      try {
        if (command.type !== 'sweep') seats.read(command.scope);
      } catch (error) {
        throw new Error('no session could be read', { cause: error });
      }
      return undefined;
    }),
    kinds: ['store-failure'],
  },
])('keeps P0 on $says', async ({ mine, kinds }) => {
  const { outcome } = await checkSessions(mine, optionsFor(kinds));
  expect(outcome.laws[0]).toMatchObject({ name: 'service answers', outcome: 'kept' });
});

it('judges P0 of services alone, because a rule of core answers always', async () => {
  const { outcome } = await checkSessions(design({ name: 'figures', policy: recommended }), optionsFor([]));
  expect(outcome.laws.map(({ name }) => name)).not.toContain('service answers');
});

it('looks for no figure in a search that ended because the service did not answer', async () => {
  const solved = await solve(failing(throwsOn('heartbeat', new Error('no column'))), optionsFor([]), 'fence');
  expect(solved).toMatchObject({ found: null, isInconclusive: false, tried: [{}] });
  expect(breachIn(solved.unanswered!)?.name).toBe('service answers');
});
