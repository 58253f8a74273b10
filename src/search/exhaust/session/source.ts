/** The session model of a design, as what it is asked for makes it; and where another thread finds it. */
import type { ClientConfig } from '../../../core/client.ts';
import { UsageError } from '../../../core/failures.ts';
import type { Policy } from '../../../core/policy.ts';
import type { Duration } from '../../../core/time.ts';
import type { Design } from '../../../designs/design.ts';
import { openDesign, type DesignSource } from '../../../scenario/design-source.ts';
import { refuseMissingRequests } from '../../../world/requests.ts';
import type { ModelSource } from '../source.ts';
import type { FaultKind } from './faults.ts';
import { gridOf, type Grid } from './grid.ts';
import { serverRuleOf } from './server-rule.ts';
import { sessionModel, type SessionModel } from './session-model.ts';
import type { Count } from './states/lasting.ts';

/** The world around a design. Plain data. */
export interface Surroundings {
  readonly devices: number;
  readonly launcher: boolean;
  readonly symbols: number;
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  /** Null: the greatest that suits the policy. */
  readonly unit: Duration | null;
  /** Of a message that is late. Null: the request timeout. */
  readonly latency: Duration | null;
  /** The largest rate error of any clock, as a fraction. Null: what the policy allows. */
  readonly drift: number | null;
  /** In place of the design's own figures. */
  readonly figures?: Partial<Figures>;
}

/** What `solve` looks for. */
export interface Figures {
  readonly fence: Duration;
  readonly timeout: Duration;
  /** After a takeover. */
  readonly grace: Duration;
}

/** How long devices may work at once, null where that is not judged; and what is counted besides. Plain data. */
export interface Asked {
  readonly allowed: Duration | null;
  readonly counts: readonly Count[];
}

export function sessionModelOf(
  design: Design,
  surroundings: Surroundings,
  asked: Asked,
): { readonly grid: Grid; readonly model: SessionModel } {
  const { devices, launcher, symbols, faults, kinds } = surroundings;
  if (symbols > 1 && design.policy.scope === 'license') {
    throw new UsageError(
      `${design.name} has one seat for the whole license (scope: 'license'), so that a second symbol makes no difference; leave out --symbols, or give a design with scope: 'license-and-symbol', for example --design s2-after`,
    );
  }
  refuseMissingRequests(design);
  const grid = gridFor(design, surroundings);
  const rule = serverRuleOf(design, grid.policy);
  const isService = design.promised === true;
  const world = { name: design.name, grid, isService, rule, devices, launcher, symbols, faults, kinds };
  return { grid, model: sessionModel({ ...world, ...asked }) };
}

export function modelSource(source: DesignSource, surroundings: Surroundings, asked: Asked): ModelSource {
  const { devices, launcher, symbols, faults, kinds, unit, latency, drift, figures = {} } = surroundings;
  const plain: Surroundings = { devices, launcher, symbols, faults, kinds, unit, latency, drift, figures };
  return { module: import.meta.url, name: sessionModelFrom.name, args: [source, plain, asked] };
}

/**
 * For the threads of a search, which find it by its name.
 *
 * @public
 */
export async function sessionModelFrom(
  source: DesignSource,
  surroundings: Surroundings,
  asked: Asked,
): Promise<SessionModel> {
  return sessionModelOf(await openDesign(source), surroundings, asked).model;
}

/** The policy and the client of a design on a grid of time, with the figures that are asked for. */
export function gridFor(design: Design, surroundings: Surroundings): Grid {
  const { fence, timeout, grace } = surroundings.figures ?? {};
  const own = design.policy;
  const policy: Policy = {
    ...own,
    clockDrift: surroundings.drift ?? own.clockDrift,
    fence: fence ?? own.fence,
    timeout: timeout ?? own.timeout,
    grace: { ...own.grace, afterTakeover: grace ?? own.grace.afterTakeover },
  };
  const given = clientFor(design);
  const client: ClientConfig = { ...given, fence: fence ?? given.fence };
  return gridOf(policy, client, surroundings.unit, surroundings.latency);
}

function clientFor(design: Design): ClientConfig {
  const [first, ...others] = ['laptop', 'desktop'].map((device) => design.client({ name: device, device }));
  if (first === undefined || others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
    throw new UsageError(`the clients of ${design.name} differ from device to device, which this search does not know`);
  }
  return first;
}
