/** Small changes to a design, so that a mistake or a mend is written down and nothing else is. */
import type { ClientConfig } from '../core/client.ts';
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint } from '../core/seat.ts';
import type { Host, Procedure } from '../service/procedure.ts';
import { REQUESTS, serverOf, type Design, type RequestName } from './design.ts';
import { orFailed, ruleServer, type Rule } from './reference.ts';

export function renamed(design: Design, name: string, about: string): Design {
  return { ...design, name, about };
}

/** Every client of it is changed in this. */
export function withClient(design: Design, changes: Partial<ClientConfig>): Design {
  return { ...design, client: (actor) => ({ ...design.client(actor), ...changes }) };
}

/** Its service does not have these requests. */
export function withoutRequests(design: Design, ...absent: readonly RequestName[]): Design {
  const has = design.requests ?? new Set(REQUESTS);
  return { ...design, requests: new Set([...has].filter((request) => !absent.includes(request))) };
}

/** The same system as SQL, beside its server in a world. */
export function withSql(design: Design, sql: NonNullable<Design['sql']>): Design {
  return { ...design, sql };
}

/** Another server. The SQL of the design, if any, no longer does the same, so it is left out. */
export function withServer(design: Design, serve: NonNullable<Design['serve']>): Design {
  return { ...design, keepsRule: false, sql: null, serve };
}

/** Its servers follow another rule, in one atomic statement a command. */
export function withRule(design: Design, ruleOf: (host: Host) => Rule): Design {
  return withServer(design, (host) => ruleServer(ruleOf(host), host));
}

/** How a server carries out some of the commands. */
export type Commands = {
  readonly [T in Command['type']]?: (
    command: Extract<Command, { type: T }>,
    caller: Fingerprint | null,
  ) => Procedure<Reply>;
};

/** Its servers carry out these commands in their own way, and all others as before. */
export function withCommands(design: Design, commandsOf: (host: Host) => Commands): Design {
  return withServer(design, (host) => {
    const process = serverOf(design)(host);
    const commands = commandsOf(host);
    return {
      ...process,
      handle: (command, caller) => {
        const own = commands[command.type] as ((c: Command, by: Fingerprint | null) => Procedure<Reply>) | undefined;
        return own === undefined ? process.handle(command, caller) : orFailed(own(command, caller));
      },
    };
  });
}
