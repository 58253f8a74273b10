/** What every service must do: rules as tables whose rows are sentences, played on a deployment. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { Reply } from '../../src/core/reply.ts';
import { instant } from '../../src/core/time.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import type { SeatRow, StoreRefusal } from '../../src/history/history.ts';
import type { Deployment } from '../../src/service/port.ts';
import { send } from '../../src/service/send.ts';
import { RULES } from './rules.ts';

/** A moment of a rule: what is done at a time of the store's clock, and what must be answered. */
export type Moment =
  | { readonly type: 'command'; readonly at: number; readonly command: Command; readonly reply: Expected }
  | { readonly type: 'fault'; readonly at: number; readonly fault: StoreRefusal | null }
  | { readonly type: 'restart'; readonly at: number };

/** The type of the reply, and the fields that matter. */
export interface Expected {
  readonly type: Reply['type'];
  readonly [field: string]: unknown;
}

export interface Rule {
  readonly sentence: string;
  readonly policy: Policy;
  readonly moments: readonly Moment[];
}

/** The licenses that every rule begins with. */
const LICENSES = ['key-1', 'key-2'];

/** Runs every rule on deployments that `deploy` makes, one for each policy. */
export function conformance(deploy: (policy: Policy) => Promise<Deployment>): void {
  const policies = [...new Set(RULES.flatMap(({ rules }) => rules.map(({ policy }) => policy)))];
  const deployments = new Map<Policy, Deployment>();
  beforeAll(async () => {
    for (const policy of policies) deployments.set(policy, await deploy(policy));
  });
  afterAll(async () => {
    // Twice, because a second time must not harm.
    for (const deployment of [...deployments.values(), ...deployments.values()]) await deployment.close();
  });
  const rows = RULES.flatMap(({ about, rules }) => rules.map((rule) => [about, rule.sentence, rule] as const));
  test.each(rows)('%s: %s', async (_about, _sentence, { policy, moments }) => {
    const deployment = deployments.get(policy);
    if (deployment === undefined) throw new Error('no deployment of this policy');
    const { alone } = deployment;
    // One by one, and in one go where the deployment can do that.
    for (const inOneGo of alone === undefined ? [null] : [null, alone]) {
      await deployment.reset(LICENSES);
      expect(await deployment.held()).toEqual([]);
      for (const moment of moments) await play(deployment, moment, inOneGo);
      await deployment.fault(null);
    }
  });
}

async function play(deployment: Deployment, moment: Moment, inOneGo: Deployment['alone'] | null): Promise<void> {
  const now = instant(moment.at);
  const before = await deployment.held();
  let reply: Reply | null;
  let after: readonly SeatRow[];
  if (moment.type === 'command' && inOneGo) {
    ({ reply, held: after } = await inOneGo(now, moment.command));
  } else {
    await deployment.setClock(now);
    reply = await act(deployment, moment);
    after = await deployment.held();
  }
  const wanted = moment.type === 'command' ? moment.reply : null;
  expect({ moment, reply }).toMatchObject({ moment, reply: wanted });
  expect({ moment, after }).toEqual({ moment, after: reply === null || changesNothing(reply) ? before : after });
  expectSane(after, before);
}

async function act(deployment: Deployment, moment: Moment): Promise<Reply | null> {
  switch (moment.type) {
    case 'command':
      return send(deployment.service, moment.command);
    case 'fault':
      await deployment.fault(moment.fault);
      return null;
    case 'restart':
      await deployment.restart();
      return null;
    default:
      return unreachable(moment);
  }
}

function changesNothing(reply: Reply): boolean {
  return (
    ['gone', 'failed', 'active', 'idle'].includes(reply.type) || (reply.type === 'refused' && reply.replaced === null)
  );
}

/** Rows are ordered, and no term goes back. */
function expectSane(after: readonly SeatRow[], before: readonly SeatRow[]): void {
  const keys = after.map(({ scope }) => `${scope.license}\0${scope.symbol}`);
  expect(keys).toEqual([...keys].sort());
  for (const { scope, seat } of before) {
    const same = after.find((row) => row.scope.license === scope.license && row.scope.symbol === scope.symbol);
    expect(same?.seat.term).toBeGreaterThanOrEqual(seat.term);
  }
}
