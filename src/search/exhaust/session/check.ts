/** Checks a design: every state of a small world around its rules, and how long what should not last can last. */
import type { ClientConfig } from '../../../core/client.ts';
import type { Policy } from '../../../core/policy.ts';
import { UsageError } from '../../../core/failures.ts';
import { milliseconds, type Duration } from '../../../core/time.ts';
import type { Design } from '../../../designs/design.ts';
import type { Bounds } from '../bounds.ts';
import { exhaust } from '../exhaust.ts';
import type { Outcome, Progress, Trace } from '../outcome.ts';
import { gridOf, type Grid } from './grid.ts';
import { serverRuleOf } from './server-rule.ts';
import { mostUnits, type Count } from './lasting.ts';
import type { FaultKind } from './scene.ts';
import { sessionModel, type SessionModel } from './session-model.ts';

export interface SessionOptions {
  readonly devices: number;
  readonly launcher: boolean;
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  /** Null: the greatest that suits the policy. */
  readonly unit: Duration | null;
  /** Of a message that is late. Null: the request timeout. */
  readonly latency: Duration | null;
  /** How long devices may work at once. */
  readonly allowed: Duration;
  /** In place of the design's own figures. */
  readonly figures?: Partial<Figures>;
  readonly bounds: Partial<Bounds>;
  readonly onProgress?: (progress: Progress) => void;
}

/** What `solve` looks for. */
export interface Figures {
  readonly fence: Duration;
  readonly timeout: Duration;
  /** After a takeover. */
  readonly grace: Duration;
}

export interface SessionCheck {
  readonly grid: Grid;
  readonly abstracted: readonly string[];
  readonly model: SessionModel;
  readonly outcome: Outcome;
}

/** Whether devices can work at once for longer than allowed. */
export async function checkSessions(design: Design, options: SessionOptions): Promise<SessionCheck> {
  return search(design, options, options.allowed, []);
}

/** The longest that something lasts; `isBounded` is false where counting stopped before it did. */
export interface Longest {
  readonly what: Count;
  readonly lasts: Duration;
  readonly isBounded: boolean;
  readonly trace: Trace | null;
  readonly check: SessionCheck;
}

/** The longest that one thing can last within these bounds. */
export async function measureSessions(design: Design, options: SessionOptions, what: Count): Promise<Longest> {
  const check = await search(design, options, null, [what]);
  const law = check.outcome.laws.at(-1);
  const units = law?.largest ?? 0;
  return {
    what,
    lasts: milliseconds(units * check.grid.unit),
    isBounded: units < mostUnits(check.grid),
    trace: law?.trace ?? null,
    check,
  };
}

/** The policy and the client of a design on a grid of time, with the figures that are asked for. */
export function gridFor(design: Design, options: SessionOptions): Grid {
  const { fence, timeout, grace } = options.figures ?? {};
  const own = design.policy;
  const policy: Policy = {
    ...own,
    fence: fence ?? own.fence,
    timeout: timeout ?? own.timeout,
    grace: { ...own.grace, afterTakeover: grace ?? own.grace.afterTakeover },
  };
  const given = clientFor(design);
  const client: ClientConfig = { ...given, fence: fence ?? given.fence };
  return gridOf(policy, client, options.unit, options.latency);
}

async function search(
  design: Design,
  options: SessionOptions,
  allowed: Duration | null,
  counts: readonly Count[],
): Promise<SessionCheck> {
  const { devices, launcher, faults, kinds, bounds, onProgress } = options;
  const grid = gridFor(design, options);
  const rule = serverRuleOf(design, grid.policy);
  const model = sessionModel({
    name: design.name,
    grid,
    rule,
    devices,
    launcher,
    faults,
    kinds,
    allowed,
    counts,
  });
  const outcome = await exhaust(model, { ...bounds, ...(onProgress === undefined ? {} : { onProgress }) });
  const walls = grid.client.clock === 'wall' ? ['nobody sets the clock on the wall'] : [];
  const jobs = design.tidies === undefined ? [] : ['the job that only tidies up never runs'];
  return { grid, abstracted: [...grid.abstracted, ...walls, ...jobs, ...ALWAYS_ABSTRACTED], model, outcome };
}

const ALWAYS_ABSTRACTED = [
  'a command runs on the server in one piece, and the store keeps what it has',
  'a message that is not late takes no time that counts',
  'a fault costs one of those allowed; users start whenever they like, and stop at the cost of a fault',
];

function clientFor(design: Design): ClientConfig {
  const [first, ...others] = ['laptop', 'desktop'].map((device) => design.client({ name: device, device }));
  if (first === undefined || others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
    throw new UsageError(`the clients of ${design.name} differ from device to device, which this search does not know`);
  }
  return first;
}
