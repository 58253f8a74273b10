/** A design as users write it: a policy, and a service that is given its time, its store and its random numbers. */
import { clientOf, type ClientConfig } from '../core/client.ts';
import { UsageError } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import { validatePolicy } from '../core/validate-policy.ts';
import type { SessionService } from '../service/port.ts';
import type { Design } from './design.ts';
import { promisedServer } from './promised-server.ts';
import type { ServiceHost } from './service-host.ts';

export interface DesignText {
  readonly name: string;
  readonly about?: string;
  /** What the service promises: its laws are judged by these figures. */
  readonly policy: Policy;
  /** How its clients differ from those that the policy wants: no fence, say, or one that gives up at the first failure. */
  readonly client?: Partial<ClientConfig>;
  /** Makes the service of one process of an app server. It is called again after each crash, and for each server. */
  readonly serve: (host: ServiceHost) => SessionService;
}

const EXAMPLE = `export default design({ name: 'my-service', policy: recommended, serve: (host) => new MyService(host) })`;

/** Throws `UsageError` for what is none. */
export function design(text: DesignText): Design {
  const given = text as Partial<Record<keyof DesignText, unknown>> | null | undefined;
  if (typeof given?.name !== 'string' || !/^[\w.-]{1,60}$/.test(given.name)) {
    throw new UsageError(`a design needs a name of letters, digits, dots and hyphens; write for example ${EXAMPLE}`);
  }
  if (typeof given.policy !== 'object' || given.policy === null || typeof given.serve !== 'function') {
    throw new UsageError(`a design needs a policy and a function serve; write for example ${EXAMPLE}`);
  }
  validatePolicy(text.policy);
  const config = { ...clientOf(text.policy), ...text.client };
  return {
    name: text.name,
    about: text.about ?? 'a service of your own',
    policy: text.policy,
    client: () => config,
    stores: ['database'],
    promises: null,
    resource: 'checks-terms',
    promised: true,
    serve: (host) => promisedServer(host, text.serve),
  };
}

/** Whether a value is what `design` returns. */
export function isDesign(value: unknown): value is Design {
  return typeof value === 'object' && value !== null && 'promised' in value && 'serve' in value && 'policy' in value;
}
